"""Where files that the service wrote are kept: in parts, so that nobody ever holds a whole one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Column, Integer, Table, Text, Uuid, delete, func, insert, select

from throughcare.kit.db.database import Store, schema

kept_file_part = Table(
    "kept_file_part",
    schema("interventions"),
    Column("file_id", Uuid, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("content", Text, nullable=False),
)


class FileStore(Store):
    """Parts of files, numbered from 0."""

    async def add(self, file_id: UUID, ordinal: int, content: str) -> None:
        """Keep the next part of a file."""
        await self.run(insert(kept_file_part).values(file_id=file_id, ordinal=ordinal, content=content))

    async def find(self, file_id: UUID, ordinal: int) -> str | None:
        """One part; None after the last."""
        part = kept_file_part.c
        mine = select(part.content).where(part.file_id == file_id, part.ordinal == ordinal)
        found = await self.scalar(mine)
        return None if found is None else str(found)

    async def sizes(self, file_ids: Iterable[UUID]) -> dict[UUID, int]:
        """How many bytes each of these files has; those that do not exist are left out."""
        part = kept_file_part.c
        size = func.sum(func.octet_length(part.content)).label("size")
        mine = select(part.file_id, size).where(part.file_id.in_(list(file_ids))).group_by(part.file_id)
        return {row["file_id"]: int(row["size"]) for row in await self.all(mine)}

    async def remove(self, file_ids: Iterable[UUID]) -> None:
        """Delete files."""
        await self.run(delete(kept_file_part).where(kept_file_part.c.file_id.in_(list(file_ids))))
