"""Attempts to sign in, counted by where they come from, in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Column, DateTime, Integer, Table, Text, delete, update
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.services.auth.sign_in.model import WINDOW_SECONDS

sign_in_count = Table(
    "sign_in_count",
    schema("auth"),
    Column("bucket", Text, primary_key=True),
    Column("window_start", DateTime(timezone=True), primary_key=True),
    Column("attempts", Integer, nullable=False),
)


class SignInCountStore(Store):
    """Counts per bucket and five minutes of real time."""

    async def take(self, bucket: str, at: datetime) -> int:
        """Count one more attempt; how many there are now."""
        statement = insert(sign_in_count).values(bucket=bucket, window_start=_window(at), attempts=1)
        more = {"attempts": sign_in_count.c.attempts + 1}
        upsert = statement.on_conflict_do_update(index_elements=["bucket", "window_start"], set_=more)
        return await self.count(upsert.returning(sign_in_count.c.attempts))

    async def give_back(self, bucket: str, at: datetime) -> None:
        """Count one attempt less: it was no failure."""
        here = (sign_in_count.c.bucket == bucket) & (sign_in_count.c.window_start == _window(at))
        await self.run(update(sign_in_count).where(here).values(attempts=sign_in_count.c.attempts - 1))

    async def drop_old(self, before: datetime) -> int:
        """Delete the counts of windows that began before ``before``; how many."""
        return await self.run(delete(sign_in_count).where(sign_in_count.c.window_start < before))


def _window(at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % WINDOW_SECONDS, UTC)
