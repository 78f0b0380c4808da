"""What a domain event told outside bodies: its notifications, or why there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.ui.consumer.views import unless_away
from throughcare.ui.event.model import Reading, Step
from throughcare.ui.event.views import caused
from throughcare.ui.peers.consumers import Consumers, Notification, Refusal

TELLER = "integration"


@dataclass(frozen=True)
class Told:
    """An event with what it told. ``step`` is None while its service does not answer; so are the other parts.

    ``reading`` is how far the integration service is with it; None when it does not hear of such events.
    """

    step: Step | None
    notifications: Sequence[Notification] | None
    refusals: Sequence[Refusal] | None
    missing: Sequence[str]

    @property
    def reading(self) -> Reading | None:
        """How far the integration service is with the event."""
        readings = self.step.readings if self.step else ()
        return next((one for one in readings if one.service == TELLER), None)


async def told_by(ctx: Context, correlation_id: str, event_id: UUID) -> Told:
    """What an event of a request told. Raises NotFound when the request caused no such event."""
    doors = ctx.peer(Consumers, as_user=True)
    chain, notifications, refusals = await asyncio.gather(
        caused(ctx, correlation_id), unless_away(doors.caused_by(event_id)), unless_away(doors.refused_of(event_id))
    )
    step = next((one for one in chain.steps if one.event.event_id == event_id), None)
    if step is None and not chain.missing and not chain.more:
        raise NotFound("the request caused no such event")
    return Told(step, notifications, refusals, chain.missing)
