"""Settings of the interventions service, and what is made of them."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from throughcare.kit.context import Context
from throughcare.kit.notify import MailSettings
from throughcare.services.interventions.page.model import Pages

DAY, YEAR = timedelta(days=1), timedelta(days=365)


class InterventionsSettings(MailSettings):
    """What can be told to this service.

    ``ui_url`` is where the pages are that messages link to; unset, the public address of this system.
    ``fallback_mailbox`` is told of referrals under contracts that were onboarded without a mailbox. The others say
    how long each class of data is kept: a draft from its beginning, a performance report from its completion, a
    referral from its conclusion or the end of its sentence. Referrals are only counted until ``erase_referrals``. The
    least values keep a bare number, which means seconds, from being taken for days.
    """

    ui_url: str | None = None
    fallback_mailbox: str = "referrals@interventions.example.test"
    keep_drafts: timedelta = Field(default=timedelta(days=90), ge=DAY)
    keep_reports: timedelta = Field(default=timedelta(days=28), ge=DAY)
    keep_referrals: timedelta = Field(default=timedelta(days=2557), ge=YEAR)
    erase_referrals: bool = False


def pages(ctx: Context) -> Pages:
    """The addresses of the pages."""
    configured = ctx.settings(InterventionsSettings).ui_url
    return Pages((configured or ctx.runtime.topology.public_url("ui")).rstrip("/"))
