"""Finding a case by its identifiers."""

from __future__ import annotations

from sqlalchemy import RowMapping, exists, select

from throughcare.kit.db import Views
from throughcare.services.probation.access.store import EXCLUSION, RESTRICTION, limitation
from throughcare.services.probation.conviction.store import conviction
from throughcare.services.probation.engagement.schemas import FoundCase, OtherIds
from throughcare.services.probation.person.store import person


class CaseViews(Views):
    """Searches for cases."""

    async def search(self, crn: str | None, noms_number: str | None) -> list[FoundCase]:
        """The cases that have every identifier given, by CRN."""
        sentenced = exists().where(conviction.c.person_id == person.c.id, conviction.c.active)
        statement = select(
            person,
            sentenced.label("sentenced"),
            exists().where(limitation.c.person_id == person.c.id, limitation.c.kind == EXCLUSION).label("excluded"),
            exists().where(limitation.c.person_id == person.c.id, limitation.c.kind == RESTRICTION).label("restricted"),
        ).order_by(person.c.crn)
        if crn is not None:
            statement = statement.where(person.c.crn == crn)
        if noms_number is not None:
            statement = statement.where(person.c.noms_number == noms_number)
        return [_found(row) for row in await self.all(statement)]


def _found(row: RowMapping) -> FoundCase:
    return FoundCase(
        first_name=row["forename"], surname=row["surname"], date_of_birth=row["date_of_birth"],
        gender=row["gender"],
        other_ids=OtherIds(crn=row["crn"], noms_number=row["noms_number"]), current_exclusion=row["excluded"],
        current_restriction=row["restricted"], active_probation_managed_sentence=row["sentenced"],
    )  # fmt: skip
