"""Signing in: counted, slowed, locked, and silent about why it was refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.auth.account.model import Account, Lock
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.session.model import Browser
from throughcare.services.auth.session.usecases import begin_session
from throughcare.services.auth.sign_in.model import Passwords, SignInRefused, TooManySignIns
from throughcare.services.auth.sign_in.store import SignInCountStore

log = get_logger(__name__)

NOBODY = UUID(int=0)

_HASHING = ThreadPoolExecutor(max_workers=4, thread_name_prefix="passwords")


@dataclass(frozen=True)
class Attempt:
    """What was typed; ``limits`` says how many failures each bucket that the attempt counts to may have."""

    username: str
    password: str = field(repr=False)
    limits: Mapping[str, int]


async def sign_in(uow: UnitOfWork, passwords: Passwords, browser: Browser, attempt: Attempt) -> str:
    """The cookie of the new sign-in. Raises TooManySignIns, and SignInRefused whatever the cause."""
    started = real_now()
    candidates = await _candidates(uow, attempt, started)
    matching, renewed = await _compare(passwords, candidates, attempt.password)
    refusal, cookie = "", ""
    async with uow:
        if matching is None:
            refusal = await _count_failure(uow, candidates)
        else:
            refusal, cookie = await _admit(uow, matching, renewed, browser)
        if not refusal:
            for bucket in sorted(attempt.limits):
                await uow.store(SignInCountStore).give_back(bucket, started)
    if refusal:
        log.info("AuthenticateFailure", labels={"type": refusal})
        raise SignInRefused(refusal)
    log.info("AuthenticateSuccess")
    return cookie


async def _candidates(uow: UnitOfWork, attempt: Attempt, at: datetime) -> Sequence[Account]:
    """Whom the attempt may mean, once it is counted. Buckets are touched in one order, so that none waits for ever."""
    async with uow:
        counts = uow.store(SignInCountStore)
        over = [await counts.take(bucket, at) > limit for bucket, limit in sorted(attempt.limits.items())]
        found = await uow.store(AccountStore).answering_to(attempt.username)
    if any(over):
        log.info("AuthenticateFailure", labels={"type": "too many"})
        raise TooManySignIns
    return found


async def _compare(passwords: Passwords, candidates: Sequence[Account], password: str) -> tuple[Account | None, str]:
    """The first candidate whose password it is, and the hash to keep for it; or nobody's."""
    stored = [account.password for account in candidates] or [None]
    run = partial(asyncio.get_running_loop().run_in_executor, _HASHING)
    matches = [await run(passwords.matches, one, password) for one in stored]
    if not any(matches):
        return None, ""
    account = candidates[matches.index(True)]
    return account, await run(passwords.renewed, account.password or "", password)


async def _count_failure(uow: UnitOfWork, candidates: Sequence[Account]) -> str:
    """Why the attempt is refused. For a name that nobody has the same is done in vain, so that it takes as long."""
    store, now = uow.store(AccountStore), real_now()
    for user_id in [candidate.user_id for candidate in candidates] or [NOBODY]:
        account = await store.find(user_id, lock=True)
        before = Lock() if account is None else account.lock
        after = before.failed(now)
        await store.save_lock(user_id, after)
        if account is not None and after.locked(now) and not before.locked(now):
            log.warning("LockUser", labels={"source": account.source})
    return "invalid" if candidates else "missinguser"


async def _admit(uow: UnitOfWork, matching: Account, password: str, browser: Browser) -> tuple[str, str]:
    """Why the account may not sign in although the password is right, or the cookie of its new sign-in."""
    store = uow.store(AccountStore)
    account = await store.find(matching.user_id, lock=True)
    if account is None or account.lock.shut(real_now()):
        return "locked", ""
    if not account.enabled:
        return "disabled", ""
    await store.save_sign_in(account.user_id, uow.now, password)
    return "", await begin_session(uow, browser, account.user_id, account.source, account.username)
