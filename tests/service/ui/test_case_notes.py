"""Reading and adding case notes, page by page, as both sides do it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.service.interventions.journey import Journey, assigned_referral, mails, ok
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, press, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("service-provider", "probation-practitioner")
HOSTILE = "Line one\n<script>alert(1)</script>"


@pytest.fixture(scope="module")
async def journey(world: World) -> Journey:
    return await assigned_referral(world)


@pytest.fixture(scope="module")
async def both(world: World, services: Switchboard) -> AsyncIterator[tuple[Visitor, Visitor]]:
    """The caseworker's browser and the practitioner's, signed in."""
    first, second = browser(world), browser(world)
    await first.sign_in(CASEWORKERS[0].username)
    await second.sign_in(PRACTITIONERS[0].username)
    yield first, second
    await first.http.aclose()
    await second.http.aclose()


def at(journey: Journey, side: str, page: str = "case-notes") -> str:
    return f"/{side}/referrals/{journey.referral_id}/{page}"


async def begun(visitor: Visitor, journey: Journey, side: str) -> str:
    start = at(journey, side, "add-case-note/start")
    return await press(visitor, at(journey, side), start, str(new_id()))


async def subjects(journey: Journey) -> list[str]:
    path = f"/sent-referral/{journey.referral_id}/case-notes"
    return [one["subject"] for one in ok(await journey.as_caseworker("GET", path, params={"size": 100}))["content"]]


async def test_a_providers_note_is_checked_added_once_and_mailed_when_wished(
    world: World, journey: Journey, both: tuple[Visitor, Visitor]
) -> None:
    visitor, side = both[0], SIDES[0]
    empty = await visitor.get(at(journey, side))
    assert heading(empty) == "Education, Training and Employment (ETE): case notes"
    assert 'aria-current="page">Case notes' in empty.text
    key = str(new_id())
    details = await press(visitor, at(journey, side), at(journey, side, "add-case-note/start"), key)
    assert await press(visitor, at(journey, side), at(journey, side, "add-case-note/start"), key) == details
    assert (await visitor.get(details.replace("details", "check-answers"))).url.path == details
    asked = await visitor.get(details)
    assert 'value="no" checked' in asked.text
    wrong = await fill(visitor, details, {"case-note-subject": " ", "case-note-body": HOSTILE}, 400)
    assert errors(wrong) == {"Enter a subject", "Select yes to email the practitioner about this note"}
    assert "<script>alert" not in wrong.text
    later = await fill(visitor, details, {"case-note-subject": "Begun", "then": "later"})
    assert later.headers["location"] == at(journey, side)
    assert 'value="Begun"' in (await visitor.get(details)).text
    said = {"case-note-subject": "First & best", "case-note-body": HOSTILE, "send-case-note-email": "yes"}
    long = await fill(visitor, details, {**said, "case-note-subject": "x" * 251}, 400)
    assert errors(long) == {"Subject must be 250 characters or fewer"}
    assert errors(await fill(visitor, details, {**said, "case-note-body": ""}, 400)) == {"Enter the case note"}
    check = (await fill(visitor, details, said)).headers["location"]
    page = await visitor.get(check)
    assert heading(page) == "Review case note"
    for told in ("First & best", "Line one <script>alert(1)</script>", "Yes", "You cannot change or delete it"):
        assert told in words(page), told
    for _ in range(2):
        sent = await visitor.send(page, check.replace("check-answers", "submit"))
        assert (sent.status_code, sent.headers["location"]) == (303, at(journey, side, "add-case-note/confirmation"))
    assert heading(await visitor.get(sent.headers["location"])) == "Case note added"
    assert await subjects(journey) == ["First & best"]
    gone = await visitor.get(details)
    assert gone.status_code == 410
    assert "added this case note" in words(gone)
    await world.drain()
    assert any(f"{SIDES[1]}/case-note/" in str(one) for one in await mails(world))
    assert all("Line one" not in str(one) for one in await mails(world))


async def test_a_practitioners_note_is_read_by_the_provider(
    world: World, journey: Journey, both: tuple[Visitor, Visitor]
) -> None:
    details = await begun(both[1], journey, SIDES[1])
    assert "send-case-note-email" not in (await both[1].get(details)).text
    said = {"case-note-subject": "Second", "case-note-body": f"{'a' * 249} bcd"}
    check = (await fill(both[1], details, said)).headers["location"]
    sent = await both[1].send(await both[1].get(check), check.replace("check-answers", "submit"))
    assert sent.status_code == 303
    shown = await both[0].get(at(journey, SIDES[0]))
    assert f"Probation practitioner {PRACTITIONERS[0].name}" in words(shown)
    assert f"{'a' * 249}…" in words(shown)
    assert "bcd" not in words(shown)
    note = shown.text.partition('href="/service-provider/case-note/')[2].partition('"')[0]
    whole = await both[0].get(f"/service-provider/case-note/{note}")
    assert heading(whole) == "Subject: Second"
    assert "bcd" in words(whole)
    assert PRACTITIONERS[0].username not in whole.text
    assert (await both[1].get(f"/service-provider/case-note/{note}")).status_code == 403
    assert (await both[0].get(f"/service-provider/case-note/{new_id()}")).status_code == 404


async def test_a_list_of_many_notes_has_pages(world: World, journey: Journey, both: tuple[Visitor, Visitor]) -> None:
    for number in range(21):
        note = {"referralId": journey.referral_id, "subject": f"Note {number}", "body": "Text", "sendEmail": False}
        ok(await journey.as_caseworker("POST", "/case-note", json=note))
    path, total = at(journey, SIDES[1]), len(await subjects(journey))
    first, second = await both[1].get(path), await both[1].get(f"{path}?page=2")
    assert f"Showing 1 to 20 of {total} case notes" in words(first)
    assert f"Showing 21 to {total} of {total} case notes" in words(second)
    assert "Note 20" in words(first)
    assert f"Service provider {CASEWORKERS[0].name}" in words(first)
    assert f'href="{path}?page=2"' in first.text
    assert (await both[1].get(f"{path}?page=99")).url.query == b"page=2"
    assert (await both[1].get(f"{path}?page=x")).status_code == 200


async def test_a_note_is_its_authors_own_until_it_is_added(
    world: World, journey: Journey, both: tuple[Visitor, Visitor], services: Switchboard
) -> None:
    details = await begun(both[0], journey, SIDES[0])
    other = browser(world)
    await other.sign_in(CASEWORKERS[1].username)
    assert (await other.get(details)).status_code == 403
    await other.http.aclose()
    assert (await both[1].get(details.replace(*SIDES))).status_code == 403
    said = {"case-note-subject": "Third", "case-note-body": "Kept", "send-case-note-email": "no"}
    check = (await fill(both[0], details, said)).headers["location"]
    page, before = await both[0].get(check), await subjects(journey)
    with services.away("interventions"):
        answer = await both[0].send(page, check.replace("check-answers", "submit"))
    assert answer.status_code == 503
    assert await subjects(journey) == before
    key = hidden_field(page.text, "request_id")
    again = await both[0].send(page, check.replace("check-answers", "submit"), {"request_id": key})
    assert again.status_code == 303
    assert (await subjects(journey))[-1] == "Third"
    assert (await both[0].get(at(journey, SIDES[0], "add-case-note/start"))).url.path == at(journey, SIDES[0])
