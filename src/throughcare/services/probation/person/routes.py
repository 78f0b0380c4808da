"""Questions about a person and their identifiers."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.person.model import CaseNotFound, NomsNumberNotFound
from throughcare.services.probation.person.schemas import CaseDetails, CaseExistence, CaseIdentifiers
from throughcare.services.probation.person.views import PersonViews
from throughcare.services.probation.reference.model import HMPPS_API, READERS

router = Router(tag="People")


@router.get("/probation-case/{crn}/details", roles=READERS, errors=[CaseNotFound])
async def get_case_details(crn: str, ctx: Ctx) -> CaseDetails:
    """Everything that a referral needs to know of a person."""
    async with ctx.reading(PersonViews) as views:
        return await views.details(crn)


@router.get("/probation-case/{crn}/identifiers", roles=READERS, errors=[CaseNotFound])
async def get_case_identifiers(crn: str, ctx: Ctx) -> CaseIdentifiers:
    """The CRN and NOMS number of a person."""
    async with ctx.reading(PersonViews) as views:
        one = await views.get(crn)
    return CaseIdentifiers(crn=one.crn, noms_id=one.noms_number)


@router.get("/identifier-converter/noms-to-crn/{noms_id}", roles=[HMPPS_API], errors=[NomsNumberNotFound])
async def convert_noms_number(noms_id: str, ctx: Ctx) -> CaseIdentifiers:
    """The CRN that belongs to a NOMS number."""
    async with ctx.reading(PersonViews) as views:
        one = await views.get_by_noms_number(noms_id)
    return CaseIdentifiers(crn=one.crn, noms_id=one.noms_number)


@router.get("/exists-in-delius/crn/{crn}", roles=[HMPPS_API])
async def check_existence(crn: str, ctx: Ctx) -> CaseExistence:
    """Whether a case has this CRN: an answer either way, so that unknown is never taken for unavailable."""
    async with ctx.reading(PersonViews) as views:
        return CaseExistence(crn=crn, exists_in_delius=await views.exists(crn))
