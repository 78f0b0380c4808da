"""How far a referral has come, for both sides, at every stage."""

from __future__ import annotations

import pytest

from tests.service.interventions.journey import (
    appointment,
    assign,
    assigned_referral,
    booked_assessment,
    half_delivered_referral,
    ok,
    schedule_session,
    sent_referral,
    tomorrow,
    withdraw,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS
from throughcare.ui.peers.messages import ABOUT


@pytest.fixture
async def both(world: World, services: Switchboard) -> tuple[Visitor, Visitor]:
    """The practitioner's browser and the caseworker's, signed in."""
    first, second = browser(world), browser(world)
    await first.sign_in(PRACTITIONERS[0].username)
    await second.sign_in(CASEWORKERS[0].username)
    return first, second


def progress(side: str, referral_id: str) -> str:
    return f"/{side}/referrals/{referral_id}/progress"


async def seen(both: tuple[Visitor, Visitor], referral_id: str) -> tuple[str, str]:
    pages = [
        await visitor.get(progress(side, referral_id))
        for visitor, side in zip(both, ("probation-practitioner", "service-provider"), strict=True)
    ]
    assert [heading(one) for one in pages] == ["Education, Training and Employment (ETE): progress"] * 2
    return words(pages[0]), words(pages[1])


async def test_a_new_referral_says_what_is_to_be_done_first(world: World, both: tuple[Visitor, Visitor]) -> None:
    sent = await sent_referral(world)
    practitioner, provider = await seen(both, sent.referral_id)
    for shown in (practitioner, provider):
        assert "No caseworker is assigned yet." in shown
        assert "Not scheduled" in shown
        assert sent.crn in shown
    assert "within 10 working days" in provider
    assert "Schedule the supplier assessment" in provider
    assert "Create action plan" in provider
    assert "Create action plan" not in practitioner
    assert "Withdraw referral" in practitioner
    assert "Withdraw" not in provider


async def test_sessions_that_moved_or_were_missed_stay_in_sight(world: World, both: tuple[Visitor, Visitor]) -> None:
    planned = await half_delivered_referral(world)
    moved = appointment(tomorrow(world, days=5), rescheduleRequestedBy="Service Provider", rescheduledReason="Ill")
    ok(await schedule_session(planned, 2, moved))
    practitioner, provider = await seen(both, planned.referral_id)
    assert f"Caseworker: {CASEWORKERS[0].name}" in practitioner
    for shown in (practitioner, provider):
        sessions = shown.partition("Session progress")[2]
        assert "Session 1" in sessions
        assert "Completed" in sessions
        assert "Did not attend" in sessions
        assert "Rescheduled" in sessions
        assert "Approved" in shown
    assert "Reschedule session" in provider
    assert "Reschedule session" not in practitioner


async def test_a_withdrawn_referral_says_when_and_why_and_offers_nothing(
    world: World, both: tuple[Visitor, Visitor]
) -> None:
    assigned = await assigned_referral(world)
    ok(await withdraw(assigned))
    practitioner, provider = await seen(both, assigned.referral_id)
    for shown in (practitioner, provider):
        assert "withdrawn on" in shown
        assert "because the person moved out of the service area" in shown
        assert "Moved away" in shown
    assert "Withdraw referral" not in practitioner
    for offered in ("Schedule the supplier", "Create action plan", "Assign a caseworker"):
        assert offered not in provider


async def test_the_other_sides_page_is_not_for_one(world: World, both: tuple[Visitor, Visitor]) -> None:
    booked = await booked_assessment(world)
    assert (await both[0].get(progress("service-provider", booked.referral_id))).status_code == 403
    assert (await both[1].get(progress("probation-practitioner", booked.referral_id))).status_code == 403


async def test_without_the_case_record_what_the_referral_knows_is_shown(
    world: World, both: tuple[Visitor, Visitor], services: Switchboard
) -> None:
    sent = await sent_referral(world)
    path = progress("service-provider", sent.referral_id)
    assert "Not available now" not in words(await both[1].get(path))
    with services.away("probation"):
        page = await both[1].get(path)
    assert page.status_code == 200
    assert "Not available now" in words(page)
    assert "Jo Bloggs" in words(page)


async def test_both_sides_see_the_messages_about_a_referral(world: World, both: tuple[Visitor, Visitor]) -> None:
    sent = await sent_referral(world)
    for shown in await seen(both, sent.referral_id):
        assert "No message has been sent about this referral yet." in shown or "Waiting to be sent" in shown
    ok(await assign(sent, CASEWORKERS[0].username))
    await world.drain()
    for shown in await seen(both, sent.referral_id):
        panel = shown.partition("Messages about this referral")[2]
        assert panel.index(f"Caseworker assigned {CASEWORKERS[0].name}") < panel.index("Referral sent")
        assert "Delivered" in panel
        assert "not delivered" not in shown


@pytest.mark.parametrize(("kind", "side"), [("referral-sent", 0), ("referral-assigned", 1)])
async def test_whoever_caused_a_message_that_failed_is_told_and_sends_it_again(
    world: World, both: tuple[Visitor, Visitor], kind: str, side: int
) -> None:
    sent = await assigned_referral(world)
    await world.drain()
    mine = "id in (select request_id from interventions.referral_message where referral_id = $1)"
    [failed] = await world.fetch(
        "update interventions.notification_request set status = 'failed-permanent' "
        f"where template_key = $2 and {mine} returning id",
        sent.referral_id,
        kind,
    )
    shown = await seen(both, sent.referral_id)
    assert "about this referral was not delivered" in shown[side]
    assert "Failed: there is no such mailbox. Check the address" in shown[side]
    assert f"{ABOUT[kind]}, to" in shown[side]
    assert f"{ABOUT[kind]}, to" not in shown[1 - side]
    name = ("probation-practitioner", "service-provider")[side]
    page = await both[side].get(progress(name, sent.referral_id))
    again = f"/{name}/referrals/{sent.referral_id}/messages/{failed['id']}/send-again"
    assert f'action="{again}"' in page.text
    for _ in range(2):
        answer = await both[side].send(page, again)
        assert (answer.status_code, answer.headers["location"]) == (303, progress(name, sent.referral_id))
    await world.drain()
    shown = await seen(both, sent.referral_id)
    assert "The message is sent again." in shown[side]
    assert "not delivered" not in shown[side]
    assert (
        len(await world.fetch(f"select id from interventions.notification_request where {mine}", sent.referral_id)) == 3
    )


async def test_the_messages_of_a_referral_are_the_only_thing_missing_when_they_cannot_be_had(
    world: World, both: tuple[Visitor, Visitor]
) -> None:
    sent = await sent_referral(world)
    await world.fetch("alter table interventions.referral_message rename to gone")
    try:
        practitioner, provider = await seen(both, sent.referral_id)
    finally:
        await world.fetch("alter table interventions.gone rename to referral_message")
    for shown in (practitioner, provider):
        assert "the messages could not be loaded" in shown
        assert "Not scheduled" in shown
