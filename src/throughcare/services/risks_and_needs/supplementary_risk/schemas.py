"""Supplementary risk as it goes over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from throughcare.kit.clock import LONDON, london
from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.reference.model import CRN_PATTERN
from throughcare.services.risks_and_needs.supplementary_risk.model import Content, SupplementaryRisk

Text = Annotated[str, Field(max_length=4000)]


class RedactedRisk(Wire):
    """The answers of an assessment that a provider may read."""

    risk_who: Text = ""
    risk_when: Text = ""
    risk_nature: Text = ""
    concerns_self_harm: Text = ""
    concerns_suicide: Text = ""
    concerns_hostel: Text = ""
    concerns_vulnerability: Text = ""


class CreateSupplementaryRisk(Wire):
    """What a practitioner wrote. A creation date without offset is London's time."""

    source: Literal["INTERVENTION_REFERRAL"]
    source_id: UUID
    crn: Annotated[str, Field(pattern=CRN_PATTERN)]
    created_date: datetime
    risk_summary_comments: Text
    redacted_risk: RedactedRisk | None = None

    @property
    def created_at(self) -> datetime:
        """The creation date as an instant."""
        return self.created_date if self.created_date.tzinfo else self.created_date.replace(tzinfo=LONDON)

    def content(self) -> Content:
        """What was written."""
        answers = self.redacted_risk.model_dump() if self.redacted_risk else None
        return Content(self.source, str(self.source_id), self.crn, self.risk_summary_comments, answers)


class SupplementaryRiskRead(Wire):
    """Supplementary risk; ``created_date`` is London's time without offset."""

    supplementary_risk_id: UUID
    source: str
    source_id: str
    crn: str
    created_by_user: str
    created_by_user_type: str
    created_date: datetime
    redacted_risk: RedactedRisk | None
    risk_summary_comments: str

    @classmethod
    def of(cls, one: SupplementaryRisk) -> SupplementaryRiskRead:
        """The wire form."""
        content = one.content
        return cls(
            supplementary_risk_id=one.id, source=content.source, source_id=content.source_id, crn=content.crn,
            created_by_user=one.created_by, created_by_user_type=one.created_by_user_type,
            created_date=london(one.created_at).replace(tzinfo=None),
            redacted_risk=RedactedRisk(**content.answers) if content.answers is not None else None,
            risk_summary_comments=content.comments,
        )  # fmt: skip
