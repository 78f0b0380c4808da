"""Needs by assessment."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Boolean, Column, Integer, RowMapping, Table, Text, insert

from throughcare.kit.db import Store, schema
from throughcare.services.risks_and_needs.need.model import Need

need_section = Table(
    "need_section",
    schema("risks_and_needs"),
    Column("assessment_id", BigInteger, primary_key=True),
    Column("section_code", Text, primary_key=True),
    Column("score", Integer),
    Column("risk_of_harm", Boolean),
    Column("risk_of_reoffending", Boolean),
)


def to_need(row: RowMapping) -> Need:
    """The need that a row of ``need_section`` holds."""
    return Need(row["section_code"], row["score"], row["risk_of_harm"], row["risk_of_reoffending"])


class NeedStore(Store):
    """Writes needs."""

    async def add(self, assessment_id: int, several: Sequence[Need]) -> None:
        """Store the needs of an assessment."""
        await self.run(insert(need_section), [{"assessment_id": assessment_id, **vars(one)} for one in several])
