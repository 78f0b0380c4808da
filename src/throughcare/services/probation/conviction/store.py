"""Convictions with their sentences and requirements."""

from __future__ import annotations

from dataclasses import asdict, fields

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Integer,
    RowMapping,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from throughcare.kit.db import Store, schema
from throughcare.services.probation.conviction.model import (
    Conviction,
    ConvictionNotFound,
    Requirement,
    Sentence,
)
from throughcare.services.probation.reference.model import RAR

conviction = Table(
    "conviction",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("person_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("description", Text, nullable=False),
    Column("conviction_date", Date, nullable=False),
    Column("start_date", Date, nullable=False),
    Column("expected_end_date", Date),
    Column("offence_category", Text, nullable=False),
    Column("offence_sub_category", Text, nullable=False),
    Column("failure_count", Integer, nullable=False),
    Column("breach_end", Date),
    Column("version", Integer, nullable=False),
)
requirement = Table(
    "requirement",
    schema("probation"),
    Column("id", BigInteger, primary_key=True),
    Column("conviction_id", BigInteger, nullable=False),
    Column("main_category", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("rar_count", Integer, nullable=False),
)


def to_conviction(row: RowMapping) -> Conviction:
    """The conviction that a row of ``conviction`` holds."""
    sentence = Sentence(**{one.name: row[one.name] for one in fields(Sentence)})
    own = {name: row[name] for name in ("id", "person_id", "number", "active", "failure_count", "breach_end")}
    return Conviction(**own, sentence=sentence)


class ConvictionStore(Store):
    """Loads and writes convictions. Writers of one case hold the lock of its person."""

    async def get(self, person_id: int, conviction_id: int) -> Conviction:
        """The person's conviction with this id. Raises ConvictionNotFound."""
        row = await self.one_or_none(
            select(conviction).where(conviction.c.person_id == person_id, conviction.c.id == conviction_id)
        )
        if row is None:
            raise ConvictionNotFound
        return to_conviction(row)

    async def add(self, person_id: int, sentence: Sentence, *, has_rar: bool) -> Conviction:
        """Record a sentence, with a rehabilitation activity requirement when it has one."""
        mine = select(func.count()).select_from(conviction).where(conviction.c.person_id == person_id)
        values = {
            "person_id": person_id, "number": await self.count(mine) + 1, "active": True, **asdict(sentence),
            "failure_count": 0, "version": 1,
        }  # fmt: skip
        row = await self.one_or_none(insert(conviction).values(values).returning(conviction))
        assert row is not None
        if has_rar:
            rar = {"conviction_id": row["id"], "main_category": RAR, "active": True, "rar_count": 0}
            await self.run(insert(requirement).values(rar))
        return to_conviction(row)

    async def save(self, one: Conviction) -> None:
        """Write the count of failures to comply."""
        await self.run(
            update(conviction)
            .where(conviction.c.id == one.id)
            .values(failure_count=one.failure_count, version=conviction.c.version + 1)
        )

    async def has_active(self, person_id: int) -> bool:
        """Whether the person serves a sentence."""
        statement = select(conviction.c.id).where(conviction.c.person_id == person_id, conviction.c.active)
        return await self.first(statement) is not None

    async def find_rar(self, conviction_id: int) -> Requirement | None:
        """The first active rehabilitation activity requirement of a sentence, or None."""
        row = await self.first(
            select(requirement)
            .where(
                requirement.c.conviction_id == conviction_id,
                requirement.c.main_category == RAR,
                requirement.c.active,
            )
            .order_by(requirement.c.id)
        )
        return Requirement(row["id"], row["main_category"], row["rar_count"]) if row else None

    async def count_rar(self, requirement_id: int, days: int) -> None:
        """Write the days of rehabilitation activity of a requirement."""
        await self.run(update(requirement).where(requirement.c.id == requirement_id).values(rar_count=days))
