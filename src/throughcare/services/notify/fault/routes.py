"""Asking for faults, and having them happen to requests of the Notify API."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.notify.fault import usecases
from throughcare.services.notify.fault.model import refusal
from throughcare.services.notify.fault.schemas import AddFault, FaultBody, Faults
from throughcare.services.notify.fault.views import FaultViews

INBOX_ROLES = ["ROLE_NOTIFY__INBOX"]
DROP = b"x-notify-drop"

router = Router(prefix="/faults", tag="Faults")


@router.get("", roles=INBOX_ROLES)
async def list_faults(ctx: Ctx) -> Faults:
    """The faults that are still to happen."""
    async with ctx.reading(FaultViews) as views:
        return Faults(faults=[FaultBody.model_validate(one) for one in await views.left()])


@router.post("", status=201, roles=INBOX_ROLES)
async def add_fault(body: AddFault, ctx: Ctx) -> FaultBody:
    """Let the next requests to the Notify API fail, wait or be cut off."""
    return FaultBody.model_validate(await usecases.add_fault(ctx.uow, body.fault()))


@router.delete("", status=204, roles=INBOX_ROLES)
async def clear_faults(ctx: Ctx) -> None:
    """Let nothing go wrong any more."""
    await usecases.clear_faults(ctx.uow)


async def suffer_faults(request: Request, ctx: Ctx) -> None:
    """Let a request wait or be refused, when that was asked for. Raises Refused."""
    async with ctx.reading(FaultViews) as views:
        request.state.faults = await views.kinds()
    if not request.state.faults:
        return
    fault = await usecases.use_fault(ctx.new_uow(), ["answer", "delay"])
    if fault is not None and fault.kind == "answer":
        raise refusal(fault)
    if fault is not None:
        await asyncio.sleep((fault.delay_ms or 0) / 1000)


async def drop_headers(request: Request, ctx: Ctx) -> dict[str, str]:
    """The header that has ``Dropping`` cut the connection, when that was asked for; none otherwise."""
    if "drop" not in request.state.faults or not await usecases.use_fault(ctx.new_uow(), ["drop"]):
        return {}
    return {DROP.decode(): "1"}


class Dropping:
    """Cuts the connection where a route asks for it by the header ``DROP``: the answer begins, never ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection. Raises ConnectionAbortedError, so that the server closes it."""
        dropped = False

        async def pass_on(message: Message) -> None:
            nonlocal dropped
            if message["type"] == "http.response.start" and any(name == DROP for name, _ in message["headers"]):
                dropped = True
                await send({**message, "headers": [(b"content-length", b"1000")]})
            if not dropped:
                await send(message)

        await self._app(scope, receive, pass_on)
        if dropped:
            raise ConnectionAbortedError("a fault was asked for")
