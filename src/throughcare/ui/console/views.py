"""Asks every service at once how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.console.model import ServiceState
from throughcare.ui.peers.operations import Event, operations_of

T = TypeVar("T")
NEWEST = 30


async def overview(ctx: Context) -> list[ServiceState]:
    """The state of every service; one that does not answer leaves a gap, not an error."""
    paths = ctx.runtime.topology.paths
    return list(await asyncio.gather(*(_state(ctx, name, path) for name, path in paths.items())))


async def events(ctx: Context, correlation_id: str | None, limit: int = NEWEST) -> list[tuple[str, Event]]:
    """The newest events of all services, newest first; or all that one request caused, oldest first."""

    async def of(name: str) -> list[tuple[str, Event]]:
        try:
            found = await ctx.peer(operations_of(name), as_user=True).events(correlation_id, limit)
        except ServiceError:
            return []
        return [(name, one) for one in found]

    found = [one for part in await asyncio.gather(*map(of, ctx.runtime.topology.paths)) for one in part]
    newest = sorted(found, key=lambda pair: (pair[1].recorded_at, str(pair[1].event_id)), reverse=True)[:limit]
    return newest if correlation_id is None else newest[::-1]


async def _state(ctx: Context, name: str, path: str) -> ServiceState:
    state, doors = ServiceState(name, path), ctx.peer(operations_of(name), as_user=True)

    async def ask(part: str, question: Awaitable[T]) -> T | None:
        try:
            return await question
        except ServiceError:
            state.missing.append(part)
            return None

    health, outbox, queues = await asyncio.gather(
        ask("health", doors.health()), ask("outbox", doors.outbox()), ask("queues", doors.queues())
    )
    state.health, state.outbox, state.queues = health, outbox, queues or []
    for queue in state.queues:
        if queue.dead:
            letters = await ask("dead letters", doors.dead_letters(queue.dlq_name))
            state.dead += [(queue, letter) for letter in letters or []]
    return state
