"""The status clock and the end of the retention period."""

from __future__ import annotations

from datetime import timedelta

from throughcare.kit.context import Context
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.fault import usecases as faults
from throughcare.services.notify.notification import usecases
from throughcare.services.notify.notification.model import RETENTION, Timing
from throughcare.services.notify.settings import NotifySettings


def timing(settings: NotifySettings) -> Timing:
    """The delays that the settings ask for."""
    return Timing(timedelta(seconds=settings.sending_after), timedelta(seconds=settings.delivered_after))


async def run_status_clock(ctx: Context) -> int:
    """One step of the worker ``status-clock``; how many messages changed."""
    settings = ctx.settings(NotifySettings)
    accounts = load_accounts(ctx.secrets, settings.callbacks)
    return await usecases.advance_statuses(ctx.new_uow(), accounts, timing(settings))


async def forget_old(ctx: Context) -> None:
    """The job ``forget-old``."""
    await usecases.forget_old(ctx.new_uow())
    await faults.forget_spent(ctx.new_uow(), RETENTION)
