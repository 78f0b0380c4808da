"""Registering consumers. Whoever may do this decides who hears of whom: the role is held by nobody by the way."""

from __future__ import annotations

from throughcare.kit.db import StaleVersion
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer import usecases
from throughcare.services.integration.consumer.model import BadConsumer, Consumer, NoConsumer, compile_policy
from throughcare.services.integration.consumer.schemas import ConsumerChange, Registered, Suspension

KEEPERS = ["ROLE_INTEGRATION__CONSUMERS__RW"]

router = Router(prefix="/v1/consumers", tag="Consumers")


@router.put("/{name}", roles=KEEPERS, errors=[BadConsumer])
async def put_consumer(name: str, body: ConsumerChange, ctx: Ctx) -> Registered:
    """Register a consumer, or give a known one this configuration; it counts from the next notification on."""
    return _registered(await usecases.register_consumer(ctx.uow, ctx.bus, body.consumer(name)))


@router.put("/{name}/suspension", roles=KEEPERS, errors=[NoConsumer, StaleVersion])
async def put_suspension(name: str, body: Suspension, ctx: Ctx) -> Registered:
    """Hold what is for a consumer, or let it go."""
    return _registered(await usecases.suspend_consumer(ctx.uow, name, suspended=body.suspended))


def _registered(one: Consumer) -> Registered:
    return Registered(
        name=one.name, queue_name=one.queue_name, feed=one.feed, suspended=one.suspended,
        policy=compile_policy(one.configuration).document(),
    )  # fmt: skip
