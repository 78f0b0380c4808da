"""The ledger at the end: every event owed is on record and published, nothing else is, and nothing is parked."""

from __future__ import annotations

from collections import Counter
from typing import Any

from throughcare.cli.journey.journey import Journey


async def events_on_record(journey: Journey) -> int:
    """Compare the events on record with those owed; how many there are."""
    await journey.settled()
    events = await journey.events()
    found = Counter(str(one["eventType"]) for one in events)
    for kind, count in (journey.expected - found).items():
        journey.lost.append(f"{count} × {kind}")
    for kind, count in (found - journey.expected).items():
        journey.unexpected.append(f"{count} × {kind}")
    for service in journey.doors.services:
        for queue in await journey.machine(service, "GET", "/queue-admin/queues"):
            for dead in await _dead(journey, service, queue):
                journey.unexpected.append(f"dead letter {dead['eventType']} on {queue['queueName']}: {dead['detail']}")
    journey.step(f"{len(events)} domain events are on record, all published")
    return len(events)


async def _dead(journey: Journey, service: str, queue: dict[str, Any]) -> list[dict[str, Any]]:
    if not queue["dead"]:
        return []
    answer = await journey.machine(service, "GET", f"/queue-admin/get-dlq-messages/{queue['dlqName']}")
    mine = journey.doors.correlation_id
    return [
        one
        for one in answer["messages"]
        if not isinstance(one["body"], dict) or one["body"].get("correlationId") == mine
    ]
