"""FI-01 and FI-02: find a service, and read what it is."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.dashboard.model import page_links, page_numbers
from throughcare.ui.finder.model import (
    GENDERS,
    SORTS,
    YOUNG,
    Wanted,
    age_group,
    eligibility_in_words,
    first_line,
    gender,
)
from throughcare.ui.finder.views import choices_of, find, offered
from throughcare.ui.form import PRACTITIONER
from throughcare.ui.page import page

router = Router(tag="Find interventions", include_in_schema=False)


@router.get("/find-interventions", roles=PRACTITIONER)
async def find_interventions(request: Request, ctx: Ctx) -> Response:
    """FI-01: services that fit what is asked for."""
    wanted = Wanted.read(request.query_params)
    found = await find(ctx, wanted)
    if wanted.page > found.pages:
        return RedirectResponse(wanted.link(page=found.pages), 303)
    return page(
        request, "finder/list.html", title="Find interventions", page_id="FI-01", wanted=wanted, found=found,
        chips=list(wanted.chips(found.regions, found.categories)), nearby=list(wanted.nearby(found.regions)),
        genders=GENDERS, young=YOUNG, sorts=SORTS, first_line=first_line, age_group=age_group, gender=gender,
        pages=page_links(wanted.page, list(page_numbers(wanted.page, found.pages)), lambda one: wanted.link(page=one)),
        clear=Wanted(sort=wanted.sort).link(),
        region_choices=[(one.id, one.name) for one in found.regions.values()],
        category_choices=[(key, one.name) for key, one in found.categories.items()],
    )  # fmt: skip


@router.get("/find-interventions/intervention/{intervention_id}", roles=PRACTITIONER)
async def show_intervention(request: Request, ctx: Ctx, intervention_id: UUID) -> Response:
    """FI-02: everything about one service."""
    one = await offered(ctx, intervention_id)
    wanted = Wanted.read(request.query_params)
    return page(
        request, "finder/one.html", title=one.title, page_id="FI-02", one=one, categories=await choices_of(ctx, one),
        back=wanted.link(page=wanted.page), query=wanted.query, age_group=age_group(one.eligibility),
        gender=gender(one.eligibility), eligibility=eligibility_in_words(one.eligibility),
    )  # fmt: skip
