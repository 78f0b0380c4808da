"""Asks every service at once how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.console.model import ServiceState
from throughcare.ui.peers.operations import DeadLetter, health_of, operations_of

T = TypeVar("T")


async def overview(ctx: Context) -> list[ServiceState]:
    """The state of every service; one that does not answer leaves a gap, not an error."""
    paths = ctx.runtime.topology.paths
    return list(await asyncio.gather(*(_state(ctx, name, path) for name, path in paths.items())))


async def _state(ctx: Context, name: str, path: str) -> ServiceState:
    state, doors = ServiceState(name, path), ctx.peer(operations_of(name), as_user=True)

    async def ask(part: str, question: Awaitable[T]) -> T | None:
        try:
            return await question
        except ServiceError:
            state.missing.append(part)
            return None

    async def letters(dlq: str) -> list[DeadLetter]:
        return await ask("dead letters", doors.dead_letters(dlq)) or []

    state.health, state.outbox, queues = await asyncio.gather(
        health_of(ctx, name), ask("outbox", doors.outbox()), ask("queues", doors.queues())
    )
    state.queues = queues or []
    with_dead = [queue for queue in state.queues if queue.dead]
    found = await asyncio.gather(*(letters(queue.dlq_name) for queue in with_dead))
    state.dead = [(queue, one) for queue, part in zip(with_dead, found, strict=True) for one in part]
    return state
