"""Referrals for their readers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.pagination import Page, PageRequest
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER, READERS, check_kind
from throughcare.services.interventions.access.usecases import allow_referral
from throughcare.services.interventions.actor.model import GATE, actor_of, kind_of
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.measures import list_referrals
from throughcare.services.interventions.overview.model import Dashboard, Filters, sort_order
from throughcare.services.interventions.overview.schemas import (
    SentReferral,
    SentReferralSummary,
    ServiceProviderSummary,
)
from throughcare.services.interventions.overview.usecases import find_reach
from throughcare.services.interventions.overview.views import OverviewViews, show_referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere, Refused

router = Router(tag="Referrals")


@router.get("/sent-referral/{referral_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_referral(referral_id: UUID, ctx: Ctx) -> SentReferral:
    """One sent referral in full."""
    await allow_referral(ctx, referral_id, READERS)
    async with ctx.reading(ReferralStore) as store:
        sent = await store.get(referral_id)
    return await show_referral(ctx, sent)


@router.get("/sent-referrals/summaries", roles=GATE, errors=[AccessRefused, Refused])
async def list_summaries(
    ctx: Ctx,
    *,
    completed: bool | None = None,
    cancelled: bool | None = None,
    unassigned: bool | None = None,
    assigned_to: Annotated[str | None, Query(alias="assignedTo")] = None,
    search: str | None = None,
    page: Annotated[int, Query(ge=0, le=1_000_000)] = 1,
    size: Annotated[int, Query(ge=1, le=1000)] = 50,
    sort: Annotated[list[str] | None, Query()] = None,
) -> Page[SentReferralSummary]:
    """A page of the referrals that the caller may see; ``page`` counts from 1, a filter that is absent means
    any.

    ``search`` is a whole reference number, or a whole name.
    """
    order = sort_order(tuple(sort or ()))
    reach = await find_reach(ctx)
    request = PageRequest(max(page - 1, 0), size, tuple(sort or ("sentAt",)))
    filters = Filters(completed, cancelled, unassigned, assigned_to, search)
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(OverviewViews) as views:
        lines, total = await views.summaries(reach, filters, order, catalogue, limit=size, offset=request.offset)
    list_referrals.labels(kind_of(ctx.user).value).observe(total)
    return Page.of(lines, total, request)


@router.get("/sent-referrals/summary/service-provider", roles=GATE, errors=[AccessRefused, Refused], deprecated=True)
async def list_provider_summaries(
    ctx: Ctx, dashboard_type: Annotated[str | None, Query(alias="dashboardType")] = None
) -> list[ServiceProviderSummary]:
    """Every referral of the caller's contracts: MyCases, OpenCases, UnassignedCases, CompletedCases, or all."""
    check_kind(kind_of(ctx.user), PROVIDER)
    dashboard, reach, catalogue = Dashboard.named(dashboard_type), await find_reach(ctx), await current_catalogue(ctx)
    async with ctx.reading(OverviewViews) as views:
        lines = await views.provider_lines(reach, dashboard, actor_of(ctx.user).id, catalogue)
    list_referrals.labels("auth, unpaged").observe(len(lines))
    return lines
