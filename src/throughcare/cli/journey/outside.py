"""Outside bodies: what one is owed by the public rules, and what its queue held.

The rules stand here a second time on purpose: the integration service's own account of what it made says nothing of
what it forgot. A notification is about whoever the person was to the services when the change was handled, so each
change is followed to its end before the next one is made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from throughcare.cli.journey.doors import Unexpected, eventually
from throughcare.cli.journey.journey import Journey, Told

SEES, SEES_NOT = "mapps-demo", "kiosk-demo"
WINDOW = timedelta(minutes=10)
PATIENCE = 30.0

STATUS, SENTENCES = "PERSON_STATUS_CHANGED", "PERSON_SENTENCES_CHANGED"
KEY_DATES, OFFICER = "KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE", "PERSON_RESPONSIBLE_OFFICER_CHANGED"
NEW_PERSON = (
    STATUS, SENTENCES, KEY_DATES, OFFICER, "PERSON_ADDRESS_CHANGED", "PERSON_ALERTS_CHANGED",
    "PERSON_CASE_NOTES_CHANGED", "PERSON_IMAGES_CHANGED", "PERSON_PROTECTED_CHARACTERISTICS_CHANGED",
    "PERSON_REPORTED_ADJUDICATIONS_CHANGED",
)  # fmt: skip
# Of the endpoints that public protection may read, those whose data each domain event changes.
TOLD: Mapping[str, tuple[str, ...]] = {
    "prisoner-offender-search.prisoner.created": NEW_PERSON,
    "prisoner-offender-search.prisoner.received": NEW_PERSON,
    "probation-case.engagement.created": NEW_PERSON,
    "probation-case.prison-identifier.added": NEW_PERSON,
    "prisoner-offender-search.prisoner.updated": (STATUS,),
    "probation-case.sentence.created": (STATUS,),
    "prisoner-offender-search.prisoner.released": (KEY_DATES,),
    "person.community.manager.allocated": (OFFICER,),
}


def owed_for(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """The types of notification that changes within one window lead to, each once."""
    found: set[str] = set()
    for one in events:
        found.update(TOLD.get(one["eventType"], ()))
        if "SENTENCE" in (one["body"]["additionalInformation"].get("categoriesChanged") or ()):
            found.add(SENTENCES)
    return found


async def told(journey: Journey) -> None:
    """The consumer that may see this person hears of what happened since the last time."""
    before = len(journey.heard.get(SEES, {}))
    await _listen(journey)
    journey.step(f"{SEES} hears of {len(journey.heard[SEES]) - before} changes")


async def _listen(journey: Journey) -> None:
    """Reckon up what is owed since the last time, let its window pass, and wait until it is there."""
    await journey.settled()
    new = [one for one in await journey.events() if one["eventId"] not in journey.counted]
    journey.counted.update(one["eventId"] for one in new)
    types = owed_for(new)
    journey.owed.update((journey.crn or journey.noms, kind) for kind in types)
    await journey.advance(WINDOW)

    async def complete() -> bool:
        return not journey.owed - await _heard(journey, SEES)

    with suppress(Unexpected):  # what is missing is reckoned up at the end
        await eventually(complete, "every notification", seconds=PATIENCE)


async def reckoned(journey: Journey) -> None:
    """The consumer that may see this person has every notification once; the one that may not has none."""
    await _listen(journey)
    await eventually(lambda: _under_way(journey), "the delivery of all notifications", until=lambda one: not one)
    heard, wrong = await _heard(journey, SEES), await _heard(journey, SEES_NOT)
    journey.delivered = (journey.owed & heard).total()
    journey.lost += differences(journey.owed, heard, SEES)
    journey.unexpected += [*differences(heard, journey.owed, SEES), *differences(wrong, Counter(), SEES_NOT)]
    journey.step(f"{SEES} has received {journey.delivered} integration events, {SEES_NOT} {wrong.total()}")


def differences(these: Counter[Told], those: Counter[Told], consumer: str) -> list[str]:
    """What ``these`` hold beyond ``those``, a line each."""
    return [
        f"{count} × notification {kind} about {who} to {consumer}" for (who, kind), count in (these - those).items()
    ]


async def _under_way(journey: Journey) -> int:
    """How many notifications about this person are still to be sent."""
    found = 0
    for identifier in (journey.crn, journey.noms):
        answer = await journey.machine("integration", "GET", "/v1/notifications", params={"hmppsId": identifier})
        found += sum(one["status"] != "PROCESSED" for one in answer["notifications"])
    return found


async def _heard(journey: Journey, consumer: str) -> Counter[Told]:
    """Read and acknowledge a consumer's queue to its end; everything about this person that it ever held."""
    held = journey.heard.setdefault(consumer, {})
    while True:
        answer = await journey.doors.machine(
            consumer, "integration", "GET", "/v1/queue/messages", params={"limit": 100, "wait": 0}
        )
        if not answer["messages"]:
            return Counter(held.values())
        for one in answer["messages"]:
            body = json.loads(json.loads(one["body"])["Message"])
            if body["hmppsId"] in {journey.crn, journey.noms}:
                held[str(body["eventId"])] = (body["hmppsId"], body["eventType"])
            await journey.doors.machine(consumer, "integration", "DELETE", f"/v1/queue/messages/{one['receipt']}")
