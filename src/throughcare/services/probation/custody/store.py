"""The whereabouts of people."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Integer, Table, Text, select
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.probation.custody.model import Custody, Status

custody = Table(
    "custody",
    schema("probation"),
    Column("person_id", BigInteger, primary_key=True),
    Column("status_code", Text, nullable=False),
    Column("prison_id", Text),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("version", Integer, nullable=False),
)


class CustodyStore(Store):
    """Loads and writes whereabouts. Writers of one case hold the lock of its person."""

    async def find(self, person_id: int) -> Custody | None:
        """What is known of the person, or None when they were never in custody."""
        row = await self.one_or_none(select(custody).where(custody.c.person_id == person_id))
        return Custody(row["person_id"], Status(row["status_code"]), row["prison_id"], row["since"]) if row else None

    async def save(self, one: Custody) -> None:
        """Write where the person is now."""
        values = {"status_code": str(one.status), "prison_id": one.prison_id, "since": one.since}
        statement = insert(custody).values(person_id=one.person_id, **values, version=1)
        await self.run(
            statement.on_conflict_do_update(
                index_elements=[custody.c.person_id], set_={**values, "version": custody.c.version + 1}
            )
        )
