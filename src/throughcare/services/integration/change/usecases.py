"""Turn domain events into pending notifications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reject
from throughcare.services.integration import measures
from throughcare.services.integration.change.model import Change, ChangeError, Plan, plan
from throughcare.services.integration.event_type.model import EventType, decide_types
from throughcare.services.integration.notification.model import coalesce
from throughcare.services.integration.notification.store import NotificationStore
from throughcare.services.integration.person.model import Person, PersonNotFound, Registers, UpstreamFailure
from throughcare.services.integration.person.usecases import PeerRegisters, answer
from throughcare.services.integration.settings import IntegrationSettings, delay_of

Failure = ChangeError | PersonNotFound | UpstreamFailure


async def store_changes(ctx: Context, changes: Sequence[Change]) -> None:
    """Store what the changes lead to: types first, then look-ups, then one transaction with one insert.

    A change that fails is left out alone: rejected when it can never be told, else retried.
    """
    disabled = ctx.settings(IntegrationSettings).disabled_flags
    plans: list[Plan] = []
    for change, outcome in zip(changes, await plan_changes(changes, PeerRegisters(ctx), disabled), strict=True):
        if isinstance(outcome, Plan):
            plans.append(outcome)
        else:
            ctx.leave_out(change.source, Reject(str(outcome)) if isinstance(outcome, ChangeError) else outcome)
    if any(one.notifications or one.refusals for one in plans):
        await _store(ctx, plans)


async def plan_changes(
    changes: Sequence[Change], registers: Registers, disabled: Collection[str]
) -> list[Plan | Failure]:
    """What each change leads to, or why that cannot be said. Nobody is looked up for a change that leads to nothing."""
    decided = [_types(change, disabled) for change in changes]
    asked = [
        (place, change) for place, (change, types) in enumerate(zip(changes, decided, strict=True)) if _some(types)
    ]
    people = await answer([change.question for _, change in asked], registers) if asked else []
    outcomes: list[Plan | Failure] = [
        types if isinstance(types, ChangeError) else Plan(change)
        for change, types in zip(changes, decided, strict=True)
    ]
    for (place, change), person in zip(asked, people, strict=True):
        types = decided[place]
        assert not isinstance(types, ChangeError)
        outcomes[place] = _planned(change, types, person) if isinstance(person, Person) else person
    return outcomes


def _types(change: Change, disabled: Collection[str]) -> list[EventType] | ChangeError:
    try:
        return decide_types(change, disabled)
    except ChangeError as error:
        return error


def _some(types: list[EventType] | ChangeError) -> bool:
    return not isinstance(types, ChangeError) and bool(types)


def _planned(change: Change, types: Sequence[EventType], person: Person) -> Plan | Failure:
    try:
        return plan(change, types, person)
    except ChangeError as error:
        return error


async def _store(ctx: Context, plans: Sequence[Plan]) -> None:
    async with ctx.uow as uow:
        fresh = [one for one in plans if one.change.source in uow.fresh]
        store = uow.store(NotificationStore)
        pending = coalesce(notification for one in fresh for notification in one.notifications)
        await store.add(pending, now=uow.now, delay=delay_of(ctx))
        refusals = [refusal for one in fresh for refusal in one.refusals]
        await store.refuse(refusals, now=uow.now)
    for event_type, count in Counter(each.event_type for one in fresh for each in one.notifications).items():
        measures.stored_total.labels(event_type).inc(count)
    for reason, count in Counter(one.reason for one in refusals).items():
        measures.refused_total.labels(reason).inc(count)
