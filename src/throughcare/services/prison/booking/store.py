"""Tables of bookings, of what people are held for and of their key dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Select,
    Table,
    Text,
    func,
    insert,
    select,
    text,
    update,
)

from throughcare.kit.db import Store, schema
from throughcare.kit.errors import NotFound
from throughcare.services.prison.booking.model import Booking, HeldFor, KeyDate
from throughcare.services.prison.person.store import prisoner

booking = Table(
    "booking",
    schema("prison"),
    Column("booking_id", BigInteger, primary_key=True, autoincrement=False),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number), nullable=False),
    Column("book_number", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("cell", Text),
    Column("youth_offender", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
)
held_for = Table(
    "held_for",
    schema("prison"),
    Column("booking_id", BigInteger, ForeignKey(booking.c.booking_id), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("effective_at", DateTime(timezone=True), nullable=False),
    Column("agency_id", Text, nullable=False),
)
key_date = Table(
    "key_date",
    schema("prison"),
    Column("booking_id", BigInteger, ForeignKey(booking.c.booking_id), primary_key=True),
    Column("type", Text, primary_key=True),
    Column("calculated", Date),
    Column("overridden", Date),
)


class BookingNotFound(NotFound):
    """There is no booking with this id (404)."""

    code = "BOOKING_NOT_FOUND"
    title = "There is no booking with this id"


class BookingStore(Store):
    """Bookings, with what belongs to them alone."""

    async def get(self, booking_id: int) -> Booking:
        """The booking. Raises BookingNotFound."""
        row = await self.one_or_none(select(booking).where(booking.c.booking_id == booking_id))
        if row is None:
            raise BookingNotFound
        return Booking(**row)

    async def of_prisoner(self, prisoner_number: str) -> list[Booking]:
        """The prisoner's bookings, newest first."""
        where = booking.c.prisoner_number == prisoner_number
        return [Booking(**row) for row in await self.all(_newest_first().where(where))]

    async def latest(self, prisoner_number: str) -> Booking | None:
        """The prisoner's newest booking; None when they never had one."""
        where = booking.c.prisoner_number == prisoner_number
        row = await self.first(_newest_first().where(where).limit(1))
        return Booking(**row) if row else None

    async def next_id(self) -> int:
        """The id of the next booking."""
        return await self.count(text("select nextval('booking_id')"))

    async def number_after(self, booking_id: int) -> None:
        """Continue the ids of bookings after ``booking_id``."""
        await self.scalar(select(func.setval("booking_id", booking_id)))

    async def add(self, one: Booking) -> None:
        """Keep a new booking."""
        await self.run(insert(booking).values(asdict(one)))

    async def save(self, one: Booking) -> None:
        """Keep what changed about a booking; the prisoner's own row is the lock."""
        changed = {"ended_at": one.ended_at, "cell": one.cell, "youth_offender": one.youth_offender}
        await self.run(update(booking).where(booking.c.booking_id == one.booking_id).values(changed))

    async def held_for(self, booking_id: int) -> HeldFor | None:
        """What the person is held for now; None when nothing was ever recorded."""
        newest = select(held_for).where(held_for.c.booking_id == booking_id).order_by(held_for.c.sequence.desc())
        row = await self.first(newest.limit(1))
        return HeldFor(**row) if row else None

    async def add_held_for(self, one: HeldFor) -> None:
        """Add to the log of what somebody is held for, after what is there; ``one.sequence`` is not used."""
        where = held_for.c.booking_id == one.booking_id
        last = select(func.coalesce(func.max(held_for.c.sequence), 0) + 1).where(where).scalar_subquery()
        await self.run(insert(held_for).values({**asdict(one), "sequence": last}))

    async def key_dates(self, booking_id: int) -> Mapping[str, KeyDate]:
        """The key dates of a booking by type."""
        rows = await self.all(select(key_date).where(key_date.c.booking_id == booking_id))
        return {str(row["type"]): KeyDate(row["calculated"], row["overridden"]) for row in rows}


def _newest_first() -> Select[Any]:
    return select(booking).order_by(booking.c.booking_id.desc())
