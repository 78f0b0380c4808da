"""Turn domain events into pending notifications."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.kit.context import Context
from throughcare.services.integration.change.model import Change, plan
from throughcare.services.integration.event_type.model import EventType, decide_types
from throughcare.services.integration.notification.model import Notification, Refusal, coalesce
from throughcare.services.integration.notification.store import NotificationStore
from throughcare.services.integration.person.model import Person
from throughcare.services.integration.person.usecases import look_up
from throughcare.services.integration.settings import IntegrationSettings

Planned = tuple[Change, list[Notification], list[Refusal]]


async def store_changes(ctx: Context, changes: Sequence[Change]) -> None:
    """Store what the changes lead to: types first, then look-ups, then one transaction with one insert.

    Raises NoAdditionalInformation, NothingCanBeTold, PersonNotFound or UpstreamFailure, and then stores nothing.
    """
    disabled = ctx.settings(IntegrationSettings).disabled_flags
    typed = [(change, types) for change in changes if (types := decide_types(change, disabled))]
    planned = await _plan(ctx, typed)
    if not any(made or refused for _, made, refused in planned):
        return
    delay = ctx.settings(IntegrationSettings).delay
    async with ctx.uow as uow:
        due = [one for one in planned if one[0].source in uow.fresh]
        store = uow.store(NotificationStore)
        notifications = coalesce(notification for _, made, _ in due for notification in made)
        await store.add(notifications, now=uow.now, delay=delay)
        await store.refuse([refusal for _, _, refused in due for refusal in refused], now=uow.now)


async def _plan(ctx: Context, typed: Sequence[tuple[Change, list[EventType]]]) -> list[Planned]:
    if not typed:
        return []
    people = await look_up(ctx, [change.question for change, _ in typed])
    planned: list[Planned] = []
    for (change, types), person in zip(typed, people, strict=True):
        if not isinstance(person, Person):
            raise person
        made, refused = plan(change, types, person)
        planned.append((change, made, refused))
    return planned
