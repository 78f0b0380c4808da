"""Writes a load of referrals, many at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import DateTime, TextClause, bindparam, select, text

from throughcare.kit.db.database import Store
from throughcare.services.interventions.actor.store import actor
from throughcare.services.interventions.dev.course import TABLES
from throughcare.services.interventions.dev.records import RECORDS
from throughcare.services.interventions.referral.store import referral

PARAMETER = re.compile(r"(?<!:):([a-z_]+)")


def _statement(sql: str) -> tuple[TextClause, list[str]]:
    names = PARAMETER.findall(sql)
    made = text(sql)
    return made.bindparams(bindparam("now", type_=DateTime(timezone=True))) if "now" in names else made, names


STATEMENTS = [_statement(sql) for sql in (*TABLES, *RECORDS)]
WRITTEN = text("select id from load_course")


class LoadStore(Store):
    """Referrals with their histories, made where they are kept."""

    async def knows(self, officer: UUID) -> bool:
        """Whether this practitioner is known, who is part of a load alone."""
        return await self.scalar(select(actor.c.id).where(actor.c.id == officer)) is not None

    async def write(self, values: Mapping[str, object]) -> Sequence[UUID]:
        """Write the referrals with the numbers from ``start`` to ``stop``, all but their summaries; their ids."""
        for statement, names in STATEMENTS:
            await self.connection.execute(statement, {name: values[name] for name in names})
        return [row["id"] for row in await self.all(WRITTEN)]

    async def tidy(self) -> None:
        """Let the planner know what the tables hold now."""
        for table in referral.metadata.sorted_tables:
            await self.connection.execute(text(f"analyze {table.fullname}"))  # a name of ours
