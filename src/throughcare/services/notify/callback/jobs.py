"""The worker that posts receipts."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import httpx2

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.notify.account.model import Callback as Target
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.callback import usecases
from throughcare.services.notify.callback.model import TIMEOUT_SECONDS, Attempt, Callback, judge
from throughcare.services.notify.settings import NotifySettings

log = get_logger(__name__)


async def send_callbacks(ctx: Context) -> int:
    """One step of the worker ``send-callbacks``: post the receipts that are due; how many."""
    due = await usecases.claim_callbacks(ctx.new_uow())
    if not due:
        return 0
    accounts = load_accounts(ctx.secrets, ctx.settings(NotifySettings).callbacks)
    targets = [(one, accounts[one.service_id].callback) for one in due]
    async with AsyncExitStack() as opened:
        outside = None
        if any(target is not None and not target.peer for _, target in targets):
            outside = await opened.enter_async_context(httpx2.AsyncClient(trust_env=False))
        attempts = await asyncio.gather(*(_attempt(ctx, outside, one, target) for one, target in targets))
    await usecases.record_attempts(ctx.new_uow(), attempts)
    return len(due)


async def _attempt(ctx: Context, outside: httpx2.AsyncClient | None, one: Callback, target: Target | None) -> Attempt:
    client = outside if target is None or not target.peer else ctx.runtime.gateway.client(target.peer)
    if target is None or client is None:
        return Attempt(one.id, "refused", None, ctx.now)
    try:
        answer = await client.post(
            target.path or target.url,
            json=one.payload,
            headers={"Authorization": f"Bearer {target.token}"},
            timeout=TIMEOUT_SECONDS,
        )
        attempt = judge(one, answer.status_code, ctx.now)
    except httpx2.TransportError:
        attempt = judge(one, None, ctx.now)
    if attempt.verdict != "received":
        labels = {
            "id": one.id,
            "outcome": attempt.verdict,
            "status": attempt.status,
            "attempts": one.attempts,
        }
        log.warning("a delivery receipt was not received", labels=labels)
    return attempt
