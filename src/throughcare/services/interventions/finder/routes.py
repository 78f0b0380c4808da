"""The finder and the reference data that screens are built from.

Open to every signed-in user of the service.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.usecases import provider_scope
from throughcare.services.interventions.actor.model import EDITING, GATE
from throughcare.services.interventions.catalogue.model import Finder
from throughcare.services.interventions.catalogue.schemas import (
    CancellationReason,
    Intervention,
    PccRegion,
    ServiceCategory,
    WithdrawalReason,
)
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.finder.views import written
from throughcare.services.interventions.refusal.model import AccessRefused, Closed, NotThere

router = Router(tag="Catalogue")


@router.get("/interventions", roles=GATE, response_model=list[Intervention])
async def find_interventions(
    ctx: Ctx,
    *,
    pcc_region_ids: Annotated[list[str] | None, Query(alias="pccRegionIds")] = None,
    allows_female: Annotated[bool | None, Query(alias="allowsFemale")] = None,
    allows_male: Annotated[bool | None, Query(alias="allowsMale")] = None,
    minimum_age: Annotated[int | None, Query(alias="minimumAge")] = None,
    maximum_age: Annotated[int | None, Query(alias="maximumAge")] = None,
) -> Response:
    """Interventions that take referrals today and fit every filter given."""
    catalogue = await current_catalogue(ctx)
    regions = frozenset(part for one in pcc_region_ids or () for part in one.split(",") if part)
    wanted = Finder(regions, allows_female, allows_male, minimum_age, maximum_age)
    found = catalogue.find(wanted, ctx.now)
    return Response(written(catalogue).listed(found), media_type="application/json")


@router.get("/intervention/{intervention_id}", roles=GATE, errors=[NotThere, Closed])
async def get_intervention(
    intervention_id: UUID, ctx: Ctx, check_end_date: Annotated[bool, Query(alias="checkEndDate")] = False
) -> Intervention:
    """One intervention; with ``checkEndDate``, only while it takes referrals."""
    catalogue = await current_catalogue(ctx)
    found = catalogue.interventions.get(intervention_id)
    if found is None:
        raise NotThere("INTERVENTION_NOT_FOUND", "there is no such intervention")
    if check_end_date:
        found.check_open(ctx.now)
    return Intervention.of(found, catalogue)


@router.get("/my-interventions", roles=[*GATE, EDITING], response_model=list[Intervention], errors=[AccessRefused])
async def list_my_interventions(ctx: Ctx) -> Response:
    """The interventions of the contracts that the caller's provider groups open; for a service editor, all of them."""
    catalogue = await current_catalogue(ctx)
    if EDITING in ctx.user.roles and ctx.user.is_user:
        mine = list(catalogue.by_contract.values())
    else:
        mine = [catalogue.by_contract[one] for one in (await provider_scope(ctx)).contracts]
    mine.sort(key=lambda one: (one.title, one.contract.reference))
    return Response(written(catalogue).listed(mine), media_type="application/json")


@router.get("/service-category/{category_id}", roles=GATE, errors=[NotThere])
async def get_category(category_id: UUID, ctx: Ctx) -> ServiceCategory:
    """A category with every outcome that it ever had, deprecated ones included."""
    category = (await current_catalogue(ctx)).categories.get(category_id)
    if category is None:
        raise NotThere("CATEGORY_NOT_FOUND", "there is no such service category")
    return ServiceCategory.of(category)


@router.get("/service-category/{category_id}/contract-reference/{contract_reference}", roles=GATE, errors=[NotThere])
async def get_category_for_contract(category_id: UUID, contract_reference: str, ctx: Ctx) -> ServiceCategory:
    """A category with the outcomes that referrals under this contract may choose today."""
    category = (await current_catalogue(ctx)).categories.get(category_id)
    if category is None:
        raise NotThere("CATEGORY_NOT_FOUND", "there is no such service category")
    return ServiceCategory.of(category, category.offered(contract_reference, ctx.now))


@router.get("/pcc-regions", roles=GATE)
async def list_pcc_regions(ctx: Ctx) -> list[PccRegion]:
    """Every police and crime commissioner's region, by name."""
    catalogue = await current_catalogue(ctx)
    return [
        PccRegion.of(one, catalogue) for one in sorted(catalogue.pcc_regions.values(), key=lambda region: region.name)
    ]


@router.get("/referral-cancellation-reasons", roles=GATE)
async def list_cancellation_reasons(ctx: Ctx) -> list[CancellationReason]:
    """The reasons that old records give for a cancellation."""
    held = (await current_catalogue(ctx)).cancellation_reasons
    return [CancellationReason(code=code, description=text) for code, text in held.items()]


@router.get("/referral-withdrawal-reasons", roles=GATE)
async def list_withdrawal_reasons(ctx: Ctx) -> list[WithdrawalReason]:
    """The reasons that a practitioner can give for withdrawing a referral."""
    held = (await current_catalogue(ctx)).withdrawal_reasons
    return [WithdrawalReason(code=code, description=text, grouping=group) for code, (text, group) in held.items()]
