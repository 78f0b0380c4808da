"""The NSIs of a case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from throughcare.kit.db import Views
from throughcare.services.probation.contact.schemas import CodedValue
from throughcare.services.probation.nsi.model import Status
from throughcare.services.probation.nsi.schemas import NsiRead, StatusRead
from throughcare.services.probation.nsi.store import nsi, nsi_status_history
from throughcare.services.probation.person.model import CaseNotFound
from throughcare.services.probation.person.store import person
from throughcare.services.probation.reference.model import nsi_outcomes, nsi_types

STATUS_NAMES = {Status.IN_PROGRESS: "In progress", Status.COMPLETED: "Completed"}


class NsiViews(Views):
    """Reads of NSIs."""

    async def list(self, crn: str) -> list[NsiRead]:
        """The case's NSIs, newest first, with their history. Raises CaseNotFound."""
        row = await self.one_or_none(select(person.c.id).where(person.c.crn == crn))
        if row is None:
            raise CaseNotFound
        mine = nsi.c.person_id == row["id"]
        rows = await self.all(select(nsi).where(mine).order_by(nsi.c.id.desc()))
        history = await self.all(
            select(nsi_status_history).join(nsi, nsi.c.id == nsi_status_history.c.nsi_id).where(mine)
            .order_by(nsi_status_history.c.id)
        )  # fmt: skip
        return [_read(one, [past for past in history if past["nsi_id"] == one["id"]]) for one in rows]


def _read(row: RowMapping, history: Sequence[RowMapping]) -> NsiRead:
    status = Status(row["status_code"])
    outcome = nsi_outcomes()[row["outcome_code"]] if row["outcome_code"] else None
    return NsiRead(
        nsi_id=row["id"], nsi_type=CodedValue.model_validate(nsi_types()[row["type_code"]]),
        nsi_status=CodedValue(code=status, description=STATUS_NAMES[status]),
        status_date_time=row["status_at"],
        status_history=[StatusRead(code=one["status_code"], date_time=one["status_at"]) for one in history],
        nsi_outcome=CodedValue.model_validate(outcome) if outcome else None, sentence_id=row["conviction_id"],
        requirement_id=row["requirement_id"], referral_date=row["referral_date"],
        actual_start_date=row["started_at"],
        actual_end_date=row["ended_at"], notes=row["notes"], intended_provider=row["provider_code"],
        team=row["team_code"], staff=row["staff_code"], active=status is Status.IN_PROGRESS,
        external_reference=row["external_reference"],
    )  # fmt: skip
