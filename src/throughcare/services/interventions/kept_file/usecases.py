"""Hands a kept file out, part by part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.services.interventions.kept_file.store import FileStore


async def parts_of(ctx: Context, file_id: UUID) -> AsyncIterator[str]:
    """The parts of a file in order; no connection is held while the reader takes their time over one."""
    ordinal = 0
    while True:
        async with ctx.reading(FileStore) as store:
            content = await store.find(file_id, ordinal)
        if content is None:
            return
        yield content
        ordinal += 1
