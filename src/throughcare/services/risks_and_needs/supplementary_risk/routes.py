"""Recording and reading supplementary risk."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.access.model import (
    Audience,
    CaseLimited,
    CaseNotFound,
    NoReferral,
    UserNeeded,
    audience_of,
)
from throughcare.services.risks_and_needs.access.usecases import require_case_access
from throughcare.services.risks_and_needs.peers.interventions import ReferralPeer
from throughcare.services.risks_and_needs.reference.model import CRS_PROVIDER, PROBATION
from throughcare.services.risks_and_needs.supplementary_risk import usecases
from throughcare.services.risks_and_needs.supplementary_risk.model import (
    CreatedInFuture,
    SupplementaryRiskExists,
    SupplementaryRiskNotFound,
)
from throughcare.services.risks_and_needs.supplementary_risk.schemas import (
    CreateSupplementaryRisk,
    SupplementaryRiskRead,
)
from throughcare.services.risks_and_needs.supplementary_risk.views import SupplementaryRiskViews

router = Router(prefix="/risks/supplementary", tag="Supplementary risk")


@router.post(
    "", status=201, roles=[PROBATION],
    errors=[CaseNotFound, CaseLimited, UserNeeded, CreatedInFuture, SupplementaryRiskExists],
    responses={200: {"model": SupplementaryRiskRead}},
)  # fmt: skip
async def record_supplementary_risk(
    body: CreateSupplementaryRisk, ctx: Ctx, response: Response
) -> SupplementaryRiskRead:
    """Record what a practitioner wrote for a referral, as themselves.

    The same content again answers 200 with what is on record. Other content answers 409, its body holding what is on
    record too, if that is about the same case.
    """
    await require_case_access(ctx, body.crn)
    content = body.content()
    risk, recorded = await usecases.record_supplementary_risk(
        ctx.uow, content, created_at=body.created_at, by=ctx.user.principal_name, user_type=ctx.user.auth_source
    )
    read = SupplementaryRiskRead.of(risk)
    if not recorded and risk.content != content:
        shown = read.model_dump(mode="json", by_alias=True) if risk.content.crn == body.crn else None
        raise SupplementaryRiskExists(extra=shown)
    response.status_code = 201 if recorded else 200
    return read


@router.get(
    "/{risk_id}", roles=[PROBATION, CRS_PROVIDER],
    errors=[SupplementaryRiskNotFound, CaseLimited, UserNeeded, NoReferral],
)  # fmt: skip
async def get_supplementary_risk(risk_id: UUID, ctx: Ctx) -> SupplementaryRiskRead:
    """Supplementary risk, for practitioners who may see the case and providers who hold the referral."""
    async with ctx.reading(SupplementaryRiskViews) as views:
        risk = await views.get(risk_id)
    if audience_of(ctx.user.roles) is not Audience.PROVIDER:
        await require_case_access(ctx, risk.content.crn)
    elif not ctx.user.is_user:
        raise UserNeeded
    elif not await ctx.peer(ReferralPeer, as_user=True).may_see(risk.content.source_id):
        raise NoReferral
    return SupplementaryRiskRead.of(risk)
