"""Cases by many identifiers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from throughcare.kit.db import Views
from throughcare.services.probation.conviction.store import conviction
from throughcare.services.probation.lookup.schemas import KnownCase
from throughcare.services.probation.person.store import person


class LookupViews(Views):
    """Finds many cases with one statement."""

    async def known(self, crns: Sequence[str], noms_numbers: Sequence[str]) -> list[KnownCase]:
        """The cases that have one of the identifiers, by CRN."""
        sentenced = exists().where(conviction.c.person_id == person.c.id, conviction.c.active)
        statement = (
            select(person.c.crn, person.c.noms_number, sentenced.label("active_probation_managed_sentence"))
            .where(or_(person.c.crn.in_(crns), person.c.noms_number.in_(noms_numbers)))
            .order_by(person.c.crn)
        )
        return [KnownCase.model_validate(dict(row)) for row in await self.all(statement)]
