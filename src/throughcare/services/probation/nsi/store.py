"""NSIs and the history of their status."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.probation.contact.model import CRS
from throughcare.services.probation.nsi.model import (
    Nsi,
    ReferralElsewhere,
    ReferralNotFound,
    Status,
    reference_of,
)

nsi = Table(
    "nsi",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("conviction_id", BigInteger, nullable=False),
    Column("requirement_id", BigInteger),
    Column("type_code", Text, nullable=False),
    Column("status_code", Text, nullable=False),
    Column("status_at", DateTime(timezone=True), nullable=False),
    Column("referral_date", Date, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("outcome_code", Text),
    Column("notes", Text),
    Column("provider_code", Text, nullable=False),
    Column("team_code", Text, nullable=False),
    Column("staff_code", Text, nullable=False),
    Column("external_reference", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
nsi_status_history = Table(
    "nsi_status_history",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("nsi_id", BigInteger, nullable=False),
    Column("status_code", Text, nullable=False),
    Column("status_at", DateTime(timezone=True), nullable=False),
    Column("notes", Text),
)
PLAIN = (
    "id", "person_id", "conviction_id", "requirement_id", "type_code", "status_at", "referral_date",
    "started_at", "ended_at", "outcome_code", "notes", "external_reference",
)  # fmt: skip


def to_nsi(row: RowMapping) -> Nsi:
    """The NSI that a row of ``nsi`` holds."""
    return Nsi(**{name: row[name] for name in PLAIN}, status=Status(row["status_code"]))


class NsiStore(Store):
    """Loads and writes NSIs. Writers of one case hold the lock of its person."""

    async def get(self, person_id: int, referral_id: UUID) -> Nsi:
        """The person's NSI for a referral. Raises ReferralNotFound."""
        found = await self.find(person_id, referral_id)
        if found is None:
            raise ReferralNotFound
        return found

    async def find(self, person_id: int, referral_id: UUID) -> Nsi | None:
        """The person's NSI for a referral, or None."""
        row = await self.one_or_none(
            select(nsi).where(nsi.c.person_id == person_id, nsi.c.external_reference == reference_of(referral_id))
        )
        return to_nsi(row) if row else None

    async def add(self, one: Nsi) -> Nsi:
        """Store a new NSI with its first status. Raises ReferralElsewhere."""
        values = {
            **{name: getattr(one, name) for name in PLAIN if name != "id"},
            "status_code": str(one.status), "provider_code": CRS.provider_code,
            "team_code": CRS.team_code, "staff_code": CRS.staff_code, "version": 1,
        }  # fmt: skip
        row = await self.one_or_none(insert(nsi).values(values).on_conflict_do_nothing().returning(nsi))
        if row is None:
            raise ReferralElsewhere
        stored = to_nsi(row)
        await self._remember(stored)
        return stored

    async def save(self, one: Nsi, before: Nsi) -> None:
        """Write an NSI that was loaded as ``before``; a changed status joins its history."""
        values = {
            "status_code": str(one.status), "status_at": one.status_at, "started_at": one.started_at,
            "ended_at": one.ended_at, "outcome_code": one.outcome_code, "notes": one.notes,
        }  # fmt: skip
        await self.run(update(nsi).where(nsi.c.id == one.id).values(**values, version=nsi.c.version + 1))
        if one.status is not before.status:
            await self._remember(one)

    async def with_requirement(self, requirement_id: int) -> Sequence[int]:
        """The ids of the NSIs that count towards a requirement."""
        rows = await self.all(select(nsi.c.id).where(nsi.c.requirement_id == requirement_id))
        return [int(row["id"]) for row in rows]

    async def _remember(self, one: Nsi) -> None:
        values = {
            "nsi_id": one.id, "status_code": str(one.status), "status_at": one.status_at, "notes": one.notes,
        }  # fmt: skip
        await self.run(insert(nsi_status_history).values(values))
