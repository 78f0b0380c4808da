"""The index follows what prison announces, and tells what of a prisoner changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.world import World

CRO, PNC = "265416/21G", "1999/0123456X"
ADMITTED = ["IDENTIFIERS", "LOCATION", "PERSONAL_DETAILS", "SENTENCE", "STATUS"]


async def test_a_new_person_is_indexed_and_told_of(custody: Custody) -> None:
    number = await custody.person(middleName1="Ann", title="MS", pncNumber=PNC)
    document = await custody.document(number)
    created_at = document["identifiers"][0].pop("createdDateTime")
    assert document == {
        "prisonerNumber": number, "firstName": "MABEL", "middleNames": "ANN", "lastName": "ACKROYD", "title": "Ms",
        "dateOfBirth": "1980-02-29", "gender": "Female", "ethnicity": "White: British", "raceCode": "W1",
        "pncNumber": PNC, "pncNumberCanonicalShort": "99/123456X", "pncNumberCanonicalLong": "1999/123456X",
        "locationDescription": "Outside", "aliases": [], "alerts": [],
        "identifiers": [{"type": "PNC", "value": PNC}],
    }  # fmt: skip
    assert created_at.startswith("2024-03-04T12:")
    (created,) = await custody.events(number)
    assert created["eventType"] == "prisoner-offender-search.prisoner.created"
    assert (created["version"], created["source"]) == (1, "prisoner_search")
    assert created["additionalInformation"] == {"nomsNumber": number}
    assert created["personReference"] == {"identifiers": [{"type": "NOMS", "value": number}]}
    assert created["detailUrl"].endswith(f"/prisoner-search/prisoner/{number}")


async def test_a_prisoner_s_document_says_where_they_are_and_why(custody: Custody) -> None:
    number = await custody.prisoner(admission={"cellLocation": "LEI-A-1-003"})
    document = await custody.document(number)
    booking = (await custody.prison.client.get(f"/api/offenders/{number}")).json()
    assert {name: document[name] for name in (
        "bookingId", "bookNumber", "status", "inOutStatus", "prisonId", "prisonName", "lastPrisonId", "cellLocation",
        "lastMovementTypeCode", "lastMovementReasonCode", "lastMovementDate", "lastAdmissionDate", "receptionDate",
        "legalStatus", "convictedStatus", "imprisonmentStatus", "imprisonmentStatusDescription", "recall",
        "locationDescription", "youthOffender",
    )} == {
        "bookingId": str(booking["bookingId"]), "bookNumber": booking["bookingNo"], "status": "ACTIVE IN",
        "inOutStatus": "IN", "prisonId": "LEI", "prisonName": "Leeds (HMP)", "lastPrisonId": "LEI",
        "cellLocation": "A-1-003", "lastMovementTypeCode": "ADM", "lastMovementReasonCode": "I",
        "lastMovementDate": "2024-03-04", "lastAdmissionDate": "2024-03-04", "receptionDate": "2024-03-04",
        "legalStatus": "SENTENCED", "convictedStatus": "Convicted", "imprisonmentStatus": "ADIMP_ORA",
        "imprisonmentStatusDescription": "ORA CJA03 Standard Determinate Sentence", "recall": False,
        "locationDescription": "Leeds (HMP)", "youthOffender": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "change", "categories"),
    [
        ([], ("identify", "CRO", CRO), ["IDENTIFIERS"]),
        ([], ("name", {"lastName": "Bairstow"}), ["PERSONAL_DETAILS"]),
        ([], ("alert", "XA"), ["ALERTS"]),
        ([], ("admit", {}), ADMITTED),
        (["admit"], ("release", {}), ["LOCATION", "STATUS"]),
        (["admit"], ("transfer-out", {}), ["LOCATION", "STATUS"]),
        (["admit"], ("court-transfer-out", {}), ["LOCATION", "STATUS"]),
        (["admit", "release"], ("recall", {}), ["LOCATION", "STATUS"]),
        (["admit", "release"], ("admit", {}), ["IDENTIFIERS", "LOCATION", "STATUS"]),
        (["admit", "transfer-out"], ("transfer-in", {}), ["LOCATION", "STATUS"]),
        (["admit", "court-transfer-out"], ("court-transfer-in", {}), ["LOCATION", "STATUS"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "after " + "-".join(value or ["nothing"]),
)
async def test_each_change_is_told_with_exactly_its_categories(
    custody: Custody, before: list[str], change: tuple[Any, ...], categories: list[str]
) -> None:
    number = await custody.person()
    for how in before:
        await custody.move(number, how)
    told = len(await custody.told(number))
    how, *rest = change
    match how:
        case "identify":
            await custody.identify(number, *rest)
        case "name":
            await custody.name(number, **rest[0])
        case "alert":
            await custody.alert(number, *rest)
        case _:
            await custody.move(number, how, **rest[0])
    updates = [facts for kind, facts in (await custody.told(number))[told:] if kind == "updated"]
    assert updates == [{"categoriesChanged": categories}]


async def test_what_is_not_compared_changes_without_an_event(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    await custody.move(number, "court-transfer-out")
    await custody.move(number, "court-transfer-in")
    told = len(await custody.told(number))
    world.clock.advance(timedelta(days=1))
    custody = await Custody.of(world)
    await custody.prison.move(number, "court-transfer-out")
    await custody.prison.move(number, "court-transfer-in")
    await world.drain()
    assert (await custody.document(number))["lastMovementDate"] == world.clock.today().isoformat()
    assert [kind for kind, _ in (await custody.told(number))[told:]] == ["released", "received"]


async def test_the_convicted_status_is_told_when_it_changes_alone(custody: Custody) -> None:
    number = await custody.person()
    await custody.move(number, "admit", imprisonmentStatus="TRL")
    booking = int((await custody.document(number))["bookingId"])
    await custody.move(number, "release")
    await custody.move(number, "recall", imprisonmentStatus="ADIMP_ORA")
    await custody.move(number, "release")
    statuses = [facts for kind, facts in await custody.told(number) if kind == "convicted-status-changed"]
    assert statuses == [
        {"bookingId": booking, "convictedStatus": "Remand"}, {"bookingId": booking, "convictedStatus": "Convicted"},
    ]  # fmt: skip


async def test_alerts_are_told_by_code_when_they_begin_and_end(custody: Custody, world: World) -> None:
    number = await custody.prisoner()
    booking = int((await custody.document(number))["bookingId"])
    today = world.clock.today()
    days = [(today + timedelta(days=n)).isoformat() for n in range(3)]
    await custody.alert(number, "XA", activeTo=days[2])
    await custody.alert(number, "HA", activeFrom=days[1])
    both = (await custody.document(number))["alerts"]
    assert both == [
        {"alertType": "H", "alertCode": "HA", "active": False, "expired": False},
        {"alertType": "X", "alertCode": "XA", "active": True, "expired": False},
    ]  # fmt: skip
    for _ in range(2):
        world.clock.advance(timedelta(days=1))
        assert await world.host.runtimes["prison"].jobs.run_now("announce-due-alerts") == "ok"
        await world.drain()
    changes = [facts for kind, facts in await custody.told(number) if kind == "alerts-updated"]
    assert changes == [
        {"bookingId": booking, "alertsAdded": ["XA"], "alertsRemoved": []},
        {"bookingId": booking, "alertsAdded": ["HA"], "alertsRemoved": []},
        {"bookingId": booking, "alertsAdded": [], "alertsRemoved": ["XA"]},
    ]  # fmt: skip
    custody = await Custody.of(world)
    ended = (await custody.document(number))["alerts"][1]
    assert ended == {"alertType": "X", "alertCode": "XA", "active": False, "expired": True}


async def test_events_bear_london_s_time(custody: Custody, world: World) -> None:
    world.clock.set(datetime(2024, 7, 1, 11, 30, tzinfo=UTC))
    custody = await Custody.of(world)
    number = await custody.prison.person()
    await custody.prison.move(number, "admit", bookingInTime="2024-07-01T09:15:00")
    await world.drain()
    created, received = await custody.events(number)
    assert created["occurredAt"].startswith("2024-07-01T12:30:")
    assert created["occurredAt"].endswith("+01:00")
    assert received["occurredAt"] == "2024-07-01T09:15:00+01:00"


async def test_no_event_holds_personal_data(custody: Custody, world: World) -> None:
    number = await custody.prisoner(lastName="Featherstonehaugh", pncNumber="2002/0073319Z")
    await custody.name(number, lastName="Cholmondeley")
    spoken = str(await world.events()).casefold()
    assert not [word for word in ("featherstone", "cholmondeley", "1980-02-29", "73319") if word in spoken]
