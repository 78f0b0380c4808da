"""Admission, search, release, and the probation case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from throughcare.cli.journey.doors import eventually
from throughcare.cli.journey.journey import PRACTITIONER, Journey

PRISON = "LEI"
FIRST, LAST = (
    ("Jamie", "Robin", "Kit", "Ash", "Rowan", "Sky", "Quinn"),
    ("Testington", "Sampleford", "Demoworth"),
)


async def numbered(journey: Journey) -> None:
    """A person gets a prisoner number."""
    number = journey.number
    born = journey.started.date() - timedelta(days=9_500 + number % 4_000)
    person = {
        "firstName": FIRST[number % len(FIRST)], "lastName": LAST[number % len(LAST)] + _letters(number),
        "dateOfBirth": born.isoformat(), "gender": "M",
    }  # fmt: skip
    made = await journey.machine("prison", "POST", "/api/offenders", json=person)
    journey.noms = made["offenderNo"]
    await _document(journey, None)
    journey.owes("prison.person.created", "prisoner-offender-search.prisoner.created")
    journey.step(f"{journey.noms} is known to prison, and to prisoner search")


async def admitted(journey: Journey) -> None:
    """The person is admitted."""
    booking = {"prisonId": PRISON, "movementReasonCode": "N", "imprisonmentStatus": "ADIMP_ORA"}
    await journey.machine("prison", "POST", f"/api/offenders/{journey.noms}/booking", json=booking)
    journey.owes("prison.booking.opened", "prison.movement.recorded")
    journey.step(f"{journey.noms} is admitted to {PRISON}")


async def indexed(journey: Journey) -> None:
    """Prisoner search knows the person and says so."""
    found = await _document(journey, "ACTIVE IN")
    journey.check(found["prisonId"] == PRISON, "the index shows another prison")
    kind = "prisoner-offender-search.prisoner"
    journey.owes(f"{kind}.updated", f"{kind}.received", f"{kind}.convicted-status-changed")
    journey.step(f"prisoner search has {journey.noms}, {found['status']}, and says so")


async def known_to_probation(journey: Journey) -> None:
    """A probation case is opened while the person is inside, with a sentence that will be served in the community."""
    today = journey.started.date()
    case = {
        "nomsNumber": journey.noms,
        "name": {
            "forename": FIRST[journey.number % len(FIRST)],
            "surname": LAST[journey.number % len(LAST)] + _letters(journey.number),
        },
        "dateOfBirth": (today - timedelta(days=9_500 + journey.number % 4_000)).isoformat(),
        "gender": "Male",
        "managerUsername": PRACTITIONER,
        "sentence": {
            "description": "ORA Community Order", "startDate": today.isoformat(),
            "expectedEndDate": (today + timedelta(days=400)).isoformat(), "hasRar": True,
            "mainOffence": {"category": "Theft", "subCategory": "Shoplifting"},
        },
    }  # fmt: skip
    journey.crn = (await journey.machine("probation", "POST", "/probation-cases", json=case))["crn"]
    convictions = await journey.machine("probation", "GET", f"/probation-case/{journey.crn}/convictions")
    journey.sentence_id = convictions["convictions"][0]["id"]
    journey.owes(
        "probation-case.engagement.created", "probation-case.prison-identifier.added", "probation-case.sentence.created"
    )
    journey.step(f"probation opens case {journey.crn}, managed by {PRACTITIONER}")


async def released(journey: Journey) -> None:
    """The person leaves prison and probation takes over."""
    await journey.advance(timedelta(hours=1))
    body = {"movementReasonCode": "CR"}
    await journey.machine("prison", "PUT", f"/api/offenders/{journey.noms}/release", json=body)
    await _document(journey, "INACTIVE OUT")
    journey.owes("prison.booking.closed", "prison.movement.recorded")
    journey.owes("prisoner-offender-search.prisoner.updated", "prisoner-offender-search.prisoner.released")
    journey.step(f"{journey.noms} is released")

    async def officer() -> dict[str, Any]:
        path = f"/probation-case/{journey.crn}/responsible-officer"
        answer: dict[str, Any] = await journey.machine("probation", "GET", path)
        return answer

    def community(answer: dict[str, Any]) -> bool:
        return bool(answer["communityManager"]["responsibleOfficer"])

    answer = await eventually(officer, "probation's taking over", until=community)
    journey.step(f"the probation case takes over: {answer['communityManager']['username']} is the responsible officer")


async def _document(journey: Journey, status: str | None) -> dict[str, Any]:
    """The person in the index, once they are there with this status; None stands for any."""

    async def found() -> dict[str, Any] | None:
        path = f"/prisoner/{journey.noms}"
        answer: dict[str, Any] | None = await journey.machine("prisoner_search", "GET", path, missing=True)
        return answer

    def there(one: dict[str, Any] | None) -> bool:
        return one is not None and status in {None, one.get("status")}

    answer = await eventually(found, f"{status or 'the person'} in the index", until=there)
    assert answer is not None
    return answer


def _letters(number: int) -> str:
    """Letters that make a synthetic surname nobody else's."""
    text = ""
    while True:
        number, digit = divmod(number, 26)
        text += chr(ord("a") + digit)
        if not number:
            return text
