"""The convictions of a case."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.probation.conviction.model import ConvictionNotFound
from throughcare.services.probation.conviction.schemas import CaseConviction, CaseConvictions
from throughcare.services.probation.conviction.views import ConvictionViews
from throughcare.services.probation.person.model import CaseNotFound, Person
from throughcare.services.probation.person.schemas import CaseDetail, Name
from throughcare.services.probation.person.views import PersonViews
from throughcare.services.probation.reference.model import READERS

router = Router(tag="Convictions")

Id = Annotated[int, Path(ge=1, lt=2**63)]


@router.get("/probation-case/{crn}/convictions", roles=READERS, errors=[CaseNotFound])
async def list_convictions(crn: str, ctx: Ctx) -> CaseConvictions:
    """The person with their active convictions, newest first."""
    async with ctx.reading(PersonViews) as views:
        person = await views.get(crn)
        found = await ConvictionViews(views.connection).list_active(person.id)
    return CaseConvictions(case_detail=_brief(person), convictions=found)


@router.get(
    "/probation-case/{crn}/convictions/{conviction_id}",
    roles=READERS,
    errors=[CaseNotFound, ConvictionNotFound],
)
async def get_conviction(crn: str, conviction_id: Id, ctx: Ctx) -> CaseConviction:
    """One conviction of the person."""
    async with ctx.reading(PersonViews) as views:
        person = await views.get(crn)
        found = await ConvictionViews(views.connection).get(person.id, conviction_id)
    return CaseConviction(case_detail=_brief(person), conviction=found)


def _brief(person: Person) -> CaseDetail:
    name = Name(forename=person.details.forename, surname=person.details.surname)
    return CaseDetail(crn=person.crn, name=name, date_of_birth=person.details.date_of_birth)
