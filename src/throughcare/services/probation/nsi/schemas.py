"""NSIs and referrals as they go over the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.contact.schemas import CodedValue

Id = Annotated[int, Field(ge=1, lt=2**63)]
Moment = Annotated[AwareDatetime, Field(ge=datetime(1970, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
Notes = Annotated[str, Field(max_length=100_000)]


class ReferralStart(Wire):
    """A referral that was sent."""

    referral_id: UUID
    started_at: Moment
    contract_type: Annotated[str, Field(max_length=20)]
    sentence_id: Id
    notes: Notes | None = None


class StatusRead(Wire):
    """A status that an NSI had."""

    code: str
    date_time: datetime


class NsiRead(Wire):
    """An NSI."""

    nsi_id: int
    nsi_type: CodedValue
    nsi_status: CodedValue
    status_date_time: datetime
    status_history: list[StatusRead]
    nsi_outcome: CodedValue | None
    sentence_id: int
    requirement_id: int | None
    referral_date: date
    actual_start_date: datetime
    actual_end_date: datetime | None
    notes: str | None
    intended_provider: str
    team: str
    staff: str
    active: bool
    external_reference: str
