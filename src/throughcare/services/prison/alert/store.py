"""Table of alerts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    insert,
    or_,
    select,
    update,
)

from throughcare.kit.db import StaleVersion, Store, schema
from throughcare.services.prison.alert.model import Alert, AlertNotFound, Stamp
from throughcare.services.prison.person.store import prisoner

alert = Table(
    "alert",
    schema("prison"),
    Column("id", Uuid, primary_key=True),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number), nullable=False),
    Column("code", Text, nullable=False),
    Column("description", Text),
    Column("authorised_by", Text),
    Column("active_from", Date, nullable=False),
    Column("active_to", Date),
    Column("prison_id", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_name", Text, nullable=False),
    Column("modified_at", DateTime(timezone=True)),
    Column("modified_by", Text),
    Column("modified_name", Text),
    Column("active_to_set_at", DateTime(timezone=True)),
    Column("active_to_set_by", Text),
    Column("active_to_set_name", Text),
    Column("made_active_at", DateTime(timezone=True)),
    Column("made_inactive_at", DateTime(timezone=True)),
    Column("made_inactive_by", Text),
    Column("made_inactive_name", Text),
    Column("deleted_at", DateTime(timezone=True)),
    Column("deleted_by", Text),
    Column("deleted_name", Text),
    Column("version", Integer, nullable=False),
)
STAMPS = ("created", "modified", "active_to_set", "made_inactive", "deleted")
STAMP_COLUMNS = {f"{stamp}_{part}" for stamp in STAMPS for part in ("at", "by", "name")}
PLAIN = tuple(column.name for column in alert.c if column.name not in STAMP_COLUMNS)


def alert_of(row: RowMapping) -> Alert:
    """The alert in a row."""
    facts: dict[str, Any] = {name: row[name] for name in PLAIN} | {name: _stamp(row, name) for name in STAMPS}
    return Alert(**facts)


def alert_row(one: Alert) -> dict[str, Any]:
    """The row of an alert."""
    row = {name: getattr(one, name) for name in PLAIN}
    for name in STAMPS:
        stamp: Stamp | None = getattr(one, name)
        row |= {
            f"{name}_at": stamp and stamp.at,
            f"{name}_by": stamp and stamp.by,
            f"{name}_name": stamp and stamp.name,
        }
    return row


def _stamp(row: RowMapping, name: str) -> Stamp | None:
    at = row[f"{name}_at"]
    return Stamp(at, row[f"{name}_by"], row[f"{name}_name"]) if at else None


class AlertStore(Store):
    """Alerts that were not deleted; the prisoner's own row is the lock."""

    async def get(self, alert_id: UUID) -> Alert:
        """The alert. Raises AlertNotFound."""
        row = await self.one_or_none(select(alert).where(alert.c.id == alert_id, alert.c.deleted_at.is_(None)))
        if row is None:
            raise AlertNotFound
        return alert_of(row)

    async def of_prisoner(self, prisoner_number: str) -> list[Alert]:
        """The prisoner's alerts, the newest beginning first."""
        rows = await self.all(
            select(alert)
            .where(alert.c.prisoner_number == prisoner_number, alert.c.deleted_at.is_(None))
            .order_by(alert.c.active_from.desc(), alert.c.id)
        )
        return [alert_of(row) for row in rows]

    async def add(self, one: Alert) -> None:
        """Keep a new alert."""
        await self.run(insert(alert).values(alert_row(one)))

    async def save(self, one: Alert) -> None:
        """Keep a changed alert. Raises StaleVersion."""
        row = {**alert_row(one), "version": one.version + 1}
        same = (alert.c.id == one.id) & (alert.c.version == one.version)
        if not await self.run(update(alert).where(same).values(row)):
            raise StaleVersion

    async def due(self, day: date, limit: int) -> list[str]:
        """Prisoners who have an alert whose beginning or end has come by ``day`` and was not made known."""
        begun = (alert.c.made_active_at.is_(None)) & (alert.c.active_from <= day)
        ended = (alert.c.made_inactive_at.is_(None)) & (alert.c.active_to <= day)
        rows = await self.all(
            select(alert.c.prisoner_number)
            .where(alert.c.deleted_at.is_(None), or_(begun, ended))
            .distinct()
            .order_by(alert.c.prisoner_number)
            .limit(limit)
        )
        return [str(row["prisoner_number"]) for row in rows]
