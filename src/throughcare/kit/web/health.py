"""The operational endpoints: open, bounded in time, and free of secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from time import monotonic

import httpx2
from fastapi import FastAPI, Request, Response
from sqlalchemy import text

from throughcare.kit.db.database import Queries
from throughcare.kit.messaging.bus import UnknownQueue
from throughcare.kit.runtime import Runtime
from throughcare.kit.telemetry import metrics
from throughcare.kit.web.gauges import take_gauges
from throughcare.kit.web.router import Router

CHECK_SECONDS = 2.0
CACHE_SECONDS = 2.0
OUTBOX_LIMIT_SECONDS = 900
REVISION = text("select version_num from alembic_version")

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
    """Whether requests should be sent here: started, database reachable, its schema new enough, not draining."""
    runtime: Runtime = request.app.state.runtime
    fit = runtime.ready and not runtime.draining and (await _bounded(_schema(runtime)))["status"] == "UP"
    response.status_code = 200 if fit else 503
    return {"status": "UP" if fit else "DOWN"}


@router.get("/health", public=True)
async def health(request: Request, response: Response) -> Mapping[str, object]:
    """Every component, checked at once, none for longer than two seconds; the answer is kept for two seconds."""
    found = await _recent(request.app, request.app.state.runtime)
    response.status_code = 200 if found["status"] == "UP" else 503
    return found


@router.get("/info", public=True)
async def info(request: Request) -> Mapping[str, object]:
    """What this is and since when it runs."""
    runtime: Runtime = request.app.state.runtime
    build = runtime.topology.build
    return {
        "build": {"name": runtime.name, "version": build.version, "artifact": "throughcare", "time": build.time},
        "git": {"branch": build.branch, "commit": {"id": build.commit}},
        "productId": build.product_id,
        "uptime": round(monotonic() - runtime.started_at, 3),
        "clock": {"now": runtime.clock.now().isoformat(), "settable": runtime.clock.settable},
    }


@router.get("/metrics", public=True)
async def prometheus(request: Request) -> Response:
    """Metrics in Prometheus's text form; deployments do not expose this path."""
    await take_gauges(request.app.state.runtime)
    return Response(metrics.render(), media_type=metrics.CONTENT_TYPE)


async def _recent(app: FastAPI, runtime: Runtime) -> Mapping[str, object]:
    """The last answer while it is fresh, else a new one that all who ask meanwhile share."""
    if not hasattr(app.state, "health"):
        app.state.health_lock, app.state.health = asyncio.Lock(), (-CACHE_SECONDS, {})
    async with app.state.health_lock:
        checked_at, found = app.state.health
        if monotonic() - checked_at >= CACHE_SECONDS:
            found = await _check(runtime)
            app.state.health = (monotonic(), found)
    answer: Mapping[str, object] = found
    return answer


async def _check(runtime: Runtime) -> Mapping[str, object]:
    checks: dict[str, Awaitable[Component]] = {"db": _database(runtime), "outbox-health": _outbox(runtime)}
    if runtime.name != "auth":
        checks["hmppsAuth"] = _auth(runtime)
    for consumer in runtime.consumers:
        checks[f"{consumer.queue}-health"] = _queue(runtime, consumer.queue)
    for topic in sorted({event.topic for event in runtime.service.publishes}):
        checks[f"{topic}-health"] = _topic(runtime, topic)
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


async def _schema(runtime: Runtime) -> Component:
    from throughcare.kit.db.migrate import head

    async with runtime.database.reading(Queries) as queries:
        at = await queries.scalar(REVISION)
    return (_up if str(at) >= head(runtime.service) else _down)(revision=at)


async def _outbox(runtime: Runtime) -> Component:
    state = await runtime.relay.state()
    details = {"pending": state.pending, "oldestPendingSeconds": round(state.oldest_seconds), "dead": state.dead}
    return _down(**details) if state.oldest_seconds > OUTBOX_LIMIT_SECONDS else _up(**details)


async def _auth(runtime: Runtime) -> Component:
    try:
        response = await runtime.gateway.client("auth").get("/health/ping", timeout=CHECK_SECONDS)
    except httpx2.RequestError as error:
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


async def _topic(runtime: Runtime, topic: str) -> Component:
    try:
        known = await runtime.bus.subscriptions(topic)
    except UnknownQueue:
        return _down(topicName=topic)
    return _up(topicName=topic, subscriptionsConfirmed=known.confirmed, subscriptionsPending=known.pending)
