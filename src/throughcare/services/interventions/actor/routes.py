"""Who is signed in, as this service knows them."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import GATE, actor_of
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.actor.usecases import note_caller
from throughcare.services.interventions.refusal.model import AccessDenied

router = Router(tag="Users")


@router.post("/intervention/user", roles=GATE, errors=[AccessDenied])
async def note_user(ctx: Ctx) -> AuthUser:
    """Make the caller known, for whoever names them later; the token says all."""
    return AuthUser.of(await note_caller(ctx.uow, actor_of(ctx.user)))
