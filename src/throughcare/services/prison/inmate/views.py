"""Reads everything that is known of a prisoner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Text, any_, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from throughcare.kit.db import Views
from throughcare.services.prison.alert.store import AlertStore
from throughcare.services.prison.booking.model import Booking
from throughcare.services.prison.booking.store import BookingNotFound, BookingStore, booking
from throughcare.services.prison.inmate.model import BasicDetails, PrisonerRecord
from throughcare.services.prison.movement.model import Movement, custody_after
from throughcare.services.prison.movement.store import MovementStore, movement
from throughcare.services.prison.person.store import PersonStore, prisoner


class InmateViews(Views):
    """Reads prisoners whole, or many of them in brief."""

    async def record(self, prisoner_number: str) -> PrisonerRecord:
        """The prisoner as seen through their latest booking. Raises PrisonerNotFound.

        Everything is read as it was at one moment, so that its version belongs to all of it.
        """
        await self._at_one_moment()
        person = await PersonStore(self.connection).get(prisoner_number)
        latest = await BookingStore(self.connection).latest(prisoner_number)
        log = await MovementStore(self.connection).log(prisoner_number)
        return await self._whole(prisoner_number, person, latest, log)

    async def record_of_booking(self, booking_id: int) -> PrisonerRecord:
        """A prisoner as seen through one of their bookings. Raises BookingNotFound."""
        await self._at_one_moment()
        held = await BookingStore(self.connection).get(booking_id)
        person = await PersonStore(self.connection).get(held.prisoner_number)
        log = await MovementStore(self.connection).log(held.prisoner_number)
        until = [number for number, one in enumerate(log, start=1) if one.booking_id == booking_id]
        return await self._whole(held.prisoner_number, person, held, log[: until[-1] if until else 0])

    async def record_with_booking(self, prisoner_number: str) -> PrisonerRecord:
        """The prisoner as seen through their latest booking. Raises PrisonerNotFound, BookingNotFound."""
        found = await self.record(prisoner_number)
        if found.booking is None:
            raise BookingNotFound("the prisoner has no booking")
        return found

    async def basic(self, prisoner_numbers: Sequence[str], *, active_only: bool) -> list[BasicDetails]:
        """Prisoners who have a booking, in brief, by number."""
        wanted = literal(list(prisoner_numbers), ARRAY(Text))
        rows = await self.all(_basic().where(prisoner.c.prisoner_number == any_(wanted)))
        found = [_brief(row) for row in rows]
        return [one for one in found if one.active or not active_only]

    async def _at_one_moment(self) -> None:
        await self.connection.execution_options(isolation_level="REPEATABLE READ")

    async def _whole(self, number: str, person: Any, held: Booking | None, log: Sequence[Movement]) -> PrisonerRecord:
        people, bookings = PersonStore(self.connection), BookingStore(self.connection)
        return PrisonerRecord(
            prisoner=person,
            identifiers=await people.identifiers(number),
            aliases=await people.aliases(number),
            booking=held,
            log=log,
            held_for=await bookings.held_for(held.booking_id) if held else None,
            key_dates=await bookings.key_dates(held.booking_id) if held else {},
            alerts=await AlertStore(self.connection).of_prisoner(number),
        )


def _basic() -> Select[Any]:
    latest = (
        select(booking.c.booking_id, booking.c.book_number, booking.c.cell)
        .where(booking.c.prisoner_number == prisoner.c.prisoner_number)
        .order_by(booking.c.booking_id.desc())
        .limit(1)
        .lateral("latest")
    )
    last = (
        select(movement)
        .where(movement.c.prisoner_number == prisoner.c.prisoner_number)
        .order_by(movement.c.sequence.desc())
        .limit(1)
        .lateral("last")
    )
    names = (prisoner.c.first_name, prisoner.c.middle_names, prisoner.c.last_name, prisoner.c.date_of_birth)
    held = (latest.c.book_number, latest.c.cell)
    return (
        select(*names, *held, *last.c)
        .select_from(prisoner.join(latest, true()).join(last, true()))
        .order_by(prisoner.c.prisoner_number)
    )


def _brief(row: Any) -> BasicDetails:
    log_entry = Movement(**{column.name: row[column.name] for column in movement.c})
    custody = custody_after(log_entry)
    return BasicDetails(
        row["prisoner_number"], row["first_name"], row["middle_names"], row["last_name"],
        row["date_of_birth"], row["booking_id"], row["book_number"], custody.agency_id, row["cell"],
        custody.active,
    )  # fmt: skip
