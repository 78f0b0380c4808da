"""The change log of a referral: read by both sides."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PEOPLE
from throughcare.services.interventions.access.usecases import allow_change, allow_referral
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.changelog.schemas import ChangelogDetail, ChangelogEntry
from throughcare.services.interventions.changelog.store import ChangelogStore
from throughcare.services.interventions.naming.usecases import full_names
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere

router = Router(tag="Change log")


@router.get("/sent-referral/{referral_id}/change-log", roles=GATE, errors=[AccessRefused, NotThere])
async def list_changes(referral_id: UUID, ctx: Ctx) -> list[ChangelogEntry]:
    """Everything that was changed about a referral since it was sent, newest first."""
    await allow_referral(ctx, referral_id, PEOPLE)
    async with ctx.reading(ChangelogStore) as store:
        entries = await store.of_referral(referral_id)
        people = await named(store, [one.changed.by for one in entries])
    names = await full_names(ctx, people)
    return [ChangelogEntry.of(one, people[one.changed.by], names[one.changed.by]) for one in entries]


@router.get("/sent-referral/change-log/{change_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_change(change_id: UUID, ctx: Ctx) -> ChangelogDetail:
    """One change with what stood there before and after."""
    await allow_change(ctx, change_id, PEOPLE)
    async with ctx.reading(ChangelogStore) as store:
        entry = await store.get(change_id)
        by = (await named(store, [entry.changed.by]))[entry.changed.by]
    names = await full_names(ctx, [by.id])
    return ChangelogDetail.of(entry, by, names[by.id], await current_catalogue(ctx))
