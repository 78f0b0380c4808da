"""What is due. For users of providers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER, check_kind
from throughcare.services.interventions.actor.model import GATE, kind_of
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.due.model import Whose
from throughcare.services.interventions.due.schemas import DueTasks
from throughcare.services.interventions.due.views import DueViews
from throughcare.services.interventions.overview.usecases import find_reach
from throughcare.services.interventions.refusal.model import AccessRefused

router = Router(tag="Referrals")


@router.get("/sent-referrals/due", roles=GATE, errors=[AccessRefused])
async def list_due(
    ctx: Ctx, mine: bool = False, referral_id: Annotated[UUID | None, Query(alias="referralId")] = None
) -> DueTasks:
    """What is due on the open referrals of the caller's contracts, the earliest first.

    With ``mine`` on those that the caller works on or nobody does, with ``referralId`` on that one. Working days leave
    out weekends and the bank holidays of England and Wales.
    """
    check_kind(kind_of(ctx.user), PROVIDER)
    reach, catalogue = await find_reach(ctx), await current_catalogue(ctx)
    whose = Whose(ctx.user.user_id if mine else None, referral_id)
    async with ctx.reading(DueViews) as views:
        return await views.due([*reach.interventions], whose, catalogue, now=ctx.now, today=ctx.clock.today())
