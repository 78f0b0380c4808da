"""Banners, kept in data so that nobody need deploy to tell of an outage."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, RowMapping, Table, Text, Uuid, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.ui.banner.model import Audience, Banner, Kind

banner = Table(
    "banner", schema("ui"),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True)),
    Column("dismissible", Boolean, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip


class BannerStore(Store):
    """Banners, the newest first."""

    async def on_show(self, now: datetime) -> list[Banner]:
        """Those that are shown at this moment."""
        shown = (banner.c.starts_at <= now, or_(banner.c.ends_at.is_(None), banner.c.ends_at > now))
        return [_read(row) for row in await self.all(select(banner).where(*shown))]

    async def news(self, now: datetime) -> list[Banner]:
        """What is new, and what was: also what is not on show any more."""
        told = (banner.c.kind == Kind.NEWS.value, banner.c.starts_at <= now)
        rows = await self.all(select(banner).where(*told).order_by(banner.c.starts_at.desc()).limit(100))
        return [_read(row) for row in rows]

    async def every(self) -> list[Banner]:
        """All of them."""
        return [_read(row) for row in await self.all(select(banner).order_by(banner.c.starts_at.desc()).limit(500))]

    async def find(self, banner_id: UUID) -> Banner | None:
        """One banner."""
        row = await self.one_or_none(select(banner).where(banner.c.id == banner_id))
        return None if row is None else _read(row)

    async def put(self, one: Banner) -> None:
        """Keep a banner, in place of the one with its id."""
        values = {**asdict(one), "kind": one.kind.value, "audience": one.audience.value}
        await self.run(insert(banner).values(values).on_conflict_do_update(index_elements=["id"], set_=values))

    async def remove(self, banner_id: UUID) -> None:
        """Forget a banner."""
        await self.run(delete(banner).where(banner.c.id == banner_id))


def _read(row: RowMapping) -> Banner:
    return Banner(**{**row, "kind": Kind(row["kind"]), "audience": Audience(row["audience"])})
