"""The log of movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Integer, Select, Table, Text, insert, select

from throughcare.kit.db import Store, schema
from throughcare.services.prison.booking.store import booking
from throughcare.services.prison.movement.model import Movement
from throughcare.services.prison.person.store import prisoner

movement = Table(
    "movement",
    schema("prison"),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("booking_id", BigInteger, ForeignKey(booking.c.booking_id), nullable=False),
    Column("type", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("from_agency", Text),
    Column("to_agency", Text),
    Column("to_city", Text),
    Column("occurred_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("escort", Text),
    Column("comment", Text),
)


class MovementStore(Store):
    """Movements are added, never changed."""

    async def last(self, prisoner_number: str) -> Movement | None:
        """The prisoner's last movement; None when they have none."""
        newest = _of(prisoner_number).order_by(movement.c.sequence.desc()).limit(1)
        row = await self.first(newest)
        return Movement(**row) if row else None

    async def log(self, prisoner_number: str) -> list[Movement]:
        """All of the prisoner's movements in order."""
        rows = await self.all(_of(prisoner_number).order_by(movement.c.sequence))
        return [Movement(**row) for row in rows]

    async def chosen(
        self, prisoner_number: str, *, types: Sequence[str], booking_id: int | None, after: datetime | None
    ) -> list[Movement]:
        """The prisoner's movements in order: of these types (all if empty), of a booking, from a time on."""
        wanted = _of(prisoner_number).order_by(movement.c.sequence)
        if types:
            wanted = wanted.where(movement.c.type.in_(types))
        if booking_id is not None:
            wanted = wanted.where(movement.c.booking_id == booking_id)
        if after is not None:
            wanted = wanted.where(movement.c.occurred_at >= after)
        return [Movement(**row) for row in await self.all(wanted)]

    async def add(self, one: Movement) -> None:
        """Append to the log."""
        await self.run(insert(movement).values(asdict(one)))


def _of(prisoner_number: str) -> Select[Any]:
    return select(movement).where(movement.c.prisoner_number == prisoner_number)
