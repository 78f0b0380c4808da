"""Access checks for many cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.probation.access.model import Limitations
from throughcare.services.probation.access.store import limitation, to_limitations
from throughcare.services.probation.person.store import person


class AccessViews(Views):
    """Reads of limits."""

    async def limitations(self, crns: Sequence[str]) -> dict[str, Limitations]:
        """The limits of each of ``crns`` that is a case; unknown ones are left out."""
        statement = (
            select(person.c.crn, limitation.c.kind, limitation.c.username, limitation.c.message)
            .outerjoin(limitation, limitation.c.person_id == person.c.id)
            .where(person.c.crn.in_(crns))
            .order_by(person.c.crn)
        )
        rows = await self.all(statement)
        return {crn: to_limitations(list(found)) for crn, found in groupby(rows, lambda row: str(row["crn"]))}
