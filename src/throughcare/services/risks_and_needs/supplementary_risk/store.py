"""Supplementary risk on record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, DateTime, RowMapping, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.services.risks_and_needs.supplementary_risk.model import Content, SupplementaryRisk

supplementary_risk = Table(
    "supplementary_risk",
    schema("risks_and_needs"),
    Column("id", Uuid, primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("crn", Text, nullable=False),
    Column("comments", Text, nullable=False),
    Column("answers", JSONB(none_as_null=True)),
    Column("created_by", Text, nullable=False),
    Column("created_by_user_type", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)


def to_risk(row: RowMapping) -> SupplementaryRisk:
    """The supplementary risk that a row holds."""
    content = Content(row["source"], row["source_id"], row["crn"], row["comments"], row["answers"])
    return SupplementaryRisk(row["id"], content, row["created_by"], row["created_by_user_type"], row["created_at"])


class SupplementaryRiskStore(Store):
    """Writes supplementary risk, once for each source."""

    async def add(self, one: SupplementaryRisk, *, recorded_at: datetime) -> bool:
        """Store ``one`` unless its source has something already; whether it was stored."""
        values = {
            "id": one.id, **vars(one.content), "created_by": one.created_by,
            "created_by_user_type": one.created_by_user_type, "created_at": one.created_at,
            "recorded_at": recorded_at,
        }  # fmt: skip
        statement = insert(supplementary_risk).values(values).on_conflict_do_nothing()
        return await self.run(statement) == 1

    async def get_by_source(self, source: str, source_id: str) -> SupplementaryRisk:
        """What a source has, which is known to be there."""
        row = await self.one_or_none(
            select(supplementary_risk).where(
                supplementary_risk.c.source == source, supplementary_risk.c.source_id == source_id
            )
        )
        assert row is not None, source_id
        return to_risk(row)
