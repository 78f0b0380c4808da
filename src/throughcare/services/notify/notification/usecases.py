"""Accepting messages, and letting time pass over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import NotFound
from throughcare.kit.ids import new_id
from throughcare.services.notify.account.model import Account, Caller
from throughcare.services.notify.callback.store import CallbackStore
from throughcare.services.notify.limit.model import too_many_today
from throughcare.services.notify.notification.model import (
    RETENTION,
    Change,
    Notification,
    Origin,
    Outcome,
    Timing,
    new_notification,
    progress,
)
from throughcare.services.notify.notification.schemas import receipt
from throughcare.services.notify.notification.store import NotificationStore


@dataclass(frozen=True)
class Addressee:
    """A recipient as given, and in the form in which recipients are compared."""

    given: str
    normal: str


async def accept_notification(
    uow: UnitOfWork, caller: Caller, to: Addressee, origin: Origin, timing: Timing
) -> Notification:
    """Take over a message; simulated recipients are counted and answered, but nothing is kept.

    Raises Refused (429) when the service has sent its share of the day.
    """
    channel, limit = origin.template.type, caller.account.daily_limit(origin.template.type, caller.key)
    one = new_notification(
        new_id(), caller, recipient=to.given, normal=to.normal, origin=origin, now=uow.now, timing=timing
    )
    async with uow:
        store = uow.store(NotificationStore)
        if not one.simulated:
            await store.add(one, Change(one.id, one.status, one.created_at, "accepted"))
        if limit is not None and not await store.count_sent(caller.account.id, uow.now.date(), channel, limit):
            raise too_many_today(channel, limit)
    return one


async def advance_statuses(uow: UnitOfWork, accounts: Mapping[UUID, Account], timing: Timing) -> int:
    """Let the status clock run: messages reach the provider, then their end; how many changed."""
    async with uow:
        store = uow.store(NotificationStore)
        moved = [progress(one, uow.now, timing) for one in await store.due(uow.now)]
        if moved:
            changed = [one for one, _ in moved]
            await store.save_statuses(changed, [change for _, changes in moved for change in changes])
            await _announce(uow, accounts, [one for one in changed if one.completed_at is not None])
    return len(moved)


async def settle_notification(
    uow: UnitOfWork, accounts: Mapping[UUID, Account], notification_id: UUID, outcome: Outcome, *, by: str
) -> None:
    """Give a message a final status by hand; its receipt is posted. Raises NotFound."""
    async with uow:
        store = uow.store(NotificationStore)
        one = await store.get_for_change(notification_id)
        if one is None:
            raise NotFound("there is no such message", code="MESSAGE_NOT_FOUND")
        ended = one.ends(outcome, uow.now)
        await store.save_statuses([ended], [Change(one.id, outcome, uow.now, by)])
        await _announce(uow, accounts, [ended])


async def post_receipt_again(uow: UnitOfWork, accounts: Mapping[UUID, Account], notification_id: UUID) -> bool:
    """Post a message's receipt once more; False when its service has no callback. Raises NotFound."""
    async with uow:
        one = await uow.store(NotificationStore).get_for_change(notification_id)
        if one is None:
            raise NotFound("there is no such message", code="MESSAGE_NOT_FOUND")
        return await _announce(uow, accounts, [one]) == 1


async def empty_inbox(uow: UnitOfWork) -> int:
    """Delete every message with its history and receipts; how many."""
    async with uow:
        return await uow.store(NotificationStore).delete_all()


async def forget_old(uow: UnitOfWork) -> int:
    """Delete messages older than seven days, and the oldest beyond ten thousand; how many."""
    async with uow:
        store = uow.store(NotificationStore)
        return await store.delete_before(uow.now - RETENTION) + await store.delete_beyond()


async def _announce(uow: UnitOfWork, accounts: Mapping[UUID, Account], messages: Sequence[Notification]) -> int:
    rows = [
        (new_id(), one.id, one.service_id, receipt(one))
        for one in messages
        if (account := accounts.get(one.service_id)) is not None and account.callback is not None
    ]
    await uow.store(CallbackStore).add(rows, uow.now)
    return len(rows)
