"""Keeping what was typed, and forgetting it once it is saved where it belongs."""

from __future__ import annotations

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.ui.safe import Safe
from throughcare.ui.typed.model import KEPT_FOR, NEVER_KEPT, SavedAt, Typed, Why, Words
from throughcare.ui.typed.store import TypedStore


async def keep(uow: UnitOfWork, safe: Safe, *, owner: str, place: str, words: Words, why: Why) -> Typed:
    """Keep what ``owner`` typed into the form at ``place``; tokens of the form are left out."""
    kept = {name: list(values) for name, values in words.items() if name not in NEVER_KEPT}
    one = Typed(owner, place, kept, why, real_now())
    async with uow:
        await uow.store(TypedStore).put(one, safe)
    return one


async def put_away(uow: UnitOfWork, *, owner: str, place: str, saved: bool = False) -> None:
    """Forget what ``owner`` typed there; with ``saved`` because it is saved now, which is noted."""
    async with uow:
        store = uow.store(TypedStore)
        await store.remove(owner, place)
        if saved:
            await store.note_saved(SavedAt(place, owner, real_now()))


async def forget_old(uow: UnitOfWork) -> None:
    """Forget what nobody came back to for a week, and who saved what before that."""
    async with uow:
        await uow.store(TypedStore).remove_older_than(real_now() - KEPT_FOR)
