"""A stand-in for GOV.UK Notify: the API that its clients speak, and an inbox instead of a postman."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from throughcare.kit.errors import CannotStart
from throughcare.kit.jobs.schedule import Job, every
from throughcare.kit.service import Service, Worker
from throughcare.services.notify.callback.jobs import send_callbacks
from throughcare.services.notify.notification.jobs import forget_old, run_status_clock
from throughcare.services.notify.settings import NotifySettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router


class StandInRefused(CannotStart):
    """The stand-in does not run in production, where messages must reach people."""


@asynccontextmanager
async def _lifespan(runtime: Runtime) -> AsyncIterator[None]:
    """Refuse production, and templates or accounts that cannot work, before anything is served."""
    from throughcare.services.notify.account.store import load_accounts
    from throughcare.services.notify.template.store import load_templates

    if runtime.topology.environment == "prod":
        raise StandInRefused(
            "notify is a stand-in and sends nothing: leave it out in production, and point "
            "THROUGHCARE_PEER_URLS at https://api.notifications.service.gov.uk"
        )
    load_templates()
    settings = runtime.settings
    assert isinstance(settings, NotifySettings)
    load_accounts(runtime.topology.secrets, settings.callbacks)
    yield


def _routers() -> Sequence[Router]:
    from throughcare.services.notify.fault.routes import router as faults
    from throughcare.services.notify.inbox.routes import router as inbox
    from throughcare.services.notify.notification.routes import router as messages
    from throughcare.services.notify.submission.routes import router as sending
    from throughcare.services.notify.template.routes import router as templates

    return [sending, messages, templates, inbox, faults]


def _customise(app: FastAPI, runtime: Runtime) -> None:
    from throughcare.services.notify.account.routes import on_refused
    from throughcare.services.notify.fault.routes import Dropping
    from throughcare.services.notify.limit.model import RateLimits
    from throughcare.services.notify.refusal.model import Refused

    assert isinstance(runtime.settings, NotifySettings)
    app.state.rate_limits = RateLimits(runtime.settings.rate_per_minute)
    app.add_exception_handler(Refused, on_refused)
    app.add_middleware(Dropping)


SERVICE = Service(
    name="notify",
    path="/notify",
    title="GOV.UK Notify stand-in",
    routers=_routers,
    settings=NotifySettings,
    jobs=[Job("forget-old", every(minutes=10), forget_old)],
    workers=[Worker("status-clock", run_status_clock), Worker("send-callbacks", send_callbacks)],
    lifespan=_lifespan,
    customise=_customise,
)
