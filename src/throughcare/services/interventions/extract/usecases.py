"""Makes the extracts: each file anew, in parts, put in the place of the old one once it is whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from throughcare.kit.context import Context
from throughcare.kit.ids import new_id
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.extract.model import Extract, Line, text_of
from throughcare.services.interventions.extract.store import ExtractStore
from throughcare.services.interventions.extract.views import ExtractViews, referrals_after
from throughcare.services.interventions.kept_file.store import FileStore

REFERRALS_A_PART = 500


async def make_extract(ctx: Context, kind: Extract) -> int:
    """Make one file of all referrals anew; how many lines it has below its header.

    Raises StaleVersion when somebody else began the same file meanwhile.
    """
    file_id, rows, ordinal = new_id(), 0, 0
    async with ctx.new_uow() as uow:
        await uow.store(FileStore).remove(await uow.store(ExtractStore).begin(kind.file, file_id))
        await uow.store(FileStore).add(file_id, ordinal, text_of([kind.header]))
    async for lines in _pages(ctx, kind):
        rows, ordinal = rows + len(lines), ordinal + 1
        async with ctx.new_uow() as uow:
            await uow.store(FileStore).add(file_id, ordinal, text_of(lines))
    async with ctx.new_uow() as uow:
        await uow.store(ExtractStore).finish(kind.file, file_id, at=uow.now, rows=rows)
    return rows


def _pages(ctx: Context, kind: Extract) -> AsyncIterator[Sequence[Line]]:
    return _referrals(ctx) if kind is Extract.REFERRALS else _others(ctx, kind)


async def _referrals(ctx: Context) -> AsyncIterator[Sequence[Line]]:
    catalogue, last = await current_catalogue(ctx), None
    while True:
        async with ctx.reading(ExtractViews) as views:
            lines, last = await referrals_after(views, catalogue, last, limit=REFERRALS_A_PART)
        if last is None:
            return
        yield lines


async def _others(ctx: Context, kind: Extract) -> AsyncIterator[Sequence[Line]]:
    last = None
    while True:
        async with ctx.reading(ExtractViews) as views:
            lines, last = await views.lines_after(kind, last, limit=REFERRALS_A_PART)
        if last is None:
            return
        yield lines
