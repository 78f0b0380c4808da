"""Works through a refresh, a page at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.http.peer import PeerError
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.prisoner_search.index.store import IndexStore
from throughcare.services.prisoner_search.index.usecases import index_prisoner
from throughcare.services.prisoner_search.peers.prison import PrisonPeer
from throughcare.services.prisoner_search.refresh import usecases

log = get_logger(__name__)

PAGE, AT_ONCE = 200, 4


async def refresh_page(ctx: Context) -> int:
    """Check the next page of prison's numbers, and what the index holds between them.

    How many were checked; 0 when there is nothing to do now, or when somebody must be tried again later.
    """
    under_way = await usecases.take_refresh(ctx.new_uow())
    if under_way is None:
        return 0
    try:
        page = await ctx.peer(PrisonPeer).prisoner_numbers(under_way.next_page, PAGE)
    except PeerError as error:
        log.warning("refresh waits for prison", labels={"error": error.code, "step": str(under_way.next_page)})
        await usecases.give_back_refresh(ctx.new_uow(), under_way)
        return 0
    until = None if page.last or not page.content else page.content[-1]
    async with ctx.reading(IndexStore) as store:
        indexed = await store.numbers_between(under_way.after, until)
    numbers = sorted({*page.content, *indexed})
    failures = await _check_all(ctx, numbers)
    turned = await usecases.turn_page(ctx.new_uow(), under_way, numbers, failures, last=page.last)
    if failures:
        outcome = "set aside" if turned else "tried again"
        labels = {"step": str(under_way.next_page), "errors": str(len(failures)), "outcome": outcome}
        log.error("refresh could not check everybody", labels=labels)
    return max(1, len(numbers)) if turned else 0


async def _check_all(ctx: Context, numbers: Sequence[str]) -> dict[str, str]:
    """Check each number; why those failed that did, by number."""
    limit = asyncio.Semaphore(AT_ONCE)
    reasons = await asyncio.gather(*(_check(ctx, number, limit) for number in numbers))
    return {number: reason for number, reason in zip(numbers, reasons, strict=True) if reason is not None}


async def _check(ctx: Context, number: str, limit: asyncio.Semaphore) -> str | None:
    async with limit:
        try:
            found = await ctx.peer(PrisonPeer).search_details(number)
            await index_prisoner(ctx.new_uow(), number, found, checking=True)
        except Exception as error:  # whatever is wrong with one, the others are checked
            return error.code if isinstance(error, ServiceError) else type(error).__name__
    return None
