"""From a domain event to the queue of each consumer that may hear of it, and to no other."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.world import World
from throughcare.kit.db.database import counting_statements
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing
from throughcare.services.integration.consumer.model import Configuration, Consumer
from throughcare.services.integration.consumer.usecases import register_consumer, suspend_consumer
from throughcare.services.integration.delivery import jobs

CASES = "ROLE_PROBATION_API__CASES__RW"


async def opened_case(world: World, number: int) -> str:
    """The CRN of a new case of somebody whom no prison knows."""
    probation = await world.client("probation", roles=[CASES])
    case = {
        "name": {"forename": "Ash", "surname": f"Tell{'abcdefghij'[number]}"},
        "dateOfBirth": "1990-01-02",
        "gender": "Male",
        "managerUsername": "BERNARD.BEAKS",
    }
    reply = await probation.post("/probation-cases", json=case)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["crn"])


async def publish(world: World, event_type: str, *, crn: str, **information: Any) -> str:
    """Put a domain event on the topic; its id."""
    event_id = str(new_id())
    body = {
        "eventType": event_type,
        "version": 1,
        "occurredAt": world.clock.now().isoformat(),
        "eventId": event_id,
        "personReference": {"identifiers": [{"type": "CRN", "value": crn}]},
        "additionalInformation": information,
    }
    message = Outgoing(event_id, json.dumps(body), {"eventType": event_type})
    assert all(one.ok for one in await world.host.bus.publish("domain_events", [message]))
    return event_id


async def told(world: World, consumer: str) -> list[dict[str, Any]]:
    """What a consumer finds on its queue over HTTP, acknowledged."""
    client = await world.client("integration", roles=["ROLE_INTEGRATION__CONSUMER"], client_id=consumer)
    found = []
    while messages := (await client.get("/v1/queue/messages", params={"limit": 100})).json()["messages"]:
        for one in messages:
            envelope = json.loads(one["body"])
            found.append(json.loads(envelope["Message"]))
            assert (await client.delete(f"/v1/queue/messages/{one['receipt']}")).status_code == 204
    return found


async def after_the_window(world: World) -> None:
    """Handle what waits, pass the five minutes, and send."""
    await world.drain()
    world.clock.advance(timedelta(minutes=6))
    await world.drain()


async def notifications(world: World, hmpps_id: str) -> list[dict[str, Any]]:
    """What operators see about a person."""
    operators = await world.client("integration", roles=["ROLE_CONSOLE__RO"])
    found: list[dict[str, Any]] = (await operators.get("/v1/notifications", params={"hmppsId": hmpps_id})).json()[
        "notifications"
    ]
    return found


async def test_a_registration_reaches_only_the_consumer_that_may_see_it(world: World) -> None:
    crn = await opened_case(world, 0)
    await after_the_window(world)
    await told(world, "mapps-demo")
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    (message,) = [one for one in await told(world, "mapps-demo") if one["hmppsId"] == crn]
    assert list(message) == ["eventId", "hmppsId", "eventType", "prisonId", "url", "lastModifiedDateTime"]
    assert message["eventType"] == "MAPPA_DETAIL_CHANGED"
    assert message["url"].endswith(f"/v1/persons/{crn}/risks/mappadetail")
    assert [one for one in await told(world, "kiosk-demo") if one["hmppsId"] == crn] == []


async def test_changes_within_five_minutes_are_told_once_and_not_before(world: World) -> None:
    crn = await opened_case(world, 1)
    await after_the_window(world)
    await told(world, "mapps-demo")
    for _ in range(3):
        await publish(world, "probation-case.registration.updated", crn=crn, registerTypeCode="MAPP")
        await world.drain()
        world.clock.advance(timedelta(minutes=1))
    assert await told(world, "mapps-demo") == []
    world.clock.advance(timedelta(minutes=3))
    await world.drain()
    assert len(await told(world, "mapps-demo")) == 1
    (made,) = [one for one in await notifications(world, crn) if one["eventType"] == "MAPPA_DETAIL_CHANGED"]
    assert made["status"] == "PROCESSED"
    assert len(made["sourceEventIds"]) == 3


async def test_a_case_that_nobody_knows_is_a_dead_letter_that_stops_no_other(world: World) -> None:
    crn = await opened_case(world, 2)
    await after_the_window(world)
    await told(world, "mapps-demo")
    await publish(world, "probation-case.registration.added", crn="X999998", registerTypeCode="MAPP")
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    assert [one["hmppsId"] for one in await told(world, "mapps-demo")] == [crn]


async def test_a_suspended_consumers_notifications_are_held_until_it_returns(world: World) -> None:
    ctx = world.context("integration")
    crn = await opened_case(world, 3)
    await after_the_window(world)
    await told(world, "mapps-demo")
    await suspend_consumer(ctx.new_uow(), "mapps-demo", suspended=True)
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    assert await told(world, "mapps-demo") == []
    await suspend_consumer(ctx.new_uow(), "mapps-demo", suspended=False)
    await world.drain()
    assert [one["hmppsId"] for one in await told(world, "mapps-demo")] == [crn]


async def test_a_refusing_queue_delays_no_other_consumer(world: World) -> None:
    ctx = world.context("integration")
    configuration = Configuration(roles=("ext-hmpps-public-protection",))
    await register_consumer(ctx.new_uow(), ctx.bus, Consumer("broken-demo", configuration, "consumer_broken_demo"))
    await world.fetch("update integration.consumer set queue_name = 'no_such_queue' where name = 'broken-demo'")
    crn = await opened_case(world, 4)
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    assert crn in {one["hmppsId"] for one in await told(world, "mapps-demo")}
    waiting = await world.fetch("select last_error from integration.delivery where consumer = 'broken-demo'")
    assert {row["last_error"] for row in waiting} == {"UnknownQueue"}
    await world.fetch("delete from integration.consumer where name = 'broken-demo'")


@pytest.mark.parametrize("client_id", ["probation", "nobody-demo"])
async def test_a_client_that_is_no_consumer_cannot_read_a_queue(world: World, client_id: str) -> None:
    client: httpx2.AsyncClient = await world.client(
        "integration",
        roles=["ROLE_INTEGRATION__CONSUMER"],
        client_id=client_id if client_id != "probation" else "x-demo",
    )
    assert (await client.get("/v1/queue/messages")).status_code == 403
    assert (await client.delete("/v1/queue/messages/rubbish")).status_code == 403


async def test_operators_see_each_consumers_policy_and_queue(world: World) -> None:
    operators = await world.client("integration", roles=["ROLE_CONSOLE__RO"])
    kiosk = (await operators.get("/v1/consumers/kiosk-demo")).json()
    assert kiosk["policy"]["prisonId"] == ["ACI"]
    assert kiosk["queueName"] == "consumer_kiosk_demo"
    assert (await operators.get("/v1/consumers/nobody")).status_code == 404
    assert (await world.anonymous("integration").get("/v1/consumers")).status_code == 401


async def test_the_number_of_statements_does_not_grow_with_the_batch(world: World) -> None:
    crns = [await opened_case(world, number) for number in (5, 6, 7)]
    await after_the_window(world)
    counts = []
    for part in (crns[:1], crns):
        for crn in part:
            await publish(world, "probation-case.registration.deleted", crn=crn, registerTypeCode="MAPP")
        consumer = world.host.runtimes["integration"].consumers[0]
        with counting_statements() as noted:
            await consumer.step()
        counts.append(len([one for one in noted if "integration" in one or "notification" in one or "inbox" in one]))
        world.clock.advance(timedelta(minutes=6))
        with counting_statements() as sending:
            await jobs.publish(world.context("integration"))
        counts.append(len(sending))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3]
