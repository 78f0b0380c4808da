"""Faults as people see them."""

from __future__ import annotations

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.notify.fault.model import Fault
from throughcare.services.notify.fault.store import FIELDS, fault


class FaultViews(Views):
    """What is still to happen."""

    async def left(self) -> list[Fault]:
        """Faults with something left of them, oldest first."""
        statement = select(*FIELDS).where(fault.c.remaining > 0)
        rows = await self.all(statement.order_by(fault.c.created_at, fault.c.id))
        return [Fault(**row) for row in rows]

    async def kinds(self) -> frozenset[str]:
        """The kinds of fault that are still to happen."""
        rows = await self.all(select(fault.c.kind).distinct().where(fault.c.remaining > 0))
        return frozenset(row["kind"] for row in rows)
