"""Looks caseworkers up."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import PeerUnavailable
from throughcare.ui.assignment.model import AWAY, UNKNOWN, Caseworker
from throughcare.ui.form import F, Sheet
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.views import optional


async def caller_as_caseworker(ctx: Context) -> Caseworker:
    """The person who asks, as somebody who can be assigned."""
    email = await optional(ctx.peer(Users, as_user=True).email(ctx.user.principal_name), None)
    return Caseworker.caller(ctx.user, email)


async def caseworker_with_email(ctx: Context, sheet: Sheet[F]) -> Caseworker | None:
    """Whom the email address of a form names; None when the form now says what is wrong with it."""
    try:
        found = await ctx.peer(Users, as_user=True).with_email(sheet.text("email"))
    except ServiceError as error:
        sheet.status = 503 if isinstance(error, PeerUnavailable) else 400
        sheet.refuse(AWAY, "email")
        return None
    if found is None:
        sheet.refuse(UNKNOWN, "email")
        return None
    return Caseworker.of(found)
