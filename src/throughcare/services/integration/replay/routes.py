"""Doors for operators who tell a consumer again."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.integration.consumer.model import NoConsumer
from throughcare.services.integration.replay import usecases
from throughcare.services.integration.replay.schemas import Counted, Replay, Retry

OPERATORS = ["ROLE_QUEUE_ADMIN"]

router = Router(prefix="/v1/consumers", tag="Replay")


@router.post("/{name}/replay", roles=OPERATORS, errors=[NoConsumer])
async def replay(name: str, body: Replay, ctx: Ctx) -> Counted:
    """Tell a consumer again what was told before, as far as it may hear of it now."""
    return Counted(count=await usecases.replay(ctx, name, body))


@router.post("/{name}/retry", roles=OPERATORS, errors=[NoConsumer])
async def retry(name: str, body: Retry, ctx: Ctx) -> Counted:
    """Try again what was given up for a consumer, or at once what failed at some places of its line."""
    return Counted(count=await usecases.retry(ctx, name, body.positions))
