"""The convictions of a case."""

from __future__ import annotations

from sqlalchemy import RowMapping, func, select

from throughcare.kit.db import Views
from throughcare.services.probation.conviction.model import ConvictionNotFound
from throughcare.services.probation.conviction.schemas import ConvictionRead, OffenceRead, SentenceRead
from throughcare.services.probation.conviction.store import conviction, requirement
from throughcare.services.probation.reference.model import RAR

RAR_COUNT = (
    select(func.max(requirement.c.rar_count))
    .where(
        requirement.c.conviction_id == conviction.c.id,
        requirement.c.main_category == RAR,
        requirement.c.active,
    )
    .scalar_subquery()
    .label("rar_count")
)


class ConvictionViews(Views):
    """Reads of convictions."""

    async def list_active(self, person_id: int) -> list[ConvictionRead]:
        """The person's active convictions, newest first."""
        rows = await self.all(
            select(conviction, RAR_COUNT)
            .where(conviction.c.person_id == person_id, conviction.c.active)
            .order_by(conviction.c.conviction_date.desc(), conviction.c.id.desc())
        )
        return [_read(row) for row in rows]

    async def get(self, person_id: int, conviction_id: int) -> ConvictionRead:
        """One conviction of the person. Raises ConvictionNotFound."""
        row = await self.one_or_none(
            select(conviction, RAR_COUNT).where(conviction.c.person_id == person_id, conviction.c.id == conviction_id)
        )
        if row is None:
            raise ConvictionNotFound
        return _read(row)


def _read(row: RowMapping) -> ConvictionRead:
    sentence = SentenceRead(
        description=row["description"], start_date=row["start_date"],
        expected_end_date=row["expected_end_date"],
        has_rar=row["rar_count"] is not None, rar_count=row["rar_count"] or 0,
    )  # fmt: skip
    offence = OffenceRead(category=row["offence_category"], sub_category=row["offence_sub_category"])
    return ConvictionRead(
        id=row["id"], date=row["conviction_date"], sentence=sentence, main_offence=offence,
        failure_to_comply_count=row["failure_count"],
    )  # fmt: skip
