"""Beginning, going on with and finishing work over several pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import Unavailable
from throughcare.ui.safe import Safe
from throughcare.ui.unfinished.model import KEPT_FOR, Gone, Kind, NotYours, Unfinished
from throughcare.ui.unfinished.store import UnfinishedStore

LOOKS, LOOK_SECONDS = 50, 0.2


async def begin(
    uow: UnitOfWork, safe: Safe, work_id: UUID, kind: Kind, *, owner: str, about: str, words: Mapping[str, Any]
) -> Unfinished:
    """New work, or that which was begun under this id before."""
    now = real_now()
    async with uow:
        store = uow.store(UnfinishedStore)
        await store.add(Unfinished(work_id, kind, owner, about, words, now, now), safe)
        found = await store.find(work_id, safe)
    return _owned(found, kind, owner)


async def open_work(uow: UnitOfWork, safe: Safe, work_id: UUID, kind: Kind, *, owner: str) -> Unfinished:
    """Work that is under way. Raises Gone, NotYours."""
    found = _owned(await _find(uow, safe, work_id), kind, owner)
    if found.finished_at is not None:
        raise Gone(kind, found.outcome)
    return found


async def outcome_of(uow: UnitOfWork, safe: Safe, work_id: UUID, kind: Kind, *, owner: str) -> str | None:
    """Where the work led, None while it has not. Raises Gone, NotYours."""
    return _owned(await _find(uow, safe, work_id), kind, owner).outcome


async def change(uow: UnitOfWork, safe: Safe, work_id: UUID, words: Mapping[str, Any]) -> None:
    """Other answers."""
    async with uow:
        await uow.store(UnfinishedStore).change(work_id, words, real_now(), safe)


async def claim(uow: UnitOfWork, work_id: UUID) -> bool:
    """Whether the caller is to carry the work out: of two at the same time only one is."""
    async with uow:
        return await uow.store(UnfinishedStore).claim(work_id, real_now())


async def release(uow: UnitOfWork, work_id: UUID) -> None:
    """The work could not be carried out, and may be tried again."""
    async with uow:
        await uow.store(UnfinishedStore).release(work_id)


async def finish(uow: UnitOfWork, safe: Safe, work_id: UUID, outcome: str) -> None:
    """The work is done and led to the path ``outcome``."""
    async with uow:
        await uow.store(UnfinishedStore).finish(work_id, outcome, real_now(), safe)


async def carry_out(
    new_uow: Callable[[], UnitOfWork], safe: Safe, work: Unfinished, do: Callable[[], Awaitable[str]]
) -> str:
    """Do it once, and answer the path that it led to, however often and from however many pages it is asked for.

    ``do`` answers that path. What it raises leaves the work as it was. Raises Unavailable when somebody else who is
    doing it does not come to an end.
    """
    if not await claim(new_uow(), work.id):
        for _ in range(LOOKS):
            outcome = await outcome_of(new_uow(), safe, work.id, work.kind, owner=work.owner)
            if outcome is not None:
                return outcome
            await asyncio.sleep(LOOK_SECONDS)
        raise Unavailable("this is being sent already; try again in a minute")
    try:
        outcome = await do()
    except BaseException:
        await release(new_uow(), work.id)
        raise
    await finish(new_uow(), safe, work.id, outcome)
    return outcome


async def forget_old(uow: UnitOfWork) -> None:
    """Forget what nobody came back to for a week."""
    async with uow:
        await uow.store(UnfinishedStore).remove_older_than(real_now() - KEPT_FOR)


async def _find(uow: UnitOfWork, safe: Safe, work_id: UUID) -> Unfinished | None:
    async with uow:
        return await uow.store(UnfinishedStore).find(work_id, safe)


def _owned(found: Unfinished | None, kind: Kind, owner: str) -> Unfinished:
    if found is None or found.kind is not kind:
        raise Gone(kind)
    if found.owner != owner:
        raise NotYours
    return found
