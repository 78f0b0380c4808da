"""What happens at night to referrals that were left open."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.left_open.store import LeftOpenStore
from throughcare.services.interventions.left_open.usecases import conclude_left_open
from throughcare.services.interventions.settings import pages

log = get_logger(__name__)

AT_ONCE = 500


async def conclude(ctx: Context) -> None:
    """Conclude, each in a transaction of its own, whatever has nothing left to do."""
    concluded, last = 0, None
    while True:
        async with ctx.reading(LeftOpenStore) as store:
            ids = await store.after(last, AT_ONCE)
        if not ids:
            break
        for one in ids:
            concluded += await conclude_left_open(ctx.new_uow(), one, pages(ctx))
        last = ids[-1]
    log.info("referrals left open were concluded", count=concluded)
