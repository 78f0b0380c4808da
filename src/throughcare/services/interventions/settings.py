"""Settings of the interventions service, and what is made of them."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.notify import MailSettings
from throughcare.services.interventions.page.model import Pages


class InterventionsSettings(MailSettings):
    """``ui_url`` is where the pages are that messages link to; unset, the public address of this system."""

    ui_url: str | None = None


def pages(ctx: Context) -> Pages:
    """The addresses of the pages."""
    configured = ctx.settings(InterventionsSettings).ui_url
    return Pages((configured or ctx.runtime.topology.public_url("ui")).rstrip("/"))
