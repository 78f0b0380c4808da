"""Issued tokens in PostgreSQL: never the token, only that it exists and whether it still counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ColumnElement, DateTime, RowMapping, Table, Text, Uuid, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.token.model import Family, IssuedToken

issued_token = Table(
    "issued_token",
    schema("auth"),
    Column("jti", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("session_id", Uuid),
    Column("account_id", Uuid),
    Column("family_id", Uuid, nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("audiences", JSONB, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)


class IssuedTokenStore(Store):
    """Tokens on record, by ``jti``."""

    async def find(self, jti: str, *, lock: bool = False) -> IssuedToken | None:
        """The token, or None; with ``lock`` nobody else uses it before this transaction ends."""
        statement = select(issued_token).where(issued_token.c.jti == jti)
        row = await self.one_or_none(statement.with_for_update() if lock else statement)
        return None if row is None else token_of(row)

    async def add(self, token: IssuedToken) -> None:
        """Put a token on record."""
        family = token.family
        values = {
            "jti": token.jti,
            "kind": token.kind,
            "client_id": family.client_id,
            "session_id": family.session_id,
            "account_id": family.account_id,
            "family_id": family.id,
            "scopes": family.scopes,
            "audiences": family.audiences,
            "issued_at": token.issued_at,
            "expires_at": token.expires_at,
        }
        await self.run(insert(issued_token).values(values))

    async def use(self, jti: str, at: datetime) -> None:
        """Note that a refresh token was exchanged."""
        await self.run(update(issued_token).where(issued_token.c.jti == jti).values(used_at=at))

    async def revoke(self, jti: str, at: datetime) -> bool:
        """Take one token back; whether it had not been before."""
        live = (issued_token.c.jti == jti) & issued_token.c.revoked_at.is_(None)
        return bool(await self.run(update(issued_token).where(live).values(revoked_at=at)))

    async def revoke_family(self, family_id: UUID, at: datetime) -> None:
        """Take back every token of one grant."""
        await self._revoke_all(issued_token.c.family_id == family_id, at)

    async def revoke_of_account(self, account_id: UUID, at: datetime) -> None:
        """Take back every token of a person and every one that acts for them."""
        await self._revoke_all(issued_token.c.account_id == account_id, at)

    async def revoke_of_client(self, client_id: str, at: datetime) -> None:
        """Take back every token that a client was given."""
        await self._revoke_all(issued_token.c.client_id == client_id, at)

    async def count_live(self, client_id: str, at: datetime) -> int:
        """How many tokens of the client are neither revoked nor past."""
        live = issued_token.c.revoked_at.is_(None) & (issued_token.c.expires_at > at)
        return await self.count(
            select(func.count()).select_from(issued_token).where(live, issued_token.c.client_id == client_id)
        )

    async def drop_expired(self, before: datetime) -> int:
        """Delete tokens that ended before ``before``; how many."""
        return await self.run(delete(issued_token).where(issued_token.c.expires_at < before))

    async def _revoke_all(self, which: ColumnElement[bool], at: datetime) -> None:
        """Rows are locked by ``jti``, so that two who take the same tokens back never wait for each other."""
        live = select(issued_token.c.jti).where(which, issued_token.c.revoked_at.is_(None))
        in_order = live.order_by(issued_token.c.jti).with_for_update()
        await self.run(update(issued_token).where(issued_token.c.jti.in_(in_order)).values(revoked_at=at))


def token_of(row: RowMapping) -> IssuedToken:
    """The token in a row of ``issued_token``."""
    family = Family(
        id=row["family_id"],
        client_id=row["client_id"],
        scopes=tuple(row["scopes"]),
        audiences=tuple(row["audiences"]),
        session_id=row["session_id"],
        account_id=row["account_id"],
    )
    return IssuedToken(
        row["jti"],
        row["kind"],
        family,
        row["issued_at"],
        row["expires_at"],
        row["used_at"],
        row["revoked_at"],
    )
