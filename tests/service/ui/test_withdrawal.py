"""Withdrawing a referral and closing one early, page by page, as a practitioner does it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    Journey,
    booked_assessment,
    hold_session,
    mails,
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

CONTRACT = "Education, Training and Employment (ETE)"
GROUPS = ("Problem with the referral", "Related to the person", "Sentence or custody", "Other")


@pytest.fixture
async def manager(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The practitioner's browser, signed in at the business time of the test."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


def at(journey: Journey, page: str) -> str:
    return f"/probation-practitioner/referrals/{journey.referral_id}/{page}"


async def begun(visitor: Visitor, journey: Journey, key: str = "") -> str:
    start = at(journey, "withdrawal/start")
    return await press(visitor, at(journey, "progress"), start, key or str(new_id()))


async def test_a_referral_is_withdrawn_once_after_a_reason_and_a_check(
    world: World, manager: Visitor, services: Switchboard
) -> None:
    journey, key = await booked_assessment(world), str(new_id())
    assert 'name="request_id"' in (await manager.get(at(journey, "progress"))).text
    reason = await begun(manager, journey, key)
    assert await begun(manager, journey, key) == reason
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
        assert (sent.status_code, sent.headers["location"]) == (303, at(journey, "withdrawal/confirmation"))
    confirmed = await manager.get(sent.headers["location"])
    assert heading(confirmed) == "Referral withdrawn"
    assert "cancelled cases" in words(confirmed)
    ended = await journey.referral()
    assert (ended["withdrawalCode"], ended["withdrawalComments"]) == ("INE", "Wrong\n<b>age</b>")
    assert "because the referral was ineligible" in words(await manager.get(at(journey, "progress")))
    assert "withdrew this referral" in words(await manager.get(reason))
    await world.drain()
    assert len(await mails(world)) == told_before + 1


async def test_a_service_that_was_begun_is_closed_early(world: World, manager: Visitor) -> None:
    journey = await planned_referral(world)
    await hold_session(journey, 1, ATTENDED, session_feedback())
    visitor = browser(world)
    await visitor.sign_in(PRACTITIONERS[0].username)
    assert "Withdraw or close referral early" in words(await visitor.get(at(journey, "progress")))
    reason = await begun(visitor, journey)
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
    assert heading(await manager.get(at(journey, "withdrawal/start"))).startswith("Withdraw Jo Bloggs’s")
    assert (await manager.get(at(journey, "cancellation/reason"))).url.path == at(journey, "withdrawal/start")
    assert (await manager.get(at(journey, "withdrawal/confirmation"))).url.path == at(journey, "progress")
    reason = await begun(manager, journey)
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
    shown = await manager.get(at(journey, "withdrawal/start"))
    assert shown.url.path == at(journey, "progress")
    assert "This referral cannot be withdrawn" in words(shown)
