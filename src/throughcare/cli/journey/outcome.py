"""The ledgers at the end: every event owed is on record and published, and outside bodies heard what they may."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from throughcare.cli.journey.doors import eventually
from throughcare.cli.journey.journey import Journey

SEES, SEES_NOT = "mapps-demo", "kiosk-demo"
# What else the journey causes; how often depends on how fast changes follow one another.
ALSO_CAUSED = frozenset({
    "prisoner-offender-search.prisoner.updated", "prisoner-offender-search.prisoner.convicted-status-changed",
    "probation-case.engagement.created", "probation-case.prison-identifier.added", "probation-case.sentence.created",
    "person.community.manager.allocated",
})  # fmt: skip


async def settled(journey: Journey) -> None:
    """Wait until every event is published and every queue is empty."""

    async def quiet() -> bool:
        events = await journey.events()
        if not all(one["publishedAt"] for one in events):
            return False
        for service in journey.doors.services:
            for queue in await journey.machine(service, "GET", "/queue-admin/queues"):
                if queue["messages"] or queue["inFlight"]:
                    return False
        return True

    await eventually(quiet, "the end of all work", seconds=60)


async def events_on_record(journey: Journey) -> int:
    """Compare the events on record with those owed; how many there are."""
    await settled(journey)
    events = await journey.events()
    found = Counter(str(one["eventType"]) for one in events)
    for kind, count in (journey.expected - found).items():
        journey.lost.append(f"{count} × {kind}")
    for kind, count in (found - journey.expected).items():
        if kind not in ALSO_CAUSED:
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


async def notified(journey: Journey) -> None:
    """The five-minute window passes; what is owed to the consumer that may see this person is written down."""
    await settled(journey)
    await journey.advance(timedelta(minutes=10))

    async def notifications() -> list[dict[str, Any]]:
        found = []
        for identifier in (journey.crn, journey.noms):
            answer = await journey.machine("integration", "GET", "/v1/notifications", params={"hmppsId": identifier})
            found += answer["notifications"]
        return found

    def finished(found: list[dict[str, Any]]) -> bool:
        return all(one["status"] == "PROCESSED" for one in found)

    made = await eventually(notifications, "the delivery of all notifications", seconds=60, until=finished)
    journey.owed |= {str(one["eventId"]) for one in made if SEES in {each["consumer"] for each in one["deliveries"]}}
    journey.step(f"{len(made)} notifications about this person are sent, {len(journey.owed)} of them to {SEES}")


async def outside_bodies_told(journey: Journey) -> None:
    """The consumer that may see this person has every notification; the one that may not has none."""
    await notified(journey)
    got, wrong = await _collect(journey, SEES), await _collect(journey, SEES_NOT)
    journey.delivered = len(journey.owed & got)
    journey.lost += [f"notification {one} to {SEES}" for one in sorted(journey.owed - got)]
    journey.unexpected += [f"notification {one} to {SEES_NOT}" for one in sorted(wrong)]
    if not journey.owed:
        journey.lost.append(f"every notification to {SEES}")
    journey.step(f"{SEES} has received {len(journey.owed & got)} integration events, {SEES_NOT} {len(wrong)}")


async def _collect(journey: Journey, consumer: str) -> set[str]:
    """Read and acknowledge a consumer's queue to its end; the ids of what concerns this person."""

    mine: set[str] = set()
    while True:
        answer = await journey.doors.machine(
            consumer, "integration", "GET", "/v1/queue/messages", params={"limit": 100, "wait": 0}
        )
        messages = answer["messages"]
        if not messages:
            return mine
        for one in messages:
            body = json.loads(json.loads(one["body"])["Message"])
            if body["hmppsId"] in {journey.crn, journey.noms}:
                mine.add(str(body["eventId"]))
            await journey.doors.machine(consumer, "integration", "DELETE", f"/v1/queue/messages/{one['receipt']}")
