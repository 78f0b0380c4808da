"""Messages reach the right person, also when a look-up fails at first."""

from __future__ import annotations

import pytest

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    appointment,
    assign,
    assigned_referral,
    mails,
    ok,
    schedule_assessment,
    sent_referral,
    tomorrow,
)
from tests.service.interventions.outage import Failure, Peers
from tests.world import World

pytestmark = pytest.mark.usefixtures("peers")

SCHEDULED = "initial-assessment-scheduled"


async def retried(world: World, queue: str) -> None:
    """Let what waits on a queue be tried again now rather than later."""
    await world.fetch(f"update pgmq.q_{queue} set vt = now()")
    await world.drain()


async def told(world: World, crn: str) -> list[str]:
    """Who was told that this person's assessment was booked."""
    found = await mails(world, template=SCHEDULED)
    return [one["to"] for one in found if one["personalisation"]["crn"] == crn]


async def test_the_responsible_officer_is_told_whoever_wrote_the_referral(world: World) -> None:
    journey = await assigned_referral(world, case={"managerUsername": OTHER_PRACTITIONER.username})
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    await world.drain()
    assert await told(world, journey.crn) == [OTHER_PRACTITIONER.email]


@pytest.mark.parametrize("status", [403, 404])
async def test_without_an_officer_who_sent_the_referral_is_told(world: World, peers: Peers, status: int) -> None:
    journey = await assigned_referral(world)
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    with peers.refusing("probation", status, "WHATEVER", "/responsible-officer"):
        await world.drain()
    assert await told(world, journey.crn) == [PRACTITIONER.email]


async def test_a_message_waits_for_a_dead_peer_and_then_goes_once(world: World, peers: Peers) -> None:
    journey = await assigned_referral(world)
    await world.drain()
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    with peers.failing("probation", Failure.DEAD, "/responsible-officer"):
        await world.drain()
        assert await told(world, journey.crn) == []
    await retried(world, "interventions_own_events")
    assert await told(world, journey.crn) == [PRACTITIONER.email]


async def test_the_message_to_the_mailbox_needs_no_look_up(world: World, peers: Peers) -> None:
    journey = await sent_referral(world)
    reference = (await journey.referral())["referenceNumber"]
    with peers.failing("auth", Failure.DEAD, "users"), peers.failing("probation", Failure.DEAD, "officer"):
        await world.drain()
    found = await mails(world, template="referral-sent")
    assert reference in {one["personalisation"]["referenceNumber"] for one in found}


async def test_an_assignment_whose_look_up_fails_is_announced_to_the_caseworker_later(
    world: World, peers: Peers
) -> None:
    journey = await sent_referral(world)
    await world.drain()
    ok(await assign(journey, CASEWORKER.username))
    reference = (await journey.referral())["referenceNumber"]
    with peers.failing("auth", Failure.DEAD, "/externalusers/"):
        await world.drain()
    await retried(world, "interventions_domain_events")
    found = await mails(world, to=CASEWORKER.email, template="referral-assigned")
    assert [one["personalisation"]["referenceNumber"] for one in found].count(reference) == 1


async def test_links_and_formatting_in_a_typed_name_lose_their_effect(world: World) -> None:
    journey = await assigned_referral(
        world, serviceUser={"firstName": "[click](https://bad.example)", "lastName": "Bloggs"}
    )
    ok(await schedule_assessment(journey, appointment(tomorrow(world))))
    await world.drain()
    [mail] = [one for one in await mails(world, template=SCHEDULED) if one["personalisation"]["crn"] == journey.crn]
    assert 'href="https://bad.example"' not in mail["html"]
