"""Signing keys in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, DateTime, Table, Text, case, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.kit.errors import Unavailable
from throughcare.services.auth.key.model import SigningKey, State

signing_key = Table(
    "signing_key",
    schema("auth"),
    Column("kid", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("public", JSONB, nullable=False),
    Column("private", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("activated_at", DateTime(timezone=True)),
    Column("superseded_at", DateTime(timezone=True)),
)

_IN_LINE = case({"current": 0, "next": 1}, value=signing_key.c.state, else_=2)
_TURN = text("select pg_advisory_xact_lock(hashtext('auth.signing_key'))")


class NoSigningKey(Unavailable):
    """The service has not made its keys yet (503)."""

    code = "NO_SIGNING_KEY"


class KeyStore(Store):
    """The line of keys: at most one current and one next, and those that retire."""

    async def take_turn(self) -> None:
        """Wait until nobody else changes the line; held to the end of the transaction."""
        await self.connection.execute(_TURN)

    async def current(self) -> SigningKey:
        """The key that signs. Raises NoSigningKey."""
        row = await self.one_or_none(select(signing_key).where(signing_key.c.state == "current"))
        if row is None:
            raise NoSigningKey
        return SigningKey(**row)

    async def find(self, kid: str) -> SigningKey | None:
        """The published key with this id, or None."""
        row = await self.one_or_none(select(signing_key).where(signing_key.c.kid == kid))
        return None if row is None else SigningKey(**row)

    async def published(self) -> Sequence[SigningKey]:
        """Every key that is in the key set: current, next, then the retiring ones, newest first."""
        newest = signing_key.c.created_at.desc()
        rows = await self.all(select(signing_key).order_by(_IN_LINE, newest, signing_key.c.kid))
        return [SigningKey(**row) for row in rows]

    async def add(self, key: SigningKey) -> None:
        """Keep a new key."""
        await self.run(insert(signing_key).values(asdict(key)))

    async def supersede(self, kid: str, at: datetime) -> None:
        """Let a key sign no more."""
        await self._change(kid, "retiring", superseded_at=at)

    async def activate(self, kid: str, at: datetime) -> None:
        """Let a key sign."""
        await self._change(kid, "current", activated_at=at)

    async def drop_superseded(self, before: datetime) -> int:
        """Delete the keys superseded before ``before``; how many."""
        past = (signing_key.c.state == "retiring") & (signing_key.c.superseded_at < before)
        return await self.run(delete(signing_key).where(past))

    async def _change(self, kid: str, state: State, **times: datetime) -> None:
        await self.run(update(signing_key).where(signing_key.c.kid == kid).values(state=state, **times))
