"""Signing in and out, and the visit between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import real_now
from throughcare.kit.db import UnitOfWork
from throughcare.kit.errors import Forbidden, Unauthorised
from throughcare.ui.session.model import ABSOLUTE, PENDING, PendingSignIn, Tokens, Visit, random_id
from throughcare.ui.session.store import TokenSafe, VisitStore

SEEN_EVERY = timedelta(minutes=1)


class SignInNeeded(Unauthorised):
    """Nobody is signed in, or not any more."""

    code = "SIGN_IN_NEEDED"


class SignInFailed(Forbidden):
    """The answer of the authorisation server fits no sign-in of this browser."""

    code = "SIGN_IN_FAILED"


@dataclass(frozen=True)
class Granted:
    """What the authorisation server gave, and to whom."""

    tokens: Tokens
    expires_in: timedelta
    principal: Principal
    organisations: tuple[str, ...] = ()


Accepted = Callable[[str], Awaitable[bool]]
Refresh = Callable[[str], Awaitable[Granted | None]]


async def begin_sign_in(uow: UnitOfWork, browser: str, return_to: str) -> PendingSignIn:
    """A sign-in under way for this browser."""
    pending = PendingSignIn(random_id(), browser, random_id(), return_to, real_now())
    async with uow:
        await uow.store(VisitStore).add_pending(pending)
    return pending


async def take_pending(uow: UnitOfWork, state: str, browser: str) -> PendingSignIn:
    """The sign-in that a callback belongs to. Raises SignInFailed."""
    async with uow:
        pending = await uow.store(VisitStore).take_pending(state, browser)
    if pending is None or real_now() - pending.created_at > PENDING:
        raise SignInFailed
    return pending


async def begin_visit(uow: UnitOfWork, granted: Granted, safe: TokenSafe) -> str:
    """A visit for the person to whom tokens were granted; its id, for the cookie."""
    who, visit_id = granted.principal, random_id()
    one = Visit(
        username=who.principal_name, name=who.name or who.principal_name, auth_source=who.auth_source,
        user_id=who.user_id or "", roles=tuple(sorted(who.roles)), tokens=granted.tokens,
        access_expires_at=uow.now + granted.expires_in, csrf=random_id(), created_at=real_now(),
        last_seen_at=real_now(), organisations=granted.organisations,
    )  # fmt: skip
    async with uow:
        await uow.store(VisitStore).add(visit_id, one, safe)
    return visit_id


async def continue_visit(
    read: UnitOfWork, write: UnitOfWork, visit_id: str, safe: TokenSafe, accepted: Accepted, refresh: Refresh
) -> Visit:
    """The visit of this cookie, its tokens renewed when they are about to end or, since business time moved, no good.

    Raises SignInNeeded.
    """
    async with read:
        one = await read.store(VisitStore).find(visit_id, safe)
    if one is None or not one.alive(real_now()):
        raise SignInNeeded
    stale = one.stale(read.now) or not await accepted(one.tokens.access)
    if not stale and real_now() - one.last_seen_at < SEEN_EVERY:
        return one
    seen = one.seen(real_now())
    if stale:
        granted = await refresh(one.tokens.refresh)
        if granted is None:
            raise SignInNeeded
        seen = replace(
            seen, tokens=granted.tokens, access_expires_at=write.now + granted.expires_in,
            roles=tuple(sorted(granted.principal.roles)),
        )  # fmt: skip
    async with write:
        await write.store(VisitStore).save(visit_id, seen, safe)
    return seen


async def find_visitor(uow: UnitOfWork, visit_id: str, safe: TokenSafe) -> str | None:
    """Whose visit this is, or was before it ended by itself; None when nobody knows any more."""
    async with uow:
        found = await uow.store(VisitStore).find(visit_id, safe)
    return found.owner if found else None


async def dismiss(uow: UnitOfWork, visit_id: str, banner: str, safe: TokenSafe) -> None:
    """Show a banner no more in this visit."""
    async with uow:
        store = uow.store(VisitStore)
        one = await store.find(visit_id, safe, lock=True)
        if one is not None and banner not in one.dismissed:
            await store.save(visit_id, replace(one, dismissed=(*one.dismissed, banner)), safe)


async def end_visit(uow: UnitOfWork, visit_id: str) -> None:
    """Forget the visit."""
    async with uow:
        await uow.store(VisitStore).remove(visit_id)


async def forget_old_visits(uow: UnitOfWork) -> None:
    """Remove visits and sign-ins that are over."""
    async with uow:
        await uow.store(VisitStore).remove_old(real_now() - ABSOLUTE, real_now() - PENDING)
