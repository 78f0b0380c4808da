"""What happened to a referral: read by both sides."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE, Kind
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere
from throughcare.services.interventions.timeline.model import timeline
from throughcare.services.interventions.timeline.schemas import TimelineItem
from throughcare.services.interventions.timeline.views import TimelineViews

router = Router(tag="Timeline")


@router.get("/sent-referral/{referral_id}/timeline", roles=GATE, errors=[AccessRefused, NotThere])
async def get_timeline(referral_id: UUID, ctx: Ctx) -> list[TimelineItem]:
    """Everything that happened to a referral, the newest first; a plan being written is shown to its provider alone."""
    entry = await allow_referral(ctx, referral_id, PEOPLE)
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(TimelineViews) as views:
        facts = await views.facts(referral_id)
        items = timeline(facts, catalogue, for_provider=entry.kind is Kind.PROVIDER)
        actors = await named(views, [who for one in items for who in (one.by, one.to)])
    return [TimelineItem.of(one, actors) for one in items]
