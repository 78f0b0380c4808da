"""Referrals as the case record mirrors them."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.conviction.model import ConvictionNotFound
from throughcare.services.probation.nsi import usecases
from throughcare.services.probation.nsi.model import ContractTypeUnknown, ReferralElsewhere, Start
from throughcare.services.probation.nsi.schemas import NsiRead, ReferralStart
from throughcare.services.probation.nsi.views import NsiViews
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.reference.model import CASE_DETAIL, READERS

router = Router(tag="Referrals")


@router.put(
    "/probation-case/{crn}/referrals", status=204, roles=[CASE_DETAIL],
    errors=[CaseNotFound, ConvictionNotFound, ContractTypeUnknown, ReferralElsewhere],
)  # fmt: skip
async def start_referral(crn: str, body: ReferralStart, ctx: Ctx) -> None:
    """Mirror a referral that was sent; the same again refreshes notes and start, while it is not over."""
    start = Start(
        referral_id=body.referral_id, contract_type=body.contract_type, started_at=body.started_at,
        sentence_id=body.sentence_id, notes=body.notes,
    )  # fmt: skip
    await usecases.start_referral(ctx.uow, crn, start)


@router.get("/probation-case/{crn}/nsis", roles=READERS, errors=[CaseNotFound])
async def list_nsis(crn: str, ctx: Ctx) -> list[NsiRead]:
    """The case's NSIs, newest first."""
    async with ctx.reading(NsiViews) as views:
        return await views.list(crn)
