"""Tables of people, their identifiers and aliases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from throughcare.kit.db import Store, schema
from throughcare.services.prison.numbering.model import identifier_key
from throughcare.services.prison.person.model import Alias, Identifier, Prisoner, PrisonerNotFound

prisoner = Table(
    "prisoner",
    schema("prison"),
    Column("prisoner_number", Text, primary_key=True),
    Column("title", Text),
    Column("last_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("middle_names", Text),
    Column("suffix", Text),
    Column("date_of_birth", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("ethnicity", Text),
    Column("religion", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
identifier = Table(
    "identifier",
    schema("prison"),
    Column("id", Uuid, primary_key=True),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number), nullable=False),
    Column("type", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("match_key", Text, nullable=False),
    Column("issued_authority", Text),
    Column("issued_date", Date),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
)
alias = Table(
    "alias",
    schema("prison"),
    Column("id", Uuid, primary_key=True),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number), nullable=False),
    Column("title", Text),
    Column("last_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("middle_names", Text),
    Column("date_of_birth", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("ethnicity", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("created_by", Text, nullable=False),
)
IDENTIFIER_COLUMNS = [column for column in identifier.c if column.name != "match_key"]
CREATING = 4_871_001


def identifier_row(one: Identifier) -> dict[str, object]:
    """The row of an identifier."""
    return {**vars(one), "match_key": identifier_key(one.type, one.value)}


class PersonStore(Store):
    """Prisoners with their identifiers and aliases."""

    async def get(self, prisoner_number: str) -> Prisoner:
        """The prisoner. Raises PrisonerNotFound."""
        row = await self.one_or_none(select(prisoner).where(prisoner.c.prisoner_number == prisoner_number))
        if row is None:
            raise PrisonerNotFound
        return Prisoner(**row)

    async def touch(self, prisoner_number: str) -> Prisoner:
        """The prisoner with the next version, locked until the transaction ends. Raises PrisonerNotFound."""
        row = await self.one_or_none(
            update(prisoner)
            .where(prisoner.c.prisoner_number == prisoner_number)
            .values(version=prisoner.c.version + 1)
            .returning(prisoner)
        )
        if row is None:
            raise PrisonerNotFound
        return Prisoner(**row)

    async def one_at_a_time(self) -> None:
        """Wait until nobody else creates a person, so that two cannot create the same one."""
        await self.run(select(func.pg_advisory_xact_lock(CREATING)))

    async def next_position(self) -> int:
        """The next position in the sequence of prisoner numbers."""
        return await self.count(text("select nextval('prisoner_number_position')"))

    async def number_after(self, position: int) -> None:
        """Continue the sequence of prisoner numbers after ``position``."""
        await self.scalar(select(func.setval("prisoner_number_position", position)))

    async def exists(self, prisoner_number: str) -> bool:
        """Whether the number is taken."""
        where = prisoner.c.prisoner_number == prisoner_number
        return await self.scalar(select(prisoner.c.prisoner_number).where(where)) is not None

    async def holder_of(self, identifiers: Sequence[tuple[str, str]]) -> str | None:
        """Who holds one of these identifiers (type and value, however it is spelt); None when nobody does."""
        same = [
            (identifier.c.type == kind) & (identifier.c.match_key == identifier_key(kind, value))
            for kind, value in identifiers
        ]
        found = await self.scalar(select(identifier.c.prisoner_number).where(or_(*same)).limit(1)) if same else None
        return None if found is None else str(found)

    async def namesake(self, last_name: str, first_name: str, date_of_birth: date) -> str | None:
        """Who has this very name and date of birth; None when nobody does."""
        found = await self.scalar(
            select(prisoner.c.prisoner_number)
            .where(prisoner.c.last_name == last_name, prisoner.c.first_name == first_name)
            .where(prisoner.c.date_of_birth == date_of_birth)
            .limit(1)
        )
        return None if found is None else str(found)

    async def add(self, one: Prisoner) -> None:
        """Keep a new prisoner."""
        await self.run(insert(prisoner).values(asdict(one)))

    async def identifiers(self, prisoner_number: str) -> list[Identifier]:
        """The prisoner's identifiers, oldest first."""
        rows = await self.all(
            select(*IDENTIFIER_COLUMNS)
            .where(identifier.c.prisoner_number == prisoner_number)
            .order_by(identifier.c.created_at, identifier.c.id)
        )
        return [Identifier(**row) for row in rows]

    async def add_identifiers(self, found: Sequence[Identifier]) -> None:
        """Keep new identifiers."""
        await self.run(insert(identifier), [identifier_row(one) for one in found])

    async def aliases(self, prisoner_number: str) -> list[Alias]:
        """The prisoner's other names, oldest first."""
        rows = await self.all(
            select(alias).where(alias.c.prisoner_number == prisoner_number).order_by(alias.c.created_at, alias.c.id)
        )
        return [Alias(**row) for row in rows]

    async def add_alias(self, one: Alias) -> None:
        """Keep another name."""
        await self.run(insert(alias).values(asdict(one)))

    async def numbers(self, offset: int, limit: int) -> tuple[list[str], int]:
        """Prisoner numbers in order, and how many there are in all."""
        page = select(prisoner.c.prisoner_number).order_by(prisoner.c.prisoner_number).offset(offset).limit(limit)
        total = await self.count(select(func.count()).select_from(prisoner))
        return [str(row["prisoner_number"]) for row in await self.all(page)], total
