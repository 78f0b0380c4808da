"""Events of every service, asked of all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.event.model import Step, steps
from throughcare.ui.peers.operations import Event, Operations, operations_of

T = TypeVar("T")
NEWEST = 30
MOST = 200


@dataclass(frozen=True)
class Found:
    """Events with the service that recorded each; ``missing`` names the services that did not answer."""

    events: Sequence[tuple[str, Event]]
    missing: Sequence[str]


@dataclass(frozen=True)
class Chain:
    """What one request caused, oldest first; ``more`` says that there are events beyond the oldest 200 of a service."""

    steps: Sequence[Step]
    missing: Sequence[str]
    more: bool

    @property
    def unsettled(self) -> int:
        """How many events wait for something, or for somebody."""
        return sum(not step.settled for step in self.steps)


async def newest_events(ctx: Context) -> Found:
    """The newest events of all services, newest first."""
    found = await _events(ctx, None, NEWEST)
    return Found(found.events[::-1][:NEWEST], found.missing)


async def caused(ctx: Context, correlation_id: str) -> Chain:
    """Every event that one request caused, and what became of each at its readers."""
    found = await _events(ctx, correlation_id, MOST)
    shown = found.events[:MOST]
    ids = [event.event_id for _, event in shown]
    readers, silent = await _ask_all(ctx, lambda doors: doors.readers(ids)) if ids else ({}, [])
    missing = sorted({*found.missing, *silent})
    return Chain(steps(shown, readers), missing, more=len(found.events) > MOST)


async def about_referral(ctx: Context, referral_id: UUID) -> Chain:
    """The events about a referral that are on record, oldest first, and what became of each at its readers."""
    doors = ctx.peer(operations_of("interventions"), as_user=True)
    found = [("interventions", one) for one in reversed(await doors.events_about(referral_id, MOST))]
    ids = [event.event_id for _, event in found]
    readers, silent = await _ask_all(ctx, lambda one: one.readers(ids)) if ids else ({}, [])
    return Chain(steps(found, readers), sorted(silent), more=len(found) == MOST)


async def _events(ctx: Context, correlation_id: str | None, limit: int) -> Found:
    """The newest ``limit`` events of each service, oldest first."""
    answers, missing = await _ask_all(ctx, lambda doors: doors.events(correlation_id, limit))
    events = [(service, one) for service, part in answers.items() for one in part]
    return Found(sorted(events, key=lambda pair: (pair[1].recorded_at, str(pair[1].event_id))), missing)


async def _ask_all(
    ctx: Context, question: Callable[[Operations], Awaitable[T]]
) -> tuple[dict[str, T], list[str]]:  # fmt: skip
    """The answers of the services that gave one, and the names of the others."""
    names = list(ctx.runtime.topology.paths)
    doors = [ctx.peer(operations_of(name), as_user=True) for name in names]
    replies = await asyncio.gather(*(question(one) for one in doors), return_exceptions=True)
    answers: dict[str, T] = {}
    for name, reply in zip(names, replies, strict=True):
        if isinstance(reply, BaseException):
            if not isinstance(reply, ServiceError):
                raise reply
        else:
            answers[name] = reply
    return answers, [name for name in names if name not in answers]
