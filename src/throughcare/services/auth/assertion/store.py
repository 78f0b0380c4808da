"""Assertions that were shown, in PostgreSQL, so that none is good twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, DateTime, Table, Text, delete
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.assertion.model import Assertion

client_assertion = Table(
    "client_assertion",
    schema("auth"),
    Column("client_id", Text, primary_key=True),
    Column("jti", Text, primary_key=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)


class AssertionStore(Store):
    """Assertions by client and ``jti``."""

    async def use(self, assertion: Assertion) -> bool:
        """Note that an assertion was shown; whether it had not been before."""
        values = {"client_id": assertion.client_id, "jti": assertion.jti, "expires_at": assertion.expires_at}
        return bool(await self.run(insert(client_assertion).values(values).on_conflict_do_nothing()))

    async def drop_expired(self, before: datetime) -> int:
        """Delete assertions that ended before ``before``; how many."""
        return await self.run(delete(client_assertion).where(client_assertion.c.expires_at < before))
