"""What is held about a person, for the platform that answers subject access requests."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import PlainTextResponse

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import SUBJECT_ACCESS
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.refusal.model import Refused
from throughcare.services.interventions.subject_access.model import Period, check_identifiers
from throughcare.services.interventions.subject_access.schemas import SubjectAccess
from throughcare.services.interventions.subject_access.views import SubjectAccessViews

router = Router(tag="Subject access")

NOTHING_HELD, OTHER_IDENTIFIER = 204, 209
TEMPLATE = (files(__package__) / "template.mustache").read_text("utf-8")


@router.get(
    "/subject-access-request", roles=[SUBJECT_ACCESS], errors=[Refused], response_model=SubjectAccess,
    responses={
        NOTHING_HELD: {"description": "Nothing is held"},
        OTHER_IDENTIFIER: {"description": "Nothing is held here by prison number"},
    },
)  # fmt: skip
async def get_held(
    ctx: Ctx,
    *,
    prn: str | None = None,
    crn: str | None = None,
    from_date: Annotated[date | None, Query(alias="fromDate")] = None,
    to_date: Annotated[date | None, Query(alias="toDate")] = None,
) -> SubjectAccess | Response:
    """Every record of a person of which something happened between the two days, both included."""
    period, asked = Period(from_date, to_date), check_identifiers(prn, crn)
    if asked is None:
        return Response(status_code=OTHER_IDENTIFIER)
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(SubjectAccessViews) as views:
        held = await views.held(asked, period, catalogue)
    return Response(status_code=NOTHING_HELD) if held is None else SubjectAccess(content=held)


@router.get("/subject-access-request/template", roles=[SUBJECT_ACCESS], response_class=PlainTextResponse)
async def get_template() -> str:
    """The Mustache template with which the content is shown to the person."""
    return TEMPLATE
