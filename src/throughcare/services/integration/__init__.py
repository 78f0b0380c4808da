"""Integration: tells outside bodies of every change that concerns them, and only of those."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from throughcare.kit.inbox.reactions import subscription
from throughcare.kit.jobs.schedule import Job, every
from throughcare.kit.service import Service, Worker
from throughcare.services.integration.change.reactions import on_changed
from throughcare.services.integration.delivery.jobs import clean, publish
from throughcare.services.integration.delivery.usecases import finish
from throughcare.services.integration.dev.seeds import register_demonstration
from throughcare.services.integration.oversight.usecases import measure
from throughcare.services.integration.settings import IntegrationSettings

if TYPE_CHECKING:
    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.integration.consumer import routes as consumer
    from throughcare.services.integration.explanation import routes as explanation
    from throughcare.services.integration.feed import routes as feed
    from throughcare.services.integration.mailbox import routes as mailbox
    from throughcare.services.integration.oversight import routes as oversight
    from throughcare.services.integration.replay import routes as replay

    return [one.router for one in (oversight, consumer, replay, explanation, mailbox, feed)]


@asynccontextmanager
async def _lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """The demonstration's consumers are there before the first event; what is being sent is confirmed at the end."""
    await register_demonstration(runtime)
    yield
    await finish(runtime.context())


SERVICE = Service(
    name="integration",
    path="/integration-api",
    title="Integration API",
    routers=_routers,
    settings=IntegrationSettings,
    subscriptions=[subscription("integration", [on_changed], body_decides=True)],
    jobs=[Job("forget-delivered", every(hours=1), clean)],
    workers=[Worker("publish", publish)],
    client_roles=("ROLE_PROBATION_API__HMPPS_API__CASE_DETAIL", "ROLE_PRISONER_SEARCH__PRISONER__RO"),
    lifespan=_lifespan,
    gauges=measure,
)
