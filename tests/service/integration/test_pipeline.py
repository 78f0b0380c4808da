"""From a domain event to the queue of each consumer that may hear of it, and to no other."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from tests.service.integration.telling import (
    after_the_window,
    notifications,
    opened_case,
    operators,
    publish,
    told,
)
from tests.world import World
from throughcare.kit.db.database import counting_statements
from throughcare.services.integration.consumer.model import Configuration, Consumer
from throughcare.services.integration.consumer.usecases import register_consumer, suspend_consumer
from throughcare.services.integration.delivery import jobs


async def test_a_registration_reaches_only_the_consumer_that_may_see_it(world: World) -> None:
    crn = await opened_case(world)
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
    crn = await opened_case(world)
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
    crn = await opened_case(world)
    await after_the_window(world)
    await told(world, "mapps-demo")
    await publish(world, "probation-case.registration.added", crn="X999998", registerTypeCode="MAPP")
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    assert [one["hmppsId"] for one in await told(world, "mapps-demo")] == [crn]


async def test_a_suspended_consumers_notifications_are_held_until_it_returns(world: World) -> None:
    ctx = world.context("integration")
    crn = await opened_case(world)
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
    crn = await opened_case(world)
    await publish(world, "probation-case.registration.added", crn=crn, registerTypeCode="MAPP")
    await after_the_window(world)
    assert crn in {one["hmppsId"] for one in await told(world, "mapps-demo")}
    broken = (await (await operators(world)).get("/v1/consumers/broken-demo")).json()
    assert (broken["lastError"], broken["waiting"] > 0, broken["dead"]) == ("UnknownQueue", True, 0)
    await world.fetch("update integration.consumer set queue_name = 'consumer_broken_demo' where name = 'broken-demo'")
    await world.fetch("update integration.lane set retry_at = null where consumer = 'broken-demo'")
    await world.drain()
    assert crn in {one["hmppsId"] for one in await told(world, "broken-demo")}
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
    client = await operators(world)
    kiosk = (await client.get("/v1/consumers/kiosk-demo")).json()
    assert kiosk["policy"]["prisonId"] == ["ACI"]
    assert kiosk["queueName"] == "consumer_kiosk_demo"
    assert (await client.get("/v1/consumers/nobody")).status_code == 404
    assert (await world.anonymous("integration").get("/v1/consumers")).status_code == 401


async def test_the_number_of_statements_does_not_grow_with_the_batch(world: World) -> None:
    crns = [await opened_case(world) for _ in range(3)]
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
