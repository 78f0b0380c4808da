"""Doors to prisoners as prison-api shows them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Path, Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prison.access.model import READERS
from throughcare.services.prison.inmate.schemas import InmateBasicDetails, InmateDetail, PrisonerDetail
from throughcare.services.prison.inmate.views import InmateViews
from throughcare.services.prison.person.schemas import ReadNumber

router = Router(prefix="/api", tag="Prisoners")

BookingId = Annotated[int, Path(ge=1, le=9_223_372_036_854_775_807)]


@router.get("/offenders/{offender_no}", roles=[*READERS, "ROLE_PRISON_API__HMPPS_INTEGRATION_API"])
async def offender(offender_no: ReadNumber, ctx: Ctx) -> InmateDetail:
    """The prisoner as seen through their latest booking."""
    async with ctx.reading(InmateViews) as views:
        return InmateDetail.of(await views.record(offender_no), ctx.clock.today())


@router.get("/bookings/offenderNo/{offender_no}", roles=[*READERS])
async def latest_booking(offender_no: ReadNumber, ctx: Ctx) -> InmateDetail:
    """The prisoner as seen through their latest booking; 404 for those who never had one."""
    async with ctx.reading(InmateViews) as views:
        return InmateDetail.of(await views.record_with_booking(offender_no), ctx.clock.today())


@router.get("/bookings/{booking_id}", roles=[*READERS])
async def booking(booking_id: BookingId, ctx: Ctx) -> InmateDetail:
    """A prisoner as seen through one of their bookings."""
    async with ctx.reading(InmateViews) as views:
        return InmateDetail.of(await views.record_of_booking(booking_id), ctx.clock.today())


@router.post("/bookings/offenders", roles=[*READERS])
async def basic_details(
    prisoner_numbers: Annotated[list[ReadNumber], Body(min_length=1, max_length=1000)],
    ctx: Ctx,
    active_only: Annotated[bool, Query(alias="activeOnly")] = True,
) -> list[InmateBasicDetails]:
    """Many prisoners in brief; those without a booking are left out."""
    async with ctx.reading(InmateViews) as views:
        found = await views.basic(prisoner_numbers, active_only=active_only)
    return [InmateBasicDetails.of(one) for one in found]


@router.get("/prisoners/{offender_no}", roles=[*READERS])
async def prisoner(offender_no: ReadNumber, ctx: Ctx) -> list[PrisonerDetail]:
    """The prisoner, as a list of one."""
    async with ctx.reading(InmateViews) as views:
        return [PrisonerDetail.of(await views.record(offender_no))]
