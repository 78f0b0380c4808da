"""Clients in PostgreSQL."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, RowMapping, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.client.model import Client

oauth_client = Table(
    "oauth_client",
    schema("auth"),
    Column("client_id", Text, primary_key=True),
    Column("secret_hash", Text, nullable=False),
    Column("grants", JSONB, nullable=False),
    Column("roles", JSONB, nullable=False),
    Column("audiences", JSONB, nullable=False),
    Column("redirect_uris", JSONB, nullable=False),
    Column("permissions", JSONB, nullable=False),
    Column("scopes", JSONB, nullable=False),
    Column("allowed_ips", JSONB, nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    Column("keys", JSONB, nullable=False),
    Column("registered", Boolean, nullable=False),
)

_BY_OPERATOR = {"client_id", "allowed_ips", "ends_at", "keys"}


class ClientStore(Store):
    """Clients by their id."""

    async def find(self, client_id: str, *, lock: bool = False) -> Client | None:
        """The client, or None; nobody else changes one that is locked."""
        query = select(oauth_client).where(oauth_client.c.client_id == client_id)
        row = await self.one_or_none(query.with_for_update() if lock else query)
        return None if row is None else _client(row)

    async def add(self, client: Client) -> bool:
        """Add the client; False when there is one of that id."""
        adding = insert(oauth_client).values(asdict(client))
        return bool(await self.run(adding.on_conflict_do_nothing(index_elements=["client_id"])))

    async def remove(self, client_id: str) -> None:
        """Forget the client."""
        await self.run(oauth_client.delete().where(oauth_client.c.client_id == client_id))

    async def register(self, client: Client) -> None:
        """Add the client, or bring a known one up to date, leaving its end date, addresses and keys as they are."""
        values = asdict(client)
        statement = insert(oauth_client).values(values)
        changes = {name: statement.excluded[name] for name in values if name not in _BY_OPERATOR}
        await self.run(statement.on_conflict_do_update(index_elements=["client_id"], set_=changes))

    async def save(self, client: Client) -> None:
        """Keep every fact of a known client."""
        values = asdict(client)
        table = oauth_client
        await self.run(table.update().where(table.c.client_id == client.client_id).values(values))


def _client(row: RowMapping) -> Client:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Client(**values)
