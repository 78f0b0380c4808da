"""Works through a refresh, a page at a time."""

from __future__ import annotations

import asyncio

from throughcare.kit.context import Context
from throughcare.services.prisoner_search.index.store import IndexStore
from throughcare.services.prisoner_search.index.usecases import index_prisoner
from throughcare.services.prisoner_search.peers.prison import PrisonPeer
from throughcare.services.prisoner_search.refresh import usecases

PAGE, AT_ONCE = 200, 4


async def refresh_page(ctx: Context) -> int:
    """Check the next page of prison's numbers, and what the index holds between them; how many were checked."""
    under_way = await usecases.take_refresh(ctx.new_uow())
    if under_way is None:
        return 0
    page = await ctx.peer(PrisonPeer).prisoner_numbers(under_way.next_page, PAGE)
    until = None if page.last or not page.content else page.content[-1]
    async with ctx.reading(IndexStore) as store:
        indexed = await store.numbers_between(under_way.after, until)
    numbers = sorted({*page.content, *indexed})
    limit = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_check(ctx, number, limit) for number in numbers))
    await usecases.turn_page(ctx.new_uow(), under_way, numbers, last=page.last)
    return max(1, len(numbers))


async def _check(ctx: Context, number: str, limit: asyncio.Semaphore) -> None:
    async with limit:
        found = await ctx.peer(PrisonPeer).search_details(number)
        await index_prisoner(ctx.new_uow(), number, found, first_seen_is_news=False)
