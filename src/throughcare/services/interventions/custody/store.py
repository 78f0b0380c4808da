"""Where the prison system's answers are kept."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, DateTime, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db.database import Store, schema
from throughcare.services.interventions.custody.model import Lookup, NomisLocation

referral_nomis_location = Table(
    "referral_nomis_location",
    schema("interventions"),
    Column("referral_id", Uuid, primary_key=True),
    Column("looked_up_at", DateTime(timezone=True), nullable=False),
    Column("result", Text, nullable=False),
    Column("release_date_agrees", Boolean),
    *(Column(one.name, Text if one.name == "nomis_prison_id" else Date) for one in fields(NomisLocation)),
)


class CustodyStore(Store):
    """Answers of the prison system, one a referral."""

    async def put(self, referral_id: UUID, lookup: Lookup, at: datetime) -> None:
        """Keep an answer in place of an earlier one."""
        values = {
            "looked_up_at": at,
            "result": lookup.result,
            "release_date_agrees": lookup.release_date_agrees,
            **vars(lookup.location),
        }
        new = insert(referral_nomis_location).values(referral_id=referral_id, **values)
        await self.run(new.on_conflict_do_update(index_elements=["referral_id"], set_=values))
