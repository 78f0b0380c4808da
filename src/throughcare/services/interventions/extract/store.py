"""Where it is kept which files there are. A file that was replaced stays until the next one is begun."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.extract.model import ExtractFile, no_extract

extract_file = Table(
    "extract_file",
    schema("interventions"),
    Column("name", Text, primary_key=True),
    Column("id", Uuid),
    Column("made_at", DateTime(timezone=True)),
    Column("rows", Integer),
    Column("next_id", Uuid, nullable=False),
    Column("previous_id", Uuid),
)
FILE = extract_file.c


class ExtractStore(Store):
    """Files that were made."""

    async def made(self) -> list[ExtractFile]:
        """Every file that was made, by name."""
        rows = await self.all(select(extract_file).where(FILE.id.is_not(None)).order_by(FILE.name))
        return [ExtractFile(row["name"], row["id"], row["made_at"], row["rows"]) for row in rows]

    async def get(self, name: str) -> ExtractFile:
        """A file by its name. Raises NotThere."""
        found = [one for one in await self.made() if one.name == name]
        if not found:
            raise no_extract()
        return found[0]

    async def begin(self, name: str, file_id: UUID) -> list[UUID]:
        """Begin a new file of this name; the ids of those that nobody needs any more."""
        before = await self.one_or_none(select(extract_file).where(FILE.name == name).with_for_update())
        new = upsert(extract_file).values(name=name, next_id=file_id)
        values = {"next_id": file_id, "previous_id": None}
        await self.run(new.on_conflict_do_update(index_elements=["name"], set_=values))
        if before is None:
            return []
        unfinished = [] if before["next_id"] == before["id"] else [before["next_id"]]
        return [*unfinished, *filter(None, [before["previous_id"]])]

    async def finish(self, name: str, file_id: UUID, *, at: datetime, rows: int) -> None:
        """Put the new file in the place of the old one. Raises StaleVersion when another was begun meanwhile."""
        change = update(extract_file).where(FILE.name == name, FILE.next_id == file_id)
        if not await self.run(change.values(previous_id=FILE.id, id=file_id, made_at=at, rows=rows)):
            raise StaleVersion
