"""Sending a message about a referral again, after it reached nobody, for both sides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.message.usecases import send_again
from throughcare.ui.page import done
from throughcare.ui.referral.model import SIDES, Side

router = Router(tag="Messages about referrals", include_in_schema=False)


def _again(side: Side) -> Callable[..., Awaitable[Response]]:
    async def again(request: Request, ctx: Ctx, referral_id: UUID, message_id: UUID) -> Response:
        """Send it once more, however often the button is pressed."""
        return done(request, side.of(referral_id), await send_again(ctx, referral_id, message_id))

    return again


for each in SIDES:
    path = f"/{each.value}/referrals/{{referral_id}}/messages/{{message_id}}/send-again"
    router.post(path, roles=each.roles, status=303)(_again(each))
