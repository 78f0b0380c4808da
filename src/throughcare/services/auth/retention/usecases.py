"""Deleting what is over."""

from __future__ import annotations

from datetime import timedelta

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.services.auth.assertion.store import AssertionStore
from throughcare.services.auth.authorization.store import CodeStore
from throughcare.services.auth.session.model import FORM_LIFE
from throughcare.services.auth.session.store import BrowserStore, NotBeforeStore, SessionStore
from throughcare.services.auth.sign_in.store import SignInCountStore
from throughcare.services.auth.token.store import IssuedTokenStore

KEPT_TOKENS = timedelta(days=1)
KEPT_POINTS = timedelta(days=2)
KEPT_SIGN_INS = timedelta(days=30)
KEPT_COUNTS = timedelta(hours=1)


async def drop_what_is_over(uow: UnitOfWork) -> int:
    """Delete ended codes, tokens and assertions, old sign-ins, forms nobody sent, and counts; how many rows."""
    async with uow:
        now, real = uow.now, real_now()
        dropped = await uow.store(CodeStore).drop_expired(now - KEPT_TOKENS)
        dropped += await uow.store(IssuedTokenStore).drop_expired(now - KEPT_TOKENS)
        dropped += await uow.store(NotBeforeStore).drop_old(now - KEPT_POINTS)
        dropped += await uow.store(SessionStore).drop_ended(real - KEPT_SIGN_INS)
        dropped += await uow.store(BrowserStore).drop_old(real, real - FORM_LIFE)
        dropped += await uow.store(SignInCountStore).drop_old(real - KEPT_COUNTS)
        dropped += await uow.store(AssertionStore).drop_expired(real)
    return dropped
