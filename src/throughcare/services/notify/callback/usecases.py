"""Taking receipts from the queue of those that are due, and noting how it went."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.db import UnitOfWork
from throughcare.services.notify.callback.model import Attempt, Callback
from throughcare.services.notify.callback.store import CallbackStore


async def claim_callbacks(uow: UnitOfWork) -> list[Callback]:
    """Receipts to post now; nobody else gets them for half a minute."""
    async with uow:
        return await uow.store(CallbackStore).claim(uow.now)


async def record_attempts(uow: UnitOfWork, attempts: Sequence[Attempt]) -> None:
    """Keep what each try came to; those to be retried become due in five minutes."""
    async with uow:
        await uow.store(CallbackStore).record(attempts)
