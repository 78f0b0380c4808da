"""Assessments as they go over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.assessment.model import Assessment

Weeks = Annotated[int, Path(ge=1, le=10_000)]
AssessmentId = Annotated[int, Path(ge=1, lt=2**63)]


class TimelineEntry(Wire):
    """An assessment on the timeline."""

    assessment_id: int
    initiation_date: datetime
    completed_date: datetime | None
    assessment_type: str
    status: str

    @classmethod
    def of(cls, one: Assessment) -> TimelineEntry:
        """The wire form."""
        return cls(
            assessment_id=one.id, initiation_date=one.initiated_at, completed_date=one.completed_at,
            assessment_type=one.layer, status=one.status,
        )  # fmt: skip


class Timeline(Wire):
    """The assessments of a person, newest first."""

    timeline: list[TimelineEntry]
