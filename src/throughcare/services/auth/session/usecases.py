"""Sign-ins and the browsers that they happen in: begun, used, and ended.

The functions that take part in a larger use case say so: they expect the transaction to be open.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Counter, Gauge

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import NotFound
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.metrics import REGISTRY
from throughcare.services.auth.session.events import Reason, SessionRevoked
from throughcare.services.auth.session.model import ABSOLUTE, Browser, Session, hash_of, new_secret
from throughcare.services.auth.session.store import BrowserStore, SessionStore

revoked_total = Counter("sessions_revoked_total", "Sign-ins ended before their time.", ["reason"], registry=REGISTRY)
sessions_active = Gauge("sessions_active", "Sign-ins that are alive.", registry=REGISTRY)


class SessionNotFound(NotFound):
    """The caller has no such live sign-in (404)."""

    code = "SESSION_NOT_FOUND"
    title = "There is no such sign-in"


async def visit(uow: UnitOfWork, cookie: str | None, pending: str | None = None) -> tuple[str, Browser]:
    """The browser of ``cookie``, else a new one with a new cookie; it keeps ``pending`` until sign-in."""
    async with uow:
        store, now = uow.store(BrowserStore), real_now()
        browser = await store.find(hash_of(cookie)) if cookie else None
        if cookie and browser is not None and browser.fresh(now):
            if pending is not None:
                await store.save_pending(browser.cookie_hash, pending)
            return cookie, browser
        new_cookie = new_secret()
        session_id = None if browser is None else browser.session_id
        made = Browser(hash_of(new_cookie), new_secret(), pending, session_id, now)
        await store.add(made)
        if browser is not None:
            await store.drop(browser.cookie_hash)
    return new_cookie, made


async def check_form(uow: UnitOfWork, cookie: str | None, csrf: str) -> Browser | None:
    """The browser that was shown the form with the token ``csrf``; None when it was not, or too long ago."""
    async with uow:
        browser = await uow.store(BrowserStore).find(hash_of(cookie)) if cookie else None
    if browser is None or not browser.fresh(real_now()):
        return None
    return browser if hmac.compare_digest(browser.csrf.encode(), csrf.encode()) else None


async def use_session(uow: UnitOfWork, cookie: str | None) -> Session | None:
    """Inside a transaction: the live sign-in of the browser, noted as in use and locked; None without one."""
    browser = await uow.store(BrowserStore).find(hash_of(cookie)) if cookie else None
    if browser is None or browser.session_id is None:
        return None
    store, now = uow.store(SessionStore), real_now()
    session = await store.find(browser.session_id, lock=True)
    if session is None or not session.alive(now):
        return None
    if session.to_be_seen(now):
        await store.seen(session.id, now)
    return session


async def begin_session(uow: UnitOfWork, browser: Browser, account_id: UUID, source: str, by: str) -> str:
    """Inside a transaction: a new sign-in under a new cookie. The browser's former one is revoked."""
    if browser.session_id is not None:
        await revoke_session(uow, browser.session_id, reason="new sign-in", by=by)
    now = real_now()
    session = Session(new_id(), account_id, source, now, now, now + ABSOLUTE)
    await uow.store(SessionStore).add(session)
    cookie = new_secret()
    store = uow.store(BrowserStore)
    await store.drop(browser.cookie_hash)
    await store.add(Browser(hash_of(cookie), new_secret(), None, session.id, now))
    return cookie


async def revoke_session(uow: UnitOfWork, session_id: UUID, *, reason: Reason, by: str, note: str = "") -> bool:
    """Inside a transaction: end a sign-in and its tokens, and say so; whether it had not been ended."""
    store = uow.store(SessionStore)
    ended = await store.revoke(session_id, real_now(), reason=note or reason, by=by)
    if ended:
        uow.publish(SessionRevoked(revoked=str(session_id), session_id=session_id, not_before=uow.now, reason=reason))
        count_ended(uow, reason, 1)
    return ended


def count_ended(uow: UnitOfWork, reason: Reason, number: int) -> None:
    """Inside a transaction: count ``number`` sign-ins as ended once the transaction has committed."""
    uow.after_commit(lambda: revoked_total.labels(reason).inc(number))


async def count_live_sessions(uow: UnitOfWork) -> int:
    """How many sign-ins are alive, which the gauge ``sessions_active`` shows from now on."""
    async with uow:
        alive = await uow.store(SessionStore).count_alive(real_now())
    sessions_active.set(alive)
    return alive


async def sign_out(uow: UnitOfWork, cookie: str | None) -> None:
    """End the browser's sign-in, if it has one, and forget the browser."""
    async with uow:
        store = uow.store(BrowserStore)
        browser = await store.find(hash_of(cookie)) if cookie else None
        if browser is None:
            return
        if browser.session_id is not None:
            await revoke_session(uow, browser.session_id, reason="sign-out", by="user")
        await store.drop(browser.cookie_hash)


async def end_own_session(uow: UnitOfWork, account_id: UUID, session_id: UUID, *, by: str) -> None:
    """End one of the account's own sign-ins. Raises SessionNotFound for any other."""
    async with uow:
        session = await uow.store(SessionStore).find(session_id, lock=True)
        if session is None or session.account_id != account_id or not session.alive(real_now()):
            raise SessionNotFound
        await revoke_session(uow, session_id, reason="sign-out", by=by)


async def live_sessions(uow: UnitOfWork, account_id: UUID) -> Sequence[Session]:
    """Where the account is signed in, newest first."""
    async with uow:
        return await uow.store(SessionStore).alive_of(account_id, real_now())
