"""Versions of what is asked of the provider, through the door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.service.interventions.amending import WHY, amend, changes, told
from tests.service.interventions.journey import (
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    Json,
    assigned_referral,
    ok,
    problems,
    refused,
)
from tests.world import World

SIDES = ("service-provider", "probation-practitioner")


@pytest.fixture(scope="module")
async def referral(world: World) -> Journey:
    """A referral that somebody works on."""
    return await assigned_referral(world)


async def details(journey: Journey, **body: object) -> Json:
    found: Json = ok(await amend(journey, "referral-details", **body, **WHY))
    return found


async def test_a_new_version_of_the_details_keeps_what_is_not_said(world: World) -> None:
    journey = await assigned_referral(world, case={"managerUsername": OTHER_PRACTITIONER.username})
    deadline = world.clock.today() + timedelta(days=30)
    before = date.fromisoformat((await journey.referral())["referral"]["completionDeadline"])
    shown = await details(journey, completionDeadline=deadline.isoformat(), maximumEnforceableDays=5)
    assert shown == {
        "referralId": journey.referral_id, "completionDeadline": deadline.isoformat(), "maximumEnforceableDays": 5,
        "furtherInformation": "Prefers mornings", "reasonForReferral": "Wants to work",
        "reasonForReferralFurtherInformation": None, "reasonForChange": "They told me", "prisonEstablishment": None,
        "probationOffice": None, "createdById": "2500000001", "createdAt": shown["createdAt"],
    }  # fmt: skip
    found = {one["topic"]: one for one in await changes(journey)}
    assert set(found) == {"COMPLETION_DATETIME", "MAXIMUM_ENFORCEABLE_DAYS"}
    assert found["COMPLETION_DATETIME"]["newValue"] == [f"{deadline:%d %b %Y}"]
    assert (found["MAXIMUM_ENFORCEABLE_DAYS"]["oldValue"], found["MAXIMUM_ENFORCEABLE_DAYS"]["newValue"]) == (
        ["10"],
        ["5"],
    )
    rows = await world.fetch(
        "select reason_for_change, superseded_by_id is null as current from interventions.referral_details "
        "where referral_id::text = $1 order by created_at",
        journey.referral_id,
    )
    assert [(one["reason_for_change"], one["current"]) for one in rows] == [
        ("initial referral details", False),
        ("They told me", True),
    ]
    [days] = await told(world, journey, "enforceable-days-updated")
    pages = {side: f"http://throughcare.test/{side}/referrals/{journey.referral_id}/details" for side in SIDES}
    assert days == {
        "recipientFirstName": "Alex", "previousMaximumEnforceableDays": "10", "newMaximumEnforceableDays": "5",
        "changedByName": PRACTITIONER.name, "referralDetailsUrl": pages["service-provider"],
    }  # fmt: skip
    [mine] = await told(world, journey, "completion-deadline-updated")
    [officers] = await told(world, journey, "completion-deadline-updated", OTHER_PRACTITIONER.email)
    for mail, name, side in ((mine, "Alex", "service-provider"), (officers, "Hanifa", "probation-practitioner")):
        assert mail == {
            "caseworkerFirstName": name, "newCompletionDeadline": f"{deadline.day} {deadline:%B %Y}",
            "previousCompletionDeadline": f"{before.day} {before:%B %Y}", "changedByName": PRACTITIONER.name,
            "referralDetailsUrl": pages[side],
        }  # fmt: skip


async def test_the_officer_is_not_told_of_their_own_change(world: World, referral: Journey) -> None:
    await details(referral, completionDeadline=(world.clock.today() + timedelta(days=40)).isoformat())
    assert len(await told(world, referral, "completion-deadline-updated")) == 1
    assert await told(world, referral, "completion-deadline-updated", PRACTITIONER.email) == []


async def test_a_changed_reason_is_told_once_and_every_text_is_logged(world: World, referral: Journey) -> None:
    texts = {
        "reasonForReferral": "Cooking", "reasonForReferralFurtherInformation": "In a kitchen",
        "furtherInformation": "Afternoons", "reasonForReferralCreationBeforeAllocation": "Early",
    }  # fmt: skip
    await details(referral, **texts)
    written = (await referral.referral())["referral"]
    assert {name: written[name] for name in texts} == texts
    newest = {one["topic"]: one["newValue"] for one in (await changes(referral))[:4]}
    assert newest == {
        "REASON_FOR_REFERRAL": ["Cooking"], "REASON_FOR_REFERRAL_FURTHER_INFORMATION": ["In a kitchen"],
        "FURTHER_INFORMATION": ["Afternoons"], "REASON_FOR_REFERRAL_BEFORE_ALLOCATION": ["Early"],
    }  # fmt: skip
    [mail] = await told(world, referral, "reason-for-referral-updated")
    assert mail == {
        "caseWorkerFirstName": "Alex", "changedByName": PRACTITIONER.name, "popFullName": "jo BLOGGS",
        "referralNumber": (await referral.referral())["referenceNumber"],
        "referralDetailsURL": f"http://throughcare.test/service-provider/referrals/{referral.referral_id}/details",
    }  # fmt: skip
    before = await changes(referral)
    await details(referral, **texts)
    assert await changes(referral) == before
    await details(referral, reasonForReferralFurtherInformation="In a café")
    assert len(await told(world, referral, "reason-for-referral-updated")) == 2


async def test_a_version_that_says_nothing_or_nonsense_is_refused(referral: Journey) -> None:
    refused(await amend(referral, "referral-details", **WHY), 400, "NOTHING_TO_UPDATE")
    reply = await amend(referral, "referral-details", completionDeadline="2020-01-01", maximumEnforceableDays=0, **WHY)
    assert problems(reply) == {
        ("completionDeadline", "DATE_MUST_BE_IN_THE_FUTURE"),
        ("maximumEnforceableDays", "CANNOT_BE_NEGATIVE_OR_ZERO"),
    }
