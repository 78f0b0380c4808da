"""Sign-ins, browsers and points in time before which nothing counts, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Table,
    Text,
    Uuid,
    and_,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.session.model import ABSOLUTE, IDLE, Browser, Session

auth_session = Table(
    "auth_session",
    schema("auth"),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("auth_source", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("absolute_expiry", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoke_reason", Text),
    Column("revoked_by", Text),
)
browser_session = Table(
    "browser_session",
    schema("auth"),
    Column("cookie_hash", Text, primary_key=True),
    Column("csrf", Text, nullable=False),
    Column("pending", Text),
    Column("session_id", Uuid),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
not_before = Table(
    "not_before",
    schema("auth"),
    Column("scope", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("not_before", DateTime(timezone=True), nullable=False),
)


def _alive(at: datetime) -> ColumnElement[bool]:
    return and_(
        auth_session.c.revoked_at.is_(None),
        auth_session.c.last_seen_at > at - IDLE,
        auth_session.c.absolute_expiry > at,
    )


class SessionStore(Store):
    """Sign-ins by id and by account."""

    async def find(self, session_id: UUID, *, lock: bool = False) -> Session | None:
        """The sign-in, or None; with ``lock`` it is neither used nor revoked before this transaction ends."""
        statement = select(auth_session).where(auth_session.c.id == session_id)
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        return None if row is None else Session(**row)

    async def alive_of(self, account_id: UUID, at: datetime) -> Sequence[Session]:
        """The account's live sign-ins, newest first."""
        statement = select(auth_session).where(auth_session.c.account_id == account_id, _alive(at))
        rows = await self.all(statement.order_by(auth_session.c.id.desc()))
        return [Session(**row) for row in rows]

    async def count_alive(self, at: datetime) -> int:
        """How many sign-ins are alive."""
        return await self.count(select(func.count()).select_from(auth_session).where(_alive(at)))

    async def add(self, session: Session) -> None:
        """Keep a new sign-in."""
        await self.run(insert(auth_session).values(asdict(session)))

    async def seen(self, session_id: UUID, at: datetime) -> None:
        """Note that a sign-in is in use."""
        await self.run(update(auth_session).where(auth_session.c.id == session_id).values(last_seen_at=at))

    async def revoke(self, session_id: UUID, at: datetime, *, reason: str, by: str) -> bool:
        """End a sign-in; whether it had not been ended before."""
        statement = update(auth_session).where(auth_session.c.id == session_id, auth_session.c.revoked_at.is_(None))
        return bool(await self.run(statement.values(revoked_at=at, revoke_reason=reason, revoked_by=by)))

    async def drop_ended(self, before: datetime) -> int:
        """Delete sign-ins whose time was over before ``before``; how many."""
        return await self.run(delete(auth_session).where(auth_session.c.absolute_expiry < before))


class BrowserStore(Store):
    """Browsers by the hash of their cookie."""

    async def find(self, cookie_hash: str) -> Browser | None:
        """The browser, or None."""
        row = await self.one_or_none(select(browser_session).where(browser_session.c.cookie_hash == cookie_hash))
        return None if row is None else Browser(**row)

    async def add(self, browser: Browser) -> None:
        """Keep a browser."""
        await self.run(insert(browser_session).values(asdict(browser)))

    async def save_pending(self, cookie_hash: str, pending: str) -> None:
        """Keep the request that waits until somebody signs in."""
        known = browser_session.c.cookie_hash == cookie_hash
        await self.run(update(browser_session).where(known).values(pending=pending))

    async def drop(self, cookie_hash: str) -> None:
        """Forget a browser; its cookie means nothing from now on."""
        await self.run(delete(browser_session).where(browser_session.c.cookie_hash == cookie_hash))

    async def drop_old(self, now: datetime, form_life_over: datetime) -> int:
        """Delete browsers that never signed in since ``form_life_over``, and those of sign-ins long past."""
        never = browser_session.c.session_id.is_(None) & (browser_session.c.created_at < form_life_over)
        return await self.run(delete(browser_session).where(never | (browser_session.c.created_at < now - ABSOLUTE)))


class NotBeforeStore(Store):
    """Points in business time: a token of the account or client that was issued earlier is dead."""

    async def put(self, scope: str, ref: str, at: datetime) -> None:
        """Let nothing issued to ``ref`` before ``at`` count."""
        statement = insert(not_before).values(scope=scope, ref=ref, not_before=at)
        changed = {"not_before": statement.excluded.not_before}
        await self.run(statement.on_conflict_do_update(index_elements=["scope", "ref"], set_=changed))

    async def applying(self, refs: Mapping[str, str]) -> datetime | None:
        """The latest point for the scopes and refs given, and for everyone; None when there is none."""
        pairs = [*refs.items(), ("global", "*")]
        rows = await self.all(
            select(not_before.c.not_before).where(tuple_(not_before.c.scope, not_before.c.ref).in_(pairs))
        )
        return max((row["not_before"] for row in rows), default=None)

    async def drop_old(self, before: datetime) -> int:
        """Delete the points that no token can be older than."""
        return await self.run(delete(not_before).where(not_before.c.not_before < before))
