"""Visits and sign-ins under way. Tokens are encrypted with a key of the system's."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Column, DateTime, Table, Text, delete, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db import Store, schema
from throughcare.ui.safe import Safe
from throughcare.ui.session.model import PendingSignIn, Tokens, Visit, digest

pending_sign_in = Table(
    "pending_sign_in", schema("ui"),
    Column("state_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("return_to", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
visit = Table(
    "visit", schema("ui"),
    Column("id_hash", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("auth_source", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("tokens", Text, nullable=False),
    Column("access_expires_at", DateTime(timezone=True), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("organisations", JSONB, nullable=False),
    Column("dismissed", JSONB, nullable=False),
)  # fmt: skip


LISTS = ("roles", "organisations", "dismissed")


class TokenSafe(Safe):
    """Encrypts tokens at rest."""

    def seal_tokens(self, tokens: Tokens) -> str:
        """The tokens, encrypted."""
        return self.seal(json.dumps([tokens.access, tokens.refresh]))

    def open_tokens(self, sealed: str) -> Tokens:
        """The tokens again. Raises joserfc's errors when they were tampered with."""
        return Tokens(*json.loads(self.open(sealed)))


class VisitStore(Store):
    """Visits by the id in the browser's cookie."""

    async def add_pending(self, pending: PendingSignIn) -> None:
        """Remember a sign-in under way."""
        await self.run(
            insert(pending_sign_in).values(
                state_hash=digest(pending.state),
                browser_hash=digest(pending.browser),
                verifier=pending.verifier,
                return_to=pending.return_to,
                created_at=pending.created_at,
            )
        )

    async def take_pending(self, state: str, browser: str) -> PendingSignIn | None:
        """The sign-in of this browser with this state, which can be taken once."""
        row = await self.one_or_none(
            delete(pending_sign_in)
            .where(pending_sign_in.c.state_hash == digest(state), pending_sign_in.c.browser_hash == digest(browser))
            .returning(pending_sign_in)
        )
        if row is None:
            return None
        return PendingSignIn(state, browser, row["verifier"], row["return_to"], row["created_at"])

    async def add(self, visit_id: str, one: Visit, safe: TokenSafe) -> None:
        """Begin a visit."""
        await self.run(insert(visit).values(id_hash=digest(visit_id), **_columns(one, safe)))

    async def find(self, visit_id: str, safe: TokenSafe, *, lock: bool = False) -> Visit | None:
        """The visit with this id."""
        statement = select(visit).where(visit.c.id_hash == digest(visit_id))
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        if row is None:
            return None
        values = {name: row[name] for name in row if name not in {"id_hash", "tokens"}}
        values |= {name: tuple(row[name]) for name in LISTS}
        return Visit(**values, tokens=safe.open_tokens(row["tokens"]))

    async def save(self, visit_id: str, one: Visit, safe: TokenSafe) -> None:
        """Keep what changed."""
        await self.run(update(visit).where(visit.c.id_hash == digest(visit_id)).values(**_columns(one, safe)))

    async def remove(self, visit_id: str) -> None:
        """End a visit."""
        await self.run(delete(visit).where(visit.c.id_hash == digest(visit_id)))

    async def remove_old(self, seen_before: datetime, pending_before: datetime) -> None:
        """End what nobody came back to."""
        await self.run(delete(visit).where(visit.c.last_seen_at < seen_before))
        await self.run(delete(pending_sign_in).where(pending_sign_in.c.created_at < pending_before))


def _columns(one: Visit, safe: TokenSafe) -> dict[str, object]:
    return {
        "username": one.username, "name": one.name, "auth_source": one.auth_source, "user_id": one.user_id,
        "roles": list(one.roles), "tokens": safe.seal_tokens(one.tokens), "access_expires_at": one.access_expires_at,
        "csrf": one.csrf, "created_at": one.created_at, "last_seen_at": one.last_seen_at,
        "organisations": list(one.organisations), "dismissed": list(one.dismissed),
    }  # fmt: skip
