"""Erases what has been kept long enough."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.services.interventions.retention.model import Limit
from throughcare.services.interventions.retention.store import RetentionStore

AT_ONCE = 500


async def count_due(ctx: Context, limit: Limit) -> int:
    """How many referrals have been kept long enough."""
    async with ctx.reading(RetentionStore) as store:
        return await store.count_over(limit)


async def find_due(ctx: Context, limit: Limit) -> AsyncIterator[UUID]:
    """Each referral that has been kept long enough."""
    last: UUID | None = None
    while True:
        async with ctx.reading(RetentionStore) as store:
            ids = await store.after(last, AT_ONCE, limit)
        if not ids:
            return
        for one in ids:
            yield one
        last = ids[-1]


async def erase_referral(uow: UnitOfWork, referral_id: UUID, limit: Limit) -> bool:
    """Erase a referral with everything that hangs on it; whether it was still there and still due."""
    async with uow:
        store = uow.store(RetentionStore)
        if not await store.lock(referral_id, limit):
            return False
        await store.erase(referral_id, uow.now)
    return True
