"""Access checks for many cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import select

from throughcare.kit.db import Views
from throughcare.services.probation.access.model import Limitations
from throughcare.services.probation.access.schemas import LimitedAccess, LimitedUser
from throughcare.services.probation.access.store import EXCLUSION, RESTRICTION, limitation, to_limitations
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.person.store import person
from throughcare.services.probation.staff.store import staff


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

    async def limited_access(self, crn: str) -> LimitedAccess:
        """Who may not see a case and who alone may, with their e-mail addresses. Raises CaseNotFound."""
        rows = await self.all(
            select(limitation.c.kind, limitation.c.username, limitation.c.message, staff.c.email)
            .select_from(person)
            .outerjoin(limitation, limitation.c.person_id == person.c.id)
            .outerjoin(staff, staff.c.username == limitation.c.username)
            .where(person.c.crn == crn)
            .order_by(limitation.c.username)
        )
        if not rows:
            raise CaseNotFound
        limits = to_limitations(rows)
        return LimitedAccess(
            excluded_from=[LimitedUser(email=row["email"]) for row in rows if row["kind"] == EXCLUSION],
            exclusion_message=limits.exclusion_message,
            restricted_to=[LimitedUser(email=row["email"]) for row in rows if row["kind"] == RESTRICTION],
            restriction_message=limits.restriction_message,
        )
