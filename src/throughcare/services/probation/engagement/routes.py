"""Opening cases, linking them to prison records and finding them."""

from __future__ import annotations

from throughcare.kit.errors import BadRequest
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.engagement import usecases
from throughcare.services.probation.engagement.schemas import (
    CaseSearch,
    FoundCase,
    LinkToPrison,
    OpenCase,
    OpenedCase,
)
from throughcare.services.probation.engagement.views import CaseViews
from throughcare.services.probation.peers.auth import UserDirectory
from throughcare.services.probation.person.model import (
    BornInFuture,
    CaseExists,
    CaseNotFound,
    NomsNumberTaken,
)
from throughcare.services.probation.reference.model import CASES, HMPPS_API
from throughcare.services.probation.staff.model import StaffUnknown

router = Router(tag="Cases")


@router.post(
    "/probation-cases",
    status=201,
    roles=[CASES],
    errors=[CaseExists, NomsNumberTaken, StaffUnknown, BornInFuture],
)
async def open_case(body: OpenCase, ctx: Ctx) -> OpenedCase:
    """Open a case for a person who comes under probation."""
    username = body.manager_username
    directory = await ctx.peer(UserDirectory).find(username) if username else None
    person = await usecases.open_case(ctx.uow, body.new_case(), directory=directory)
    return OpenedCase(crn=person.crn, noms_number=person.noms_number)


@router.put("/probation-case/{crn}/noms-number", roles=[CASES], errors=[CaseNotFound, NomsNumberTaken])
async def add_noms_number(crn: str, body: LinkToPrison, ctx: Ctx) -> OpenedCase:
    """Link a case to the prison record of the same person."""
    person = await usecases.add_noms_number(ctx.uow, crn, body.noms_number)
    return OpenedCase(crn=person.crn, noms_number=person.noms_number)


@router.post("/search/probation-cases", roles=[HMPPS_API])
async def search_cases(body: CaseSearch, ctx: Ctx) -> list[FoundCase]:
    """The cases with a CRN or NOMS number; an empty list when there is none."""
    if body.crn is None and body.noms_number is None:
        raise BadRequest("give a crn or a nomsNumber", code="CRITERION_MISSING")
    async with ctx.reading(CaseViews) as views:
        return await views.search(body.crn, body.noms_number)
