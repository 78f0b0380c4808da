"""Who calls the Notify API, and how it says no.

Its routes are open for the kit: they carry Notify's own token instead of one of this system, and every one
of them depends on ``Sender``, which verifies it.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from throughcare.kit.clock import real_now
from throughcare.kit.web.context import Ctx
from throughcare.services.notify.account.model import Caller, identify
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.fault.routes import suffer_faults
from throughcare.services.notify.refusal.model import Refused
from throughcare.services.notify.settings import NotifySettings


async def _sender(request: Request, ctx: Ctx, _: Annotated[None, Depends(suffer_faults)]) -> Caller:
    accounts = load_accounts(ctx.secrets, ctx.settings(NotifySettings).callbacks)
    return identify(request.headers.get("authorization"), accounts, real_now())


Sender = Annotated[Caller, Depends(_sender)]


def account_base(request: Request) -> str:
    """The address under which the caller reached the API, for links in answers."""
    return str(request.base_url).rstrip("/")


async def on_refused(_: Request, error: Exception) -> Response:
    """A refusal as the Notify API writes it."""
    assert isinstance(error, Refused)
    return JSONResponse(error.body(), error.status)
