"""Case notes, through their doors."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    assigned_referral,
    mails,
    ok,
    refused,
    sent_referral,
    signed_in,
    withdraw,
)
from tests.world import World

TO_CASEWORKER, TO_OFFICER = "case-note-sent", "case-note-sent-pp"


def note(journey: Journey, **changes: Any) -> Json:
    return {"referralId": journey.referral_id, "subject": "First meeting", "body": "Went well", **changes}


async def told(world: World, note_id: str) -> list[tuple[str, str]]:
    """Who was told of a note, and by which template."""
    await world.drain()
    assert await world.dead_letters() == []
    found = [*await mails(world, template=TO_CASEWORKER), *await mails(world, template=TO_OFFICER)]
    return [
        (one["template"], one["to"])
        for one in found
        if one["personalisation"]["caseNoteUrl"].endswith(f"/case-note/{note_id}")
    ]


@pytest.fixture(scope="module")
async def referral(world: World) -> Journey:
    """A referral that somebody works on."""
    return await assigned_referral(world)


async def test_each_side_reads_what_the_other_wrote(world: World, referral: Journey) -> None:
    written = ok(await referral.as_caseworker("POST", "/case-note", json=note(referral)))
    assert set(written) == {"id", "referralId", "subject", "body", "sentBy", "sentAt"}
    assert (written["subject"], written["body"], written["sentBy"]["username"]) == (
        "First meeting",
        "Went well",
        CASEWORKER.username,
    )
    assert ok(await referral.as_practitioner("GET", f"/case-note/{written['id']}")) == written
    assert await told(world, written["id"]) == [(TO_OFFICER, PRACTITIONER.email)]
    [mail] = [one for one in await mails(world, template=TO_OFFICER) if written["id"] in str(one["personalisation"])]
    reference = (await referral.referral())["referenceNumber"]
    assert mail["personalisation"] == {
        "pp_first_name": "Bernard", "referralNumber": reference, "popFullName": "Jo Bloggs", "crn": referral.crn,
        "caseNoteUrl": f"http://throughcare.test/probation-practitioner/case-note/{written['id']}",
    }  # fmt: skip


async def test_whoever_wrote_a_note_is_not_told_of_it(world: World, referral: Journey) -> None:
    written = ok(await referral.as_practitioner("POST", "/case-note", json=note(referral)))
    assert await told(world, written["id"]) == [(TO_CASEWORKER, CASEWORKER.email)]
    [mail] = [one for one in await mails(world, template=TO_CASEWORKER) if written["id"] in str(one["personalisation"])]
    assert mail["personalisation"]["recipientFirstName"] == "Alex"
    assert mail["personalisation"]["caseNoteUrl"] == (
        f"http://throughcare.test/service-provider/case-note/{written['id']}"
    )


async def test_colleagues_of_both_sides_write_to_both(world: World, referral: Journey) -> None:
    for colleague in (OTHER_PRACTITIONER.username, OTHER_CASEWORKER.username):
        client = await signed_in(world, colleague)
        written = ok(await client.post("/case-note", json=note(referral, sendEmail=True)))
        assert await told(world, written["id"]) == [(TO_CASEWORKER, CASEWORKER.email), (TO_OFFICER, PRACTITIONER.email)]


async def test_the_officer_need_not_be_told(world: World, referral: Journey) -> None:
    written = ok(await referral.as_caseworker("POST", "/case-note", json=note(referral, sendEmail=False)))
    assert await told(world, written["id"]) == []


async def test_without_a_caseworker_the_officer_alone_is_told(world: World) -> None:
    journey = await sent_referral(world)
    written = ok(await journey.as_caseworker("POST", "/case-note", json=note(journey)))
    assert await told(world, written["id"]) == [(TO_OFFICER, PRACTITIONER.email)]


async def test_notes_are_paged_oldest_first(world: World) -> None:
    journey = await assigned_referral(world)
    for number in range(12):
        ok(await journey.as_caseworker("POST", "/case-note", json=note(journey, subject=str(number))))
    path = f"/sent-referral/{journey.referral_id}/case-notes"
    first = ok(await journey.as_practitioner("GET", path))
    assert [one["subject"] for one in first["content"]] == [str(number) for number in range(10)]
    assert (first["totalElements"], first["totalPages"], first["number"], first["last"]) == (12, 2, 0, False)
    second = ok(await journey.as_practitioner("GET", path, params={"page": 2}))
    assert [one["subject"] for one in second["content"]] == ["10", "11"]
    newest = ok(await journey.as_practitioner("GET", path, params={"size": 1, "sort": "sentAt,desc"}))
    assert [one["subject"] for one in newest["content"]] == ["11"]
    refused(await journey.as_practitioner("GET", path, params={"sort": "body"}), 400, "SORT_UNKNOWN")


async def test_a_note_may_follow_the_end_of_a_referral(world: World) -> None:
    journey = await sent_referral(world)
    ok(await withdraw(journey))
    ok(await journey.as_caseworker("POST", "/case-note", json=note(journey)))


async def test_a_note_that_says_nothing_or_is_about_nothing_is_refused(referral: Journey) -> None:
    empty = await referral.as_caseworker("POST", "/case-note", json=note(referral, subject=" ", body=""))
    assert empty.status_code == 400
    assert {one["field"] for one in empty.json()["errors"]} == {"subject", "body"}
    unknown = note(referral, referralId=str(uuid4()))
    refused(await referral.as_caseworker("POST", "/case-note", json=unknown), 400, "REFERRAL_NOT_FOUND")
    refused(await referral.as_caseworker("GET", f"/case-note/{uuid4()}"), 404, "CASE_NOTE_NOT_FOUND")


async def test_of_a_note_no_event_leaves_the_service(referral: Journey) -> None:
    before = await referral.event_types()
    ok(await referral.as_caseworker("POST", "/case-note", json=note(referral)))
    assert await referral.event_types() == before
    announced = (await referral.events())[-1]
    assert announced["eventType"] == "interventions.case-note.sent"
    assert "Went well" not in str(announced)
