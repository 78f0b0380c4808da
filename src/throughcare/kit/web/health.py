"""The operational endpoints: open, bounded in time, and free of secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from time import monotonic

import httpx2
from fastapi import Request, Response
from sqlalchemy import text

from throughcare.kit.db.database import Queries
from throughcare.kit.messaging.bus import UnknownQueue
from throughcare.kit.runtime import Runtime
from throughcare.kit.telemetry import metrics
from throughcare.kit.web.router import Router

CHECK_SECONDS = 2.0
CACHE_SECONDS = 2.0
OUTBOX_LIMIT_SECONDS = 900
OUTBOX_ALERT_DETAILS = "oldestPendingSeconds"

Component = dict[str, object]
router = Router(tag="Operations", include_in_schema=False)


def _up(**details: object) -> Component:
    return {"status": "UP", "details": {name: str(value) for name, value in details.items()}}


def _down(**details: object) -> Component:
    return {"status": "DOWN", "details": {name: str(value) for name, value in details.items()}}


@router.get("/ping", public=True)
@router.get("/health/ping", public=True)
@router.get("/health/liveness", public=True)
async def ping() -> dict[str, str]:
    """The process answers."""
    return {"status": "UP"}


@router.get("/health/readiness", public=True)
async def readiness(request: Request, response: Response) -> dict[str, str]:
    """Whether requests should be sent here: started, database reachable, not draining."""
    runtime: Runtime = request.app.state.runtime
    database = await _bounded(_database(runtime))
    fit = runtime.ready and not runtime.draining and database["status"] == "UP"
    response.status_code = 200 if fit else 503
    return {"status": "UP" if fit else "DOWN"}


@router.get("/health", public=True)
async def health(request: Request, response: Response) -> Mapping[str, object]:
    """Every component, checked at once, none for longer than two seconds; the answer is kept for two seconds."""
    runtime: Runtime = request.app.state.runtime
    held: tuple[float, Mapping[str, object]] | None = getattr(request.app.state, "health", None)
    if held is None or monotonic() - held[0] > CACHE_SECONDS:
        held = (monotonic(), await _check(runtime))
        request.app.state.health = held
    response.status_code = 200 if held[1]["status"] == "UP" else 503
    return held[1]


@router.get("/info", public=True)
async def info(request: Request) -> Mapping[str, object]:
    """What this is and since when it runs."""
    runtime: Runtime = request.app.state.runtime
    return {
        "build": {"name": runtime.name, "version": runtime.topology.version, "artifact": "throughcare"},
        "git": {"branch": "main"},
        "productId": "UNASSIGNED",
        "uptime": round(monotonic() - runtime.started_at, 3),
        "clock": {"now": runtime.clock.now().isoformat(), "settable": runtime.clock.settable},
    }


@router.get("/metrics", public=True)
async def prometheus(request: Request) -> Response:
    """Metrics in Prometheus's text form; deployments do not expose this path."""
    await _gauges(request.app.state.runtime)
    return Response(metrics.render(), media_type=metrics.CONTENT_TYPE)


async def _check(runtime: Runtime) -> Mapping[str, object]:
    checks: dict[str, Awaitable[Component]] = {"db": _database(runtime), "outbox-health": _outbox(runtime)}
    if runtime.name != "auth":
        checks["hmppsAuth"] = _auth(runtime)
    for consumer in runtime.consumers:
        checks[f"{consumer.queue}-health"] = _queue(runtime, consumer.queue)
    results = await asyncio.gather(*(_bounded(check) for check in checks.values()))
    components: dict[str, Component] = dict(zip(checks, results, strict=True))
    components["healthInfo"] = _up(version=runtime.topology.version)
    fit = all(one["status"] == "UP" for one in components.values())
    return {
        "status": "UP" if fit else "DOWN",
        "components": components,
        "groups": ["liveness", "readiness"],
        "uptime": round(monotonic() - runtime.started_at, 3),
        "version": runtime.topology.version,
    }


async def _bounded(check: Awaitable[Component]) -> Component:
    try:
        return await asyncio.wait_for(check, CHECK_SECONDS)
    except Exception as error:  # whatever is wrong with it, the component is down
        return _down(error=type(error).__name__)


async def _database(runtime: Runtime) -> Component:
    started = monotonic()
    async with runtime.database.reading(Queries) as queries:
        await queries.scalar(text("select 1"))
    return _up(milliseconds=round((monotonic() - started) * 1000))


async def _outbox(runtime: Runtime) -> Component:
    state = await runtime.relay.state()
    details = {"pending": state.pending, OUTBOX_ALERT_DETAILS: round(state.oldest_seconds), "dead": state.dead}
    return _down(**details) if state.oldest_seconds > OUTBOX_LIMIT_SECONDS else _up(**details)


async def _auth(runtime: Runtime) -> Component:
    try:
        response = await runtime.gateway.client("auth").get("/health/ping", timeout=CHECK_SECONDS)
    except httpx2.TransportError as error:
        return _down(error=type(error).__name__)
    return (_up if response.status_code == 200 else _down)(status=response.status_code)


async def _queue(runtime: Runtime, queue: str) -> Component:
    try:
        depth = await runtime.bus.depth(queue)
    except UnknownQueue:
        return _down(queueName=queue, dlqStatus="DOWN")
    return _up(
        queueName=queue, messagesOnQueue=depth.visible, messagesInFlight=depth.inflight,
        dlqName=f"{queue}_dlq", dlqStatus="UP", messagesOnDlq=depth.dead,
    )  # fmt: skip


async def _gauges(runtime: Runtime) -> None:
    state = await runtime.relay.state()
    metrics.outbox_pending.labels(runtime.name, "domain_events").set(state.pending)
    metrics.outbox_oldest_seconds.labels(runtime.name, "domain_events").set(state.oldest_seconds)
    for consumer in runtime.consumers:
        depth = await runtime.bus.depth(consumer.queue)
        for kind, count in (("visible", depth.visible), ("inflight", depth.inflight), ("dlq", depth.dead)):
            metrics.queue_messages.labels(consumer.queue, kind).set(count)
        metrics.queue_oldest_seconds.labels(consumer.queue, "visible").set(depth.oldest_seconds)
