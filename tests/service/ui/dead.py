"""Messages that their readers cannot handle."""

from __future__ import annotations

import json
from typing import Any

from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing

QUEUE = "prisoner_search_domain_events"
EVENT = "prison.booking.opened"


def event(**changes: Any) -> dict[str, Any]:
    """A domain event about somebody whom nobody knows."""
    return {
        "eventType": EVENT, "version": 1, "occurredAt": "2024-03-04T12:00:00Z", "description": "A booking was opened",
        "detailUrl": "http://throughcare.test/x", "eventId": str(new_id()), "source": "prison",
        "personReference": {"identifiers": [{"type": "NOMS", "value": "A1234BC"}]},
        "additionalInformation": {"note": "about A1234BC and X123456"}, "correlationId": "poison-0001", **changes,
    }  # fmt: skip


async def bury(world: World, body: object = "{not json", queue: str = QUEUE, **attributes: str) -> str:
    """Send a message to a queue whose reader cannot handle it; its id among the dead letters."""
    text = body if isinstance(body, str) else json.dumps(body)
    known = {one.message_id for one in await world.host.bus.dead(queue)}
    await world.host.bus.send(queue, [Outgoing("one", text, {"eventType": EVENT, **attributes})])
    await world.drain()
    [letter] = [one for one in await world.host.bus.dead(queue) if one.message_id not in known]
    return letter.message_id


def address(message_id: str, queue: str = QUEUE, service: str = "prisoner_search") -> str:
    """The page of a dead letter."""
    return f"/console/dead-letters/{service}/{queue}_dlq/{message_id}"
