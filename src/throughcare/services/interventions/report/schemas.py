"""End of service reports on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.appointment.schemas import Actors
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.schemas import DesiredOutcome
from throughcare.services.interventions.report import model

Achievement = Literal["ACHIEVED", "PARTIALLY_ACHIEVED", "NOT_ACHIEVED"]


class CreateReport(Wire):
    """Which referral to report on."""

    referral_id: UUID


class RecordOutcome(Wire):
    """How far one desired outcome was achieved."""

    desired_outcome_id: UUID
    achievement_level: Achievement
    progression_comments: str | None = None
    additional_task_comments: str | None = None

    def given(self) -> model.Outcome:
        """What was recorded."""
        return model.Outcome(
            self.desired_outcome_id,
            self.achievement_level,
            self.progression_comments,
            self.additional_task_comments,
        )


class ChangeReport(Wire):
    """Further information, one outcome new or replaced, or both."""

    further_information: str | None = None
    outcome: RecordOutcome | None = None


class ReportedOutcome(Wire):
    """How far one desired outcome was achieved."""

    desired_outcome: DesiredOutcome
    achievement_level: Achievement
    progression_comments: str | None
    additional_task_comments: str | None


class EndOfServiceReport(Wire):
    """The report on a referral."""

    id: UUID
    referral_id: UUID
    created_at: datetime
    created_by: AuthUser
    submitted_at: datetime | None
    submitted_by: AuthUser | None
    further_information: str | None
    outcomes: list[ReportedOutcome]

    @classmethod
    def of(cls, report: model.Report, catalogue: Catalogue, actors: Actors) -> Self:
        """The report as callers know it."""
        return cls(
            id=report.id,
            referral_id=report.referral_id,
            created_at=report.created.at,
            created_by=AuthUser.of(actors[report.created.by]),
            submitted_at=report.submitted.at if report.submitted else None,
            submitted_by=AuthUser.find(actors, report.submitted.by if report.submitted else None),
            further_information=report.further_information,
            outcomes=[
                ReportedOutcome.model_validate(
                    {**vars(one), "desired_outcome": catalogue.outcomes[one.desired_outcome_id]}
                )
                for one in report.outcomes.values()
            ],
        )


def people_of_report(report: model.Report) -> set[UUID]:
    """Everybody whom the report names."""
    return {mark.by for mark in (report.created, report.submitted) if mark is not None}
