"""Rotation at its time."""

from __future__ import annotations

from datetime import timedelta

from throughcare.kit.context import Context
from throughcare.services.auth.key.model import PURPOSE
from throughcare.services.auth.key.usecases import rotate_when_due
from throughcare.services.auth.settings import AuthSettings


async def rotate(ctx: Context) -> None:
    """Rotate the signing keys when the current one has served its days."""
    days = ctx.settings(AuthSettings).key_days
    await rotate_when_due(ctx.uow, ctx.secrets.derive(PURPOSE), every=timedelta(days=days))
