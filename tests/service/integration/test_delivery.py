"""Each consumer's own line: nothing lost, nobody waits for another, and what failed can be seen and mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import SECRETS
from tests.service.integration.telling import (
    after_the_window,
    consumer_state,
    operators,
    prison,
    prisons_of,
    registered,
    room_changed,
    suspended,
    told,
)
from tests.world import World, hosted
from throughcare import catalogue
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Bus, Outgoing, Sent
from throughcare.services.integration.delivery import jobs, usecases
from throughcare.services.integration.delivery.model import MAX_ATTEMPTS
from throughcare.services.integration.delivery.store import DeliveryStore


class Troubled:
    """The bus, except that one queue hangs until it is let go, or refuses entries."""

    def __init__(self, bus: Bus, queue: str, *, refuse: bool = False) -> None:
        self._bus, self._queue, self._refuse = bus, queue, refuse
        self.go_on = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    async def send(self, queue: str, messages: Sequence[Outgoing]) -> list[Sent]:
        """Send, or not."""
        if queue == self._queue:
            if self._refuse:
                return [Sent(one.key, error="Refused") for one in messages]
            await self.go_on.wait()
        return await self._bus.send(queue, messages)


@asynccontextmanager
async def troubled(world: World, queue: str, *, refuse: bool = False) -> AsyncIterator[Troubled]:
    """The service with a queue in trouble."""
    runtime = world.host.runtimes["integration"]
    bus = runtime.bus
    runtime.bus = Troubled(bus, queue, refuse=refuse)
    try:
        yield runtime.bus
    finally:
        runtime.bus.go_on.set()
        runtime.bus = bus


async def due(world: World, count: int) -> list[str]:
    """The prisons of ``count`` notifications whose time has come, and which nobody has distributed yet."""
    codes = [prison() for _ in range(count)]
    await room_changed(world, *codes)
    for consumer in world.host.runtimes["integration"].consumers:
        while await consumer.step():
            pass
    world.clock.advance(timedelta(minutes=6))
    return codes


async def test_workers_side_by_side_share_the_work_and_double_nothing(world: World) -> None:
    await registered(world, "shared-body")
    codes = await due(world, 60)
    services = catalogue.services(["integration"])
    async with hosted(world.owner_dsn, services, secrets=SECRETS) as other:
        other.clock.set(world.clock.now())
        rounds = [jobs.publish(one.context("integration")) for one in (world, other) for _ in range(3)]
        await asyncio.gather(*rounds)
        await world.drain()
    assert sorted(prisons_of(await told(world, "shared-body"))) == sorted(codes)


async def test_what_a_dead_worker_had_claimed_is_sent_by_another_when_its_lease_ends(world: World) -> None:
    await registered(world, "orphan-body")
    codes = await due(world, 3)
    made = await usecases.distribute(world.context("integration"))  # claims for itself, and then dies
    assert made.notifications == 3
    await world.drain()
    assert await told(world, "orphan-body") == []
    await world.fetch("update integration.delivery set claimed_until = now() where claimed_until is not null")
    await world.drain()
    assert sorted(prisons_of(await told(world, "orphan-body"))) == codes


async def test_a_consumer_whose_queue_hangs_delays_no_other(world: World) -> None:
    await registered(world, "slow-body")
    await registered(world, "quick-body")
    async with troubled(world, "consumer_slow_body") as bus:
        codes = await due(world, 2)
        await world.drain()
        assert sorted(prisons_of(await told(world, "quick-body"))) == codes
        later = await due(world, 2)
        await world.drain()
        assert sorted(prisons_of(await told(world, "quick-body"))) == later
        bus.go_on.set()
        await asyncio.sleep(0)
    while (await consumer_state(world, "slow-body"))["waiting"]:
        await world.drain()
    assert sorted(prisons_of(await told(world, "slow-body"))) == [*codes, *later]


async def test_a_suspension_counts_at_once_also_for_a_backlog_that_is_being_sent(world: World) -> None:
    await registered(world, "paused-body")
    async with troubled(world, "consumer_paused_body", refuse=True):
        await due(world, 2)
        await world.drain()
    await suspended(world, "paused-body", True)
    await world.fetch("update integration.delivery set available_at = now() where consumer = 'paused-body'")
    async with world.context("integration").new_uow() as uow:
        assert await uow.store(DeliveryStore).claim("paused-body", new_id()) == []
    await suspended(world, "paused-body", False)
    async with world.context("integration").new_uow() as uow:
        assert len(await uow.store(DeliveryStore).claim("paused-body", new_id())) == 2


async def test_refused_entries_are_tried_again_then_given_up_and_sent_when_an_operator_says_so(world: World) -> None:
    await registered(world, "choosy-body")
    async with troubled(world, "consumer_choosy_body", refuse=True):
        (code,) = await due(world, 1)
        for _ in range(MAX_ATTEMPTS):
            await world.drain()
            await world.fetch("update integration.delivery set available_at = now() where consumer = 'choosy-body'")
    state = await consumer_state(world, "choosy-body")
    assert (state["waiting"], state["dead"], state["failures"]) == (0, 1, 0)
    (dead,) = (await (await operators(world)).get("/v1/deliveries", params={"state": "dead"})).json()
    assert (dead["consumer"], dead["lastError"], dead["attempts"], dead["state"]) == (
        "choosy-body", "Refused", MAX_ATTEMPTS, "DEAD",
    )  # fmt: skip
    admins = await world.client("integration", roles=["ROLE_QUEUE_ADMIN"])
    assert (await admins.post("/v1/consumers/choosy-body/retry", json={})).json() == {"count": 1}
    await world.drain()
    assert prisons_of(await told(world, "choosy-body")) == [code]
    assert (await consumer_state(world, "choosy-body"))["dead"] == 0


async def test_a_delivery_that_failed_is_shown_as_stuck_until_it_goes_through(world: World) -> None:
    await registered(world, "stuck-body")
    async with troubled(world, "consumer_stuck_body", refuse=True):
        await due(world, 1)
        await world.drain()
    client = await operators(world)
    (stuck,) = (await client.get("/v1/deliveries", params={"state": "stuck", "consumer": "stuck-body"})).json()
    assert (stuck["lastError"], stuck["attempts"]) == ("Refused", 1)
    await world.fetch("update integration.delivery set available_at = now() where consumer = 'stuck-body'")
    await world.drain()
    assert (await client.get("/v1/deliveries", params={"state": "stuck", "consumer": "stuck-body"})).json() == []


async def test_a_permission_taken_away_counts_for_what_still_waits(world: World) -> None:
    await registered(world, "former-body")
    async with troubled(world, "consumer_former_body", refuse=True):
        await due(world, 1)
        await world.drain()
    await registered(world, "former-body", include=["/v1/status"])
    await world.fetch("update integration.delivery set available_at = now() where consumer = 'former-body'")
    await world.drain()
    assert await told(world, "former-body") == []
    (dead,) = (
        await (await operators(world)).get("/v1/deliveries", params={"state": "dead", "consumer": "former-body"})
    ).json()
    assert dead["lastError"] == "no longer permitted"


async def test_a_message_that_a_consumer_never_acknowledges_ends_on_its_dead_letter_queue(world: World) -> None:
    await registered(world, "sloppy-body")
    (code,) = await due(world, 1)
    await world.drain()
    client = await world.client("integration", roles=["ROLE_INTEGRATION__CONSUMER"], client_id="sloppy-body")
    for _ in range(4):
        await client.get("/v1/queue/messages")
        await world.fetch("update pgmq.q_consumer_sloppy_body set vt = now()")
    await client.get("/v1/queue/messages")
    state = await consumer_state(world, "sloppy-body")
    assert (state["messagesOnQueue"], state["messagesOnDlq"]) == (0, 1)
    (dead,) = await world.host.bus.dead("consumer_sloppy_body")
    assert code in dead.body


@pytest.mark.parametrize(("age", "left"), [(timedelta(days=6), 1), (timedelta(days=7, seconds=1), 0)])
async def test_what_was_delivered_is_kept_for_a_week(world: World, age: timedelta, left: int) -> None:
    await registered(world, "kept-body")
    (code,) = await due(world, 1)
    await world.drain()
    world.clock.advance(age)
    await jobs.clean(world.context("integration"))
    found = await world.fetch("select 1 from integration.notification where prison_id = $1", code)
    assert len(found) == left
    held = await world.fetch("select 1 from integration.delivery where prison_id = $1 and consumer = 'kept-body'", code)
    assert len(held) == left


async def test_what_waits_for_a_suspended_consumer_is_kept_as_long_as_it_takes(world: World) -> None:
    await registered(world, "away-body")
    await suspended(world, "away-body", True)
    codes = await due(world, 2)
    await after_the_window(world)
    world.clock.advance(timedelta(days=30))
    await jobs.clean(world.context("integration"))
    state = await consumer_state(world, "away-body")
    assert (state["suspended"], state["waiting"]) == (True, 2)
    assert state["lagSeconds"] > timedelta(days=29).total_seconds()
    await suspended(world, "away-body", False)
    await world.drain()
    assert sorted(prisons_of(await told(world, "away-body"))) == codes
