"""Registering consumers, and holding what is for them."""

from __future__ import annotations

from dataclasses import replace

from throughcare.kit.db import UnitOfWork
from throughcare.kit.messaging.bus import Bus, QueueSpec
from throughcare.services.integration.consumer.model import BadConsumer, Consumer, check
from throughcare.services.integration.consumer.store import ConsumerStore

MAX_RECEIVES = 3


async def register_consumer(uow: UnitOfWork, bus: Bus, one: Consumer) -> Consumer:
    """Make the consumer's queue and keep its configuration; whether it is suspended stays as it was.

    Raises BadConsumer, also for a queue that is another's.
    """
    check(one.name, one.configuration)
    if one.queue_name is not None:
        await bus.create_queue(QueueSpec(one.queue_name, max_receives=MAX_RECEIVES))
    async with uow:
        store = uow.store(ConsumerStore)
        if one.queue_name is not None and await store.owner_of(one.queue_name) not in {None, one.name}:
            raise BadConsumer("this queue is another consumer's")
        await store.put(one)
        return await store.get(one.name)


async def suspend_consumer(uow: UnitOfWork, name: str, *, suspended: bool) -> Consumer:
    """Hold what is for a consumer, or let it go. Raises NoConsumer, StaleVersion."""
    async with uow:
        store = uow.store(ConsumerStore)
        changed = replace(await store.get(name), suspended=suspended)
        await store.save(changed)
    return changed
