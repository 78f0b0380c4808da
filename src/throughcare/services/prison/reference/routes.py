"""Doors to agencies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prison.reference import model
from throughcare.services.prison.reference.schemas import AgencyOut, PrisonOut

router = Router(prefix="/api/agencies", tag="Agencies")

ActiveOnly = Annotated[bool, Query(alias="activeOnly")]


class AgencyNotFound(NotFound):
    """There is no such agency, or none of the kind asked for (404)."""

    code = "AGENCY_NOT_FOUND"
    title = "There is no agency with this id"


@router.get("/prisons", authenticated=True)
async def prisons(ctx: Ctx) -> list[PrisonOut]:
    """Every open prison."""
    return [PrisonOut.of(one) for one in model.prisons().values() if one.active]


@router.get("/type/{agency_type}", authenticated=True)
async def agencies_of_type(agency_type: str, ctx: Ctx, active_only: ActiveOnly = True) -> list[AgencyOut]:
    """The agencies of a type: ``INST`` for prisons, ``CRT`` for courts."""
    wanted = [one for one in model.agencies().values() if one.agency_type == agency_type]
    return [AgencyOut.of(one) for one in wanted if one.active or not active_only]


@router.get("/{agency_id}", authenticated=True, errors=[AgencyNotFound])
async def agency(
    agency_id: str,
    ctx: Ctx,
    active_only: ActiveOnly = True,
    agency_type: Annotated[str | None, Query(alias="agencyType")] = None,
) -> AgencyOut:
    """One agency, when it is open and of the type asked for."""
    known = model.agencies().get(agency_id)
    if known is None or (active_only and not known.active) or agency_type not in {None, known.agency_type}:
        raise AgencyNotFound
    return AgencyOut.of(known)
