"""Case notes of both sides, and then the end of referrals that are withdrawn or closed early, page by page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    Journey,
    assigned_referral,
    booked_assessment,
    hold_session,
    mails,
    ok,
    planned_referral,
    sent_referral,
    session_feedback,
    withdraw,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, errors, fill, heading, press, words
from tests.world import World, hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("service-provider", "probation-practitioner")
CONTRACT = "Education, Training and Employment (ETE)"
GROUPS = ("Problem with the referral", "Related to the person", "Sentence or custody", "Other")
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
    assert re.search(f"{PRACTITIONERS[0].name}, [^.]* Probation practitioner ", words(shown))
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
    assert re.search(f"{CASEWORKERS[0].name}, [^.]* Service provider ", words(first))
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


@pytest.fixture
async def manager(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The practitioner's browser, signed in at the business time of the test."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


def of(journey: Journey, page: str) -> str:
    return f"/probation-practitioner/referrals/{journey.referral_id}/{page}"


async def withdrawing(visitor: Visitor, journey: Journey, key: str = "") -> str:
    start = of(journey, "withdrawal/start")
    return await press(visitor, of(journey, "progress"), start, key or str(new_id()))


async def test_a_referral_is_withdrawn_once_after_a_reason_and_a_check(
    world: World, manager: Visitor, services: Switchboard
) -> None:
    journey, key = await booked_assessment(world), str(new_id())
    assert 'name="request_id"' in (await manager.get(of(journey, "progress"))).text
    reason = await withdrawing(manager, journey, key)
    assert await withdrawing(manager, journey, key) == reason
    asked = await manager.get(reason)
    assert heading(asked) == f"Why are you withdrawing Jo Bloggs’s {CONTRACT} referral?"
    assert all(one in words(asked) for one in GROUPS)
    assert "Close early" not in words(asked)
    check, submit = (reason.replace("reason", one) for one in ("check-your-answers", "submit"))
    assert (await manager.get(check)).url.path == reason
    missing, none = "Enter details about why you chose this reason", "Select a reason for withdrawing the referral"
    long = "Details must be 2,500 characters or fewer"
    cases = [
        ({}, none),
        ({"withdrawal-reason": "EAR", "withdrawal-comments-EAR": "Done"}, none),
        ({"withdrawal-reason": "INE", "withdrawal-comments-MIS": "Twice"}, missing),
        ({"withdrawal-reason": "INE", "withdrawal-comments-INE": "x" * 2501}, long),
    ]
    for answers, error in cases:
        assert errors(await fill(manager, reason, answers, 400)) == {error}, error
    said = {"withdrawal-reason": "INE", "withdrawal-comments-INE": "Wrong\n<b>age</b>"}
    assert (await fill(manager, reason, said)).headers["location"] == check
    again = await manager.get(reason)
    assert 'value="INE" checked' in again.text
    assert "<b>age" not in again.text
    assert "Wrong\n&lt;b&gt;age" in again.text
    page = await manager.get(check)
    assert heading(page) == f"Are you sure you want to withdraw Jo Bloggs’s {CONTRACT} referral?"
    for told in (
        "Wrong <b>age</b>", "1 booked appointment is cancelled", "cannot be started again",
        "does not have to write an end of service report", f"{CASEWORKERS[0].name} at the service provider",
    ):  # fmt: skip
        assert told in words(page), told
    assert (await manager.get(submit)).status_code == 200
    assert not (await journey.referral())["concludedAt"], "a link changes nothing"
    await world.drain()
    told_before = len(await mails(world))
    for _ in range(2):
        sent = await manager.send(page, submit)
        assert (sent.status_code, sent.headers["location"]) == (303, of(journey, "withdrawal/confirmation"))
    confirmed = await manager.get(sent.headers["location"])
    assert heading(confirmed) == "Referral withdrawn"
    assert "cancelled cases" in words(confirmed)
    ended = await journey.referral()
    assert (ended["withdrawalCode"], ended["withdrawalComments"]) == ("INE", "Wrong\n<b>age</b>")
    assert "because the referral was ineligible" in words(await manager.get(of(journey, "progress")))
    assert "withdrew this referral" in words(await manager.get(reason))
    await world.drain()
    assert len(await mails(world)) == told_before + 1


async def test_a_service_that_was_begun_is_closed_early(world: World, manager: Visitor) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    visitor = browser(world)
    await visitor.sign_in(PRACTITIONERS[0].username)
    assert "Withdraw or close referral early" in words(await visitor.get(of(journey, "progress")))
    reason = await withdrawing(visitor, journey)
    said = {"withdrawal-reason": "EAR", "withdrawal-comments-EAR": "Found work"}
    check = (await fill(visitor, reason, said)).headers["location"]
    page = await visitor.get(check)
    assert heading(page) == f"Are you sure you want to close Jo Bloggs’s {CONTRACT} referral early?"
    assert "No appointment is booked" in words(page)
    assert "has to write an end of service report within 5 working days" in words(page)
    sent = await visitor.send(page, check.replace("check-your-answers", "submit"))
    confirmed = await visitor.get(sent.headers["location"])
    assert heading(confirmed) == "Referral closed early"
    assert "stays in your open cases" in words(confirmed)
    await visitor.http.aclose()


async def test_what_ended_meanwhile_is_not_withdrawn_again(
    world: World, manager: Visitor, caseworker: Visitor, services: Switchboard
) -> None:
    journey = await sent_referral(world)
    assert heading(await manager.get(of(journey, "withdrawal/start"))).startswith("Withdraw Jo Bloggs’s")
    assert (await manager.get(of(journey, "cancellation/reason"))).url.path == of(journey, "withdrawal/start")
    assert (await manager.get(of(journey, "withdrawal/confirmation"))).url.path == of(journey, "progress")
    reason = await withdrawing(manager, journey)
    assert (await caseworker.get(reason)).status_code == 403
    assert (await manager.get(reason.replace(journey.referral_id, str(new_id())))).status_code == 410
    check = (await fill(manager, reason, {"withdrawal-reason": "MOV", "withdrawal-comments-MOV": "Left"})).headers[
        "location"
    ]
    page = await manager.get(check)
    assert "nobody at the service provider gets an email" in words(page)
    assert (await withdraw(journey)).is_success
    key = hidden_field(page.text, "request_id")
    answer = await manager.send(page, check.replace("check-your-answers", "submit"), {"request_id": key})
    assert answer.status_code == 409
    assert "This referral has ended meanwhile" in words(answer)
    shown = await manager.get(of(journey, "withdrawal/start"))
    assert shown.url.path == of(journey, "progress")
    assert "This referral cannot be withdrawn" in words(shown)
