"""What ``/metrics`` measures at the moment of asking: depths, ages and connections.

What happens is counted where it happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from sqlalchemy import QueuePool, text

from throughcare.kit.db.database import Queries
from throughcare.kit.notify.measure import measure_open
from throughcare.kit.notify.settings import MailSettings
from throughcare.kit.runtime import Runtime
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.logs import get_logger

log = get_logger(__name__)

MEASURE_SECONDS = 2.0
PARKED = text("select count(*) from inbox where consumer = :consumer and parked_at is not null")


async def take_gauges(runtime: Runtime) -> None:
    """Bring the service's gauges up to date; one that cannot be measured within two seconds keeps its last value."""
    build = runtime.topology.build
    metrics.build_info.labels(build.version, build.commit).set(1)
    pool = runtime.database.engine.sync_engine.pool
    if isinstance(pool, QueuePool):
        metrics.db_pool_in_use.labels(runtime.name).set(pool.checkedout())
    measures = [_bounded("outbox", _outbox(runtime))]
    measures += [_bounded("queue", _queue(runtime, one.queue)) for one in runtime.consumers]
    if isinstance(runtime.settings, MailSettings):
        measures.append(_bounded("mail", measure_open(runtime)))
    if runtime.service.gauges is not None:
        measures.append(_bounded("service", runtime.service.gauges(runtime.context())))
    await asyncio.gather(*measures)


async def _bounded(what: str, measure: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(measure, MEASURE_SECONDS)
    except Exception as error:  # metrics are asked for most when something is wrong
        log.warning("a gauge was not measured", labels={"check": what, "error": type(error).__name__})


async def _outbox(runtime: Runtime) -> None:
    state = await runtime.relay.state()
    labels = (runtime.name, "domain_events")
    metrics.outbox_pending.labels(*labels).set(state.pending)
    metrics.outbox_dead.labels(*labels).set(state.dead)
    metrics.outbox_oldest_seconds.labels(*labels).set(state.oldest_seconds)


async def _queue(runtime: Runtime, queue: str) -> None:
    depth = await runtime.bus.depth(queue)
    for kind, count in (("visible", depth.visible), ("inflight", depth.inflight), ("dlq", depth.dead)):
        metrics.queue_messages.labels(queue, kind).set(count)
    metrics.queue_oldest_seconds.labels(queue, "visible").set(depth.oldest_seconds)
    async with runtime.database.reading(Queries) as queries:
        metrics.dlq_parked.labels(queue).set(await queries.count(PARKED.bindparams(consumer=queue)))
