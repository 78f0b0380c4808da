"""Assessments that were completed, and the scores that they found."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class AssessmentSummaryProduced(
    DomainEvent,
    type="assessment.summary.produced",
    key="crn",
    aggregate="assessment",
    description="The summary of an assessment was produced",
):
    """An assessment reached a status; ``detailUrl`` ends with it."""

    crn: str
    assessment_id: int


class ScoresDetermined(
    DomainEvent,
    type="risk-assessment.scores.determined",
    key="crn",
    aggregate="assessment",
    description="Risk scores were determined",
):
    """An assessment found scores."""

    crn: str
    assessment_id: int


class OgrsDetermined(
    DomainEvent,
    type="risk-assessment.scores.ogrs.determined",
    key="crn",
    aggregate="assessment",
    description="An OGRS score was determined",
):
    """The scores have one for all reoffending."""

    crn: str
    assessment_id: int


class RsrDetermined(
    DomainEvent,
    type="risk-assessment.scores.rsr.determined",
    key="crn",
    aggregate="assessment",
    description="An RSR score was determined",
):
    """The scores have one for combined serious reoffending."""

    crn: str
    assessment_id: int
