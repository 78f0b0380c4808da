"""Assessments of risk and needs, and which of them counts.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.services.risks_and_needs.reference.model import Layer, Status

VERSIONS = {1: "OASYS", 2: "SAN"}
SHOWN = (Layer.LAYER3, Layer.LAYER1)


class AssessmentNotFound(NotFound):
    """There is no such assessment, or none in the time asked for (404)."""

    code = "ASSESSMENT_NOT_FOUND"
    title = "There is no such assessment"


class AssessmentExists(Conflict):
    """The person has an assessment that was completed at that moment (409)."""

    code = "ASSESSMENT_EXISTS"
    title = "There is an assessment that was completed at that moment"


class CompletedInFuture(BadRequest):
    """The assessment would be completed in the future, or before it was begun (400)."""

    code = "COMPLETED_DATE_WRONG"
    title = "An assessment cannot be completed in the future, or before it was begun"


class IdentifierTypeUnknown(BadRequest):
    """The identifier type in the address is not one that can be asked for (400)."""

    code = "IDENTIFIER_TYPE_UNKNOWN"
    title = "This type of identifier cannot be asked for"


@dataclass(frozen=True)
class Assessment:
    """An assessment of one person. ``id`` is 0 until it is stored."""

    crn: str
    noms_number: str | None
    layer: Layer
    status: Status
    initiated_at: datetime
    completed_at: datetime | None
    version: int = 1
    id: int = 0

    @property
    def dated(self) -> datetime:
        """When it was completed, else when it was begun."""
        return self.completed_at or self.initiated_at

    def check(self, now: datetime) -> None:
        """Raises CompletedInFuture."""
        if self.completed_at is not None and not self.initiated_at <= self.completed_at <= now:
            raise CompletedInFuture


def latest_complete(
    assessments: Iterable[Assessment], *, layers: Iterable[Layer], since: datetime
) -> Assessment | None:
    """The newest complete assessment of one of ``layers`` that was completed since ``since``, or None."""
    wanted = frozenset(layers)
    found = [
        one
        for one in assessments
        if one.status is Status.COMPLETE
        and one.layer in wanted
        and one.completed_at is not None
        and one.completed_at >= since
    ]
    return max(found, key=lambda one: (one.dated, one.initiated_at), default=None)


def earliest(now: datetime, weeks: int) -> datetime:
    """The beginning of a timeframe of so many weeks."""
    return now - timedelta(weeks=weeks)
