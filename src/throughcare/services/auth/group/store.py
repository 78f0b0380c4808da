"""Groups and who is in them, in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import insert

from throughcare.kit.db import Store, schema
from throughcare.kit.ids import new_id

groups = Table(
    "groups",
    schema("auth"),
    Column("group_code", Text, primary_key=True),
    Column("group_name", Text, nullable=False),
)
child_group = Table(
    "child_group",
    schema("auth"),
    Column("child_group_code", Text, primary_key=True),
    Column("child_group_name", Text, nullable=False),
    Column("parent", Text, nullable=False),
)
user_group = Table(
    "user_group",
    schema("auth"),
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("group_code", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)


class GroupStore(Store):
    """Groups by their code."""

    async def put(self, group_code: str, group_name: str) -> None:
        """Add a group; one that is known keeps its name."""
        values = {"group_code": group_code, "group_name": group_name}
        await self.run(insert(groups).values(values).on_conflict_do_nothing())

    async def put_child(self, code: str, name: str, *, parent: str) -> None:
        """Add a group below ``parent``; one that is known stays as it is."""
        values = {"child_group_code": code, "child_group_name": name, "parent": parent}
        await self.run(insert(child_group).values(values).on_conflict_do_nothing())

    async def join(self, user_id: UUID, group_code: str, *, by: str, at: datetime) -> None:
        """Put the account into a group; nothing changes when it is there already."""
        values = {
            "id": new_id(),
            "user_id": user_id,
            "group_code": group_code,
            "granted_by": by,
            "granted_at": at,
        }
        await self.run(insert(user_group).values(values).on_conflict_do_nothing())
