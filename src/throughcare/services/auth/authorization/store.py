"""Authorisation codes in PostgreSQL, by their hash."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, DateTime, Table, Text, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.authorization.model import AuthorizationCode

authorization_code = Table(
    "authorization_code",
    schema("auth"),
    Column("code_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("code_challenge", Text, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("audiences", JSONB, nullable=False),
    Column("nonce", Text),
    Column("family_id", Uuid, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)


class CodeStore(Store):
    """Codes, each of which is looked at by one exchange at a time."""

    async def find(self, code_hash: str) -> AuthorizationCode | None:
        """The code, or None; nobody else exchanges it before this transaction ends."""
        found = authorization_code.c.code_hash == code_hash
        row = await self.one_or_none(select(authorization_code).where(found).with_for_update())
        if row is None:
            return None
        return AuthorizationCode(**{**row, "scopes": tuple(row["scopes"]), "audiences": tuple(row["audiences"])})

    async def add(self, code: AuthorizationCode) -> None:
        """Keep a new code."""
        await self.run(insert(authorization_code).values(asdict(code)))

    async def use(self, code_hash: str, at: datetime) -> None:
        """Note that a code was exchanged."""
        used = update(authorization_code).where(authorization_code.c.code_hash == code_hash)
        await self.run(used.values(used_at=at))

    async def drop_expired(self, before: datetime) -> int:
        """Delete codes that ended before ``before``; how many."""
        return await self.run(delete(authorization_code).where(authorization_code.c.expires_at < before))
