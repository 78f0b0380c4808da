"""Keeping what was typed, and forgetting it once it is saved where it belongs."""

from __future__ import annotations

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.ui.safe import Safe
from throughcare.ui.typed.model import KEPT_FOR, NEVER_KEPT, Typed, Why, Words
from throughcare.ui.typed.store import TypedStore


async def keep(uow: UnitOfWork, safe: Safe, *, owner: str, place: str, words: Words, why: Why) -> Typed:
    """Keep what ``owner`` typed into the form at ``place``; tokens of the form are left out."""
    kept = {name: list(values) for name, values in words.items() if name not in NEVER_KEPT}
    one = Typed(owner, place, kept, why, real_now())
    async with uow:
        await uow.store(TypedStore).put(one, safe)
    return one


async def forget(uow: UnitOfWork, *, owner: str, place: str) -> None:
    """Forget what ``owner`` typed there."""
    async with uow:
        await uow.store(TypedStore).remove(owner, place)


async def forget_old(uow: UnitOfWork) -> None:
    """Forget what nobody came back to for a week."""
    async with uow:
        await uow.store(TypedStore).remove_older_than(real_now() - KEPT_FOR)
