"""Handing in messages at the Notify API."""

from __future__ import annotations

from time import monotonic

from fastapi import Request
from fastapi.responses import JSONResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.notify.account.routes import Sender, account_base
from throughcare.services.notify.document.model import read_object
from throughcare.services.notify.fault.routes import drop_headers
from throughcare.services.notify.limit.model import RateLimits
from throughcare.services.notify.notification.jobs import timing
from throughcare.services.notify.settings import NotifySettings
from throughcare.services.notify.submission import usecases
from throughcare.services.notify.submission.schemas import accepted
from throughcare.services.notify.submission.usecases import Rules, Submission, refuse_letter
from throughcare.services.notify.template.store import load_templates

router = Router(prefix="/v2/notifications", tag="Notify API: sending")


@router.post("/email", public=True, status=201)
async def send_email(request: Request, sender: Sender, ctx: Ctx) -> JSONResponse:
    """Send an e-mail."""
    _take(request, sender)
    body = read_object(await request.body())
    submission = await usecases.send_email(ctx.uow, sender, body, _rules(ctx))
    return await _answer(submission, request, ctx)


@router.post("/sms", public=True, status=201)
async def send_sms(request: Request, sender: Sender, ctx: Ctx) -> JSONResponse:
    """Send a text."""
    _take(request, sender)
    body = read_object(await request.body())
    submission = await usecases.send_sms(ctx.uow, sender, body, _rules(ctx))
    return await _answer(submission, request, ctx)


@router.post("/letter", public=True, status=201)
async def send_letter(request: Request, sender: Sender) -> JSONResponse:
    """Letters are refused: no service here may send them."""
    _take(request, sender)
    read_object(await request.body())
    raise refuse_letter(sender)


def _take(request: Request, sender: Sender) -> None:
    limits = request.app.state.rate_limits
    assert isinstance(limits, RateLimits)
    limits.take(sender, monotonic())


def _rules(ctx: Ctx) -> Rules:
    settings = ctx.settings(NotifySettings)
    return Rules(load_templates(), settings.mode == "strict", timing(settings))


async def _answer(submission: Submission, request: Request, ctx: Ctx) -> JSONResponse:
    body = accepted(
        submission.notification,
        account_base(request),
        sender=submission.sender,
        sanitised=submission.sanitised,
    )
    return JSONResponse(body, 201, headers=await drop_headers(request, ctx))
