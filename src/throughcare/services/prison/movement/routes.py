"""Doors to the log of movements."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.prison.booking.store import BookingStore
from throughcare.services.prison.movement.schemas import LocalTime, MovementOut
from throughcare.services.prison.movement.store import MovementStore
from throughcare.services.prison.person.schemas import ReadNumber
from throughcare.services.prison.person.store import PersonStore

router = Router(prefix="/api/movements", tag="Movements")


@router.get("/offender/{offender_no}", roles=["ROLE_VIEW_PRISONER_DATA"])
async def movements(
    offender_no: ReadNumber,
    ctx: Ctx,
    movement_types: Annotated[list[str] | None, Query(alias="movementTypes")] = None,
    all_bookings: Annotated[bool, Query(alias="allBookings")] = False,
    movements_after: Annotated[LocalTime | None, Query(alias="movementsAfter")] = None,
) -> list[MovementOut]:
    """The prisoner's movements in order, of the latest booking unless all are asked for."""
    async with ctx.reading(PersonStore) as people:
        await people.get(offender_no)
        latest = None if all_bookings else await BookingStore(people.connection).latest(offender_no)
        chosen = await MovementStore(people.connection).chosen(
            offender_no, types=movement_types or (), after=movements_after,
            booking_id=latest.booking_id if latest else None,
        )  # fmt: skip
    return [MovementOut.of(one) for one in chosen]
