"""Where changes are kept."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, DateTime, RowMapping, Table, Text, Uuid, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.changelog.model import Change, Entry, Topic, no_change

changelog = Table(
    "changelog",
    schema("interventions"),
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("old_value", JSONB, nullable=False),
    Column("new_value", JSONB, nullable=False),
    Column("old_shown", Text),
    Column("new_shown", Text),
    Column("reason_for_change", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("changed_by", Uuid, nullable=False),
)


class ChangelogStore(Store):
    """Changes of sent referrals."""

    async def add(self, *entries: Entry) -> None:
        """Put changes on record."""
        await self.run(insert(changelog), [_values(one) for one in entries])

    async def get(self, change_id: UUID) -> Entry:
        """One change. Raises NotThere."""
        row = await self.one_or_none(select(changelog).where(changelog.c.id == change_id))
        if row is None:
            raise no_change()
        return _entry(row)

    async def of_referral(self, referral_id: UUID) -> list[Entry]:
        """Every change of a referral, newest first."""
        mine = select(changelog).where(changelog.c.referral_id == referral_id)
        order = (changelog.c.changed_at.desc(), changelog.c.id.desc())
        return [_entry(row) for row in await self.all(mine.order_by(*order))]


def _values(one: Entry) -> dict[str, object]:
    change = one.change
    return {
        "id": one.id, "referral_id": one.referral_id, "topic": change.topic.value,
        "old_value": {"values": change.old}, "new_value": {"values": change.new},
        "old_shown": change.old_shown, "new_shown": change.new_shown, "reason_for_change": change.reason,
        "changed_at": one.changed.at, "changed_by": one.changed.by,
    }  # fmt: skip


def _entry(row: RowMapping) -> Entry:
    change = Change(
        Topic(row["topic"]), tuple(row["old_value"]["values"]), tuple(row["new_value"]["values"]),
        row["reason_for_change"], row["old_shown"], row["new_shown"],
    )  # fmt: skip
    return Entry(row["id"], row["referral_id"], change, Mark(row["changed_at"], row["changed_by"]))
