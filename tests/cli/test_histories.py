"""What synthetic people did before a system was first started: referrals in every state, as their doors show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.world import START, World
from throughcare.cli.populate import populate_if_empty
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

pytestmark = pytest.mark.long

PEOPLE = 300
BOTH = {"practitioner": PRACTITIONERS[0].username, "caseworker": CASEWORKERS[0].username}
Json = dict[str, Any]


@pytest.fixture(scope="module")
async def lived(world: World) -> World:
    """A system as it is when it was started for the first time."""
    assert await populate_if_empty(world.host, PEOPLE) > 0
    return world


async def listed(world: World, username: str, **query: bool) -> list[Json]:
    client = await world.signed_in(username, "interventions")
    reply = await client.get("/sent-referrals/summaries", params={"size": 100, **query})
    assert reply.status_code == 200, reply.text
    content: list[Json] = reply.json()["content"]
    return content


def outcome(feedback: Json, at: str | None) -> str:
    """What a session or assessment has come to."""
    attended = feedback["attendanceFeedback"]["attended"]
    if at is None:
        return "not booked"
    if feedback["submitted"]:
        return "held" if feedback["attendanceFeedback"]["didSessionHappen"] else f"not held, {attended}"
    return "booked" if datetime.fromisoformat(at) > START else "needs feedback"


async def state(world: World, referral_id: str) -> str:
    """The state of a referral in words, from what the provider's doors show of it."""
    client = await world.signed_in(BOTH["caseworker"], "interventions")
    shown = (await client.get(f"/sent-referral/{referral_id}")).json()
    assessment = (await client.get(f"/sent-referral/{referral_id}/supplier-assessment")).json()
    last = assessment["appointments"][-1] if assessment["appointments"] else None
    words = ["sent" if shown["assignedTo"] is None else "assigned"]
    if last is not None:
        words.append(f"assessment {outcome(last['appointmentFeedback'], last['appointmentTime'])}")
    if shown["approvedActionPlanIds"]:
        words.append("plan approved")
        sessions = (await client.get(f"/action-plan/{shown['actionPlanId']}/appointments")).json()
        words += sorted({f"session {outcome(one['appointmentFeedback'], one['appointmentTime'])}" for one in sessions})
        if any(one["oldAppointments"] for one in sessions):
            words.append("a session booked again")
    elif shown["actionPlanId"]:
        words.append("plan in draft")
    if shown["endOfServiceReportCreationRequired"]:
        words.append("report due")
    report = shown["endOfServiceReport"]
    if report is not None:
        words.append("report submitted" if report["submittedAt"] else "report in draft")
    if shown["concludedAt"]:
        words.append(f"withdrawn {shown['withdrawalCode']}" if shown["withdrawalCode"] else "completed")
    return ", ".join(words)


EVERY_STATE = {
    "sent",
    "assigned",
    "assigned, assessment booked",
    "assigned, assessment needs feedback",
    "assigned, assessment not held, no",
    "assigned, assessment held",
    "assigned, assessment held, plan in draft",
    "assigned, assessment held, plan approved, session not booked",
    "assigned, assessment held, plan approved, session booked, session held, session needs feedback, "
    "session not booked, session not held, yes, a session booked again",
    "assigned, assessment held, plan approved, session held, report due",
    "assigned, assessment held, plan approved, session held, report in draft",
    "assigned, assessment held, plan approved, session held, a session booked again, report submitted, completed",
    "assigned, withdrawn MOV",
    "assigned, assessment held, plan approved, session not booked, withdrawn NOT",
    "assigned, assessment held, plan approved, session held, session not booked, report due, withdrawn RET",
    "assigned, assessment held, plan approved, session held, session not booked, report submitted, withdrawn EAR",
}


async def test_both_demonstration_users_see_a_referral_in_every_state(lived: World) -> None:
    theirs = {one["id"] for one in await listed(lived, BOTH["practitioner"])}
    mine = {one["id"] for one in await listed(lived, BOTH["caseworker"])}
    assert theirs < mine
    assert {await state(lived, one) for one in theirs} == EVERY_STATE
    for query in ({"completed": True}, {"cancelled": True}, {"unassigned": True}):
        assert await listed(lived, BOTH["practitioner"], **query)
        assert await listed(lived, BOTH["caseworker"], **query)


async def test_a_practitioner_has_a_draft_of_each_type(lived: World) -> None:
    for one in PRACTITIONERS:
        drafts = (await (await lived.signed_in(one.username, "interventions")).get("/draft-referrals")).json()
        types = {
            (draft["personCurrentLocationType"], draft["allocatedCommunityPP"], draft["isReferralReleasingIn12Weeks"])
            for draft in drafts
        }
        assert types == {
            ("COMMUNITY", None, None), ("CUSTODY", True, None), ("CUSTODY", False, True), ("CUSTODY", False, False),
        }  # fmt: skip


async def test_each_thing_happened_in_its_own_time_and_had_its_consequences(lived: World) -> None:
    assert timedelta() <= lived.clock.now() - START < timedelta(minutes=10)
    assert await lived.dead_letters() == []
    events = await lived.fetch("select payload::json ->> 'occurredAt' as at, published_at from interventions.outbox")
    assert all(one["published_at"] for one in events)
    times = sorted(datetime.fromisoformat(one["at"]) for one in events)
    assert times[0] < START - timedelta(weeks=12)
    assert times[-1] < datetime(2024, 3, 2, tzinfo=UTC)
    [sent] = await lived.fetch("select min(created_at) as first, max(created_at) as last from notify.notification")
    assert sent["first"] < START - timedelta(weeks=12)
    assert sent["last"] < datetime(2024, 3, 2, tzinfo=UTC)
    client = await lived.signed_in(BOTH["practitioner"], "interventions")
    noted, changed = set(), set()
    for one in await listed(lived, BOTH["practitioner"]):
        path = f"/sent-referral/{one['id']}"
        noted.add((await client.get(f"{path}/case-notes")).json()["totalElements"])
        changed.add(len((await client.get(f"{path}/change-log")).json()))
    assert (noted, changed) == ({0, 2}, {0, 3})


async def test_what_was_lived_through_is_not_lived_through_again(lived: World) -> None:
    before = await listed(lived, BOTH["caseworker"])
    assert await populate_if_empty(lived.host, PEOPLE) == 0
    assert await listed(lived, BOTH["caseworker"]) == before
