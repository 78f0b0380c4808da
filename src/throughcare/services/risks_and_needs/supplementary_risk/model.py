"""Supplementary risk: what a practitioner writes about risk when referring, safe for a provider to read. Write-once.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from throughcare.kit.errors import BadRequest, Conflict, NotFound

SOURCE = "INTERVENTION_REFERRAL"
TOLERANCE = timedelta(minutes=5)


class SupplementaryRiskNotFound(NotFound):
    """There is no such supplementary risk (404)."""

    code = "SUPPLEMENTARY_RISK_NOT_FOUND"
    title = "There is no such supplementary risk"


class SupplementaryRiskExists(Conflict):
    """The referral has another supplementary risk already; the body holds it if it is about the same case (409)."""

    code = "SUPPLEMENTARY_RISK_EXISTS"
    title = "There is a different supplementary risk for this source already"


class CreatedInFuture(BadRequest):
    """The creation date lies in the future (400)."""

    code = "CREATED_DATE_IN_FUTURE"
    title = "The creation date is in the future"


@dataclass(frozen=True)
class Content:
    """What was written; ``answers`` are the redacted answers by name, None when there was no full assessment."""

    source: str
    source_id: str
    crn: str
    comments: str
    answers: Mapping[str, str] | None


@dataclass(frozen=True)
class SupplementaryRisk:
    """Supplementary risk on record. ``created_at`` is the caller's, as they compare it when they try again."""

    id: UUID
    content: Content
    created_by: str
    created_by_user_type: str
    created_at: datetime


def check_created(created_at: datetime, now: datetime) -> None:
    """Raises CreatedInFuture for a date more than five minutes ahead."""
    if created_at > now + TOLERANCE:
        raise CreatedInFuture
