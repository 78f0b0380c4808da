"""The index: a document for each prisoner, and beside it what is searched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Integer, Table, Text, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.services.prisoner_search.document.model import Document
from throughcare.services.prisoner_search.document.schemas import Alias, Prisoner
from throughcare.services.prisoner_search.identity.model import cro_key, name_words, pnc_forms, pnc_key

prisoner = Table(
    "prisoner",
    schema("prisoner_search"),
    Column("prisoner_number", Text, primary_key=True),
    Column("document", JSONB, nullable=False),
    Column("source_version", Integer, nullable=False),
    Column("last_movement_sequence", Integer, nullable=False),
    Column("booking_id", BigInteger),
    Column("book_number", Text),
    Column("pnc_key", Text),
    Column("pnc_text", Text),
    Column("cro_key", Text),
    Column("last_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name_words", ARRAY(Text), nullable=False),
    Column("first_name_words", ARRAY(Text), nullable=False),
    Column("last_name_text", Text, nullable=False),
    Column("first_name_text", Text, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("gender", Text),
    Column("prison_id", Text),
    Column("indexed_at", DateTime(timezone=True), nullable=False),
)
alias = Table(
    "alias",
    schema("prisoner_search"),
    Column("prisoner_number", Text, ForeignKey(prisoner.c.prisoner_number, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("last_name_words", ARRAY(Text), nullable=False),
    Column("first_name_words", ARRAY(Text), nullable=False),
    Column("last_name_text", Text, nullable=False),
    Column("first_name_text", Text, nullable=False),
    Column("date_of_birth", Date, nullable=False),
    Column("gender", Text),
)


@dataclass(frozen=True)
class Indexed:
    """What the index holds of a prisoner, and how much of prison's record it has seen."""

    document: Document
    source_version: int
    last_movement_sequence: int

    @property
    def seen(self) -> tuple[int, int]:
        """How much of prison's record was indexed: its version, and the number of the last movement."""
        return self.source_version, self.last_movement_sequence


def index_row(document: Prisoner, seen: tuple[int, int], at: datetime) -> dict[str, Any]:
    """The row for a document; ``seen`` is the version and the last movement of prison's record."""
    return {
        "document": document.wire(), "source_version": seen[0], "last_movement_sequence": seen[1], "indexed_at": at,
        **searched_row(document),
    }  # fmt: skip


def searched_row(document: Prisoner) -> dict[str, Any]:
    """What is searched of a document, apart from aliases."""
    return {
        "prisoner_number": document.prisoner_number,
        "booking_id": None if document.booking_id is None else int(document.booking_id),
        "book_number": document.book_number, "pnc_key": pnc_key(document.pnc_number),
        "pnc_text": f" {' '.join(forms)} " if (forms := pnc_forms(document.pnc_number)) else None,
        "cro_key": cro_key(document.cro_number), "last_name": document.last_name,
        "first_name": document.first_name, **name_columns(document.last_name, document.first_name),
        "date_of_birth": document.date_of_birth, "gender": document.gender, "prison_id": document.prison_id,
    }  # fmt: skip


def name_columns(last_name: str | None, first_name: str | None) -> dict[str, object]:
    """What is searched of a name: its words, and for wildcards the words in one text, each between spaces."""
    found: dict[str, object] = {}
    for column, name in (("last_name", last_name), ("first_name", first_name)):
        words = name_words(name)
        found |= {f"{column}_words": words, f"{column}_text": f" {' '.join(words)} "}
    return found


def alias_rows(prisoner_number: str, aliases: Sequence[Alias]) -> list[dict[str, Any]]:
    """The rows for somebody's other names."""
    return [
        {
            "prisoner_number": prisoner_number,
            "position": position,
            "date_of_birth": one.date_of_birth,
            **name_columns(one.last_name, one.first_name),
            "gender": one.gender,
        }
        for position, one in enumerate(aliases)
    ]


class IndexStore(Store):
    """Writes the index, one prisoner at a time."""

    async def find(self, prisoner_number: str) -> Indexed | None:
        """What the index holds, this transaction's alone until it ends, also when it holds nothing yet."""
        await self.run(select(func.pg_advisory_xact_lock(func.hashtextextended(prisoner_number, 0))))
        held = (prisoner.c.document, prisoner.c.source_version, prisoner.c.last_movement_sequence)
        row = await self.one_or_none(select(*held).where(prisoner.c.prisoner_number == prisoner_number))
        return Indexed(**row) if row else None

    async def searches(self, document: Prisoner) -> bool:
        """Whether what is searched of a document is held as it would be written now."""
        number, wanted = document.prisoner_number, searched_row(document)
        columns = [prisoner.c[name] for name in wanted]
        row = await self.one_or_none(select(*columns).where(prisoner.c.prisoner_number == number))
        names = await self.all(select(alias).where(alias.c.prisoner_number == number).order_by(alias.c.position))
        same = row is not None and dict(row) == wanted
        return same and [dict(name) for name in names] == alias_rows(number, document.aliases or ())

    async def put(self, document: Prisoner, seen: tuple[int, int], at: datetime) -> None:
        """Keep a document, and what is searched of it."""
        row = index_row(document, seen, at)
        changed = {name: value for name, value in row.items() if name != "prisoner_number"}
        adding = insert(prisoner).values(row)
        await self.run(adding.on_conflict_do_update(index_elements=[prisoner.c.prisoner_number], set_=changed))
        await self.run(delete(alias).where(alias.c.prisoner_number == document.prisoner_number))
        await self.run(insert(alias), alias_rows(document.prisoner_number, document.aliases or ()))

    async def remove(self, prisoner_number: str) -> None:
        """Forget a prisoner."""
        await self.run(delete(prisoner).where(prisoner.c.prisoner_number == prisoner_number))

    async def numbers_between(self, after: str, until: str | None) -> list[str]:
        """Indexed numbers behind ``after``, up to and with ``until`` (to the end for None)."""
        wanted = select(prisoner.c.prisoner_number).where(prisoner.c.prisoner_number > after)
        if until is not None:
            wanted = wanted.where(prisoner.c.prisoner_number <= until)
        return [str(row["prisoner_number"]) for row in await self.all(wanted)]
