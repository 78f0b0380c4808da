"""What happens at night to referrals that have been kept long enough."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.retention.model import limit_of
from throughcare.services.interventions.retention.usecases import count_due, erase_referral, find_due
from throughcare.services.interventions.settings import InterventionsSettings

log = get_logger(__name__)


async def erase(ctx: Context) -> str:
    """Erase them, each in a transaction of its own; only count them while erasing is not switched on."""
    settings = ctx.settings(InterventionsSettings)
    limit = limit_of(ctx.now, settings.keep_referrals)
    if not settings.erase_referrals:
        due = await count_due(ctx, limit)
        log.info("referrals could be erased", count=due)
        return f"{due} to erase, none erased: erasing is switched off"
    erased = 0
    async for one in find_due(ctx, limit):
        if await erase_referral(ctx.new_uow(), one, limit):
            erased += 1
            log.info("referral erased", referral_id=one)
    log.info("referrals were erased", count=erased)
    return f"{erased} erased"
