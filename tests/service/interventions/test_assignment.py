"""Assigning a referral, through its door."""

from __future__ import annotations

import asyncio
from datetime import datetime

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    assign,
    concluded_referral,
    mails,
    ok,
    refused,
    sent_referral,
)
from tests.world import World


async def test_a_caseworker_is_assigned_and_told(world: World) -> None:
    journey = await sent_referral(world)
    shown = ok(await assign(journey, CASEWORKER.username))
    assert shown["assignedTo"] == {
        "username": CASEWORKER.username,
        "authSource": "auth",
        "userId": CASEWORKER.user_id,
    }
    await world.drain()
    event = (await journey.events())[-1]
    assert event["eventType"] == "intervention.referral.assigned"
    assert event["additionalInformation"] == {
        "referralId": journey.referral_id,
        "assignedTo": CASEWORKER.username,
    }
    assert event["detailUrl"] == f"http://throughcare.test/interventions-service/sent-referral/{journey.referral_id}"
    assert event["personReference"] == {"identifiers": [{"type": "CRN", "value": journey.crn}]}
    [assigned] = await world.fetch(
        "select assigned_at from interventions.referral_assignment where referral_id::text = $1", journey.referral_id
    )
    assert datetime.fromisoformat(event["occurredAt"]) == assigned["assigned_at"]
    [mail] = await mails(world, to=CASEWORKER.email, template="referral-assigned")
    assert mail["personalisation"]["spFirstName"] == "Alex"
    assert mail["personalisation"]["referralUrl"].endswith(f"/service-provider/referrals/{journey.referral_id}/details")


async def test_a_new_caseworker_takes_the_place_of_the_one_before(world: World) -> None:
    journey = await sent_referral(world)
    ok(await assign(journey, CASEWORKER.username))
    shown = ok(await assign(journey, OTHER_CASEWORKER.username))
    assert shown["assignedTo"]["username"] == OTHER_CASEWORKER.username
    rows = await world.fetch(
        "select superseded from interventions.referral_assignment where referral_id::text = $1 order by assigned_at",
        journey.referral_id,
    )
    assert [row["superseded"] for row in rows] == [True, False]
    assert await journey.event_types() == ["referral.sent", "referral.assigned", "referral.assigned"]


async def test_a_concluded_referral_can_be_assigned_since_a_report_may_be_due(world: World) -> None:
    journey = await concluded_referral(world)
    assert ok(await assign(journey, OTHER_CASEWORKER.username))["concludedAt"] is not None


async def test_only_who_holds_the_contract_can_be_assigned(world: World) -> None:
    journey = await sent_referral(world)
    for nobody in ("NOBODY@X.TEST", ""):
        refused(await assign(journey, nobody), 403, "SP_CONTRACT_MISMATCH")
    practitioner = await assign(journey, PRACTITIONER.username, authSource="delius")
    refused(practitioner, 403, "SP_CONTRACT_MISMATCH")
    assert (await journey.referral())["assignedTo"] is None


async def test_the_assignee_is_who_the_directory_says_whatever_the_id_given(world: World) -> None:
    journey = await sent_referral(world)
    shown = ok(await assign(journey, CASEWORKER.username, userId="somebody else"))
    assert shown["assignedTo"]["userId"] == CASEWORKER.user_id


async def test_a_practitioner_cannot_assign(world: World) -> None:
    journey = await sent_referral(world)
    to = {"userId": CASEWORKER.user_id, "username": CASEWORKER.username, "authSource": "auth"}
    path = f"/sent-referral/{journey.referral_id}/assign"
    refused(await journey.as_practitioner("POST", path, json={"assignedTo": to}), 403, "SP_ONLY")


async def test_of_two_at_once_one_is_the_current_caseworker(world: World) -> None:
    journey = await sent_referral(world)
    replies = await asyncio.gather(*(assign(journey, one.username) for one in (CASEWORKER, OTHER_CASEWORKER) * 3))
    assert {reply.status_code for reply in replies} == {200}
    rows = await world.fetch(
        "select 1 from interventions.referral_assignment where referral_id::text = $1 and not superseded",
        journey.referral_id,
    )
    assert len(rows) == 1
