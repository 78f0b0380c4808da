"""The end of service report: what was achieved of what was desired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.refusal.model import Clash, NotThere


@dataclass(frozen=True)
class Outcome:
    """How far one desired outcome was achieved: ACHIEVED, PARTIALLY_ACHIEVED or NOT_ACHIEVED."""

    desired_outcome_id: UUID
    achievement_level: str
    progression_comments: str | None = None
    additional_task_comments: str | None = None


@dataclass(frozen=True)
class Report:
    """The report on one referral. Once submitted it does not change. ``version`` counts its changes."""

    id: UUID
    referral_id: UUID
    created: Mark
    submitted: Mark | None = None
    further_information: str | None = None
    outcomes: Mapping[UUID, Outcome] = field(default_factory=dict)
    version: int = 1

    def changed(self, further_information: str | None, outcome: Outcome | None) -> Report:
        """The draft with further information, one outcome new or replaced, or both. Raises Clash."""
        self._check_draft()
        kept = self.further_information if further_information is None else further_information
        added = {} if outcome is None else {outcome.desired_outcome_id: outcome}
        return replace(self, further_information=kept, outcomes={**self.outcomes, **added})

    def submit(self, mark: Mark) -> Report:
        """The report as submitted. Raises Clash."""
        self._check_draft()
        return replace(self, submitted=mark)

    def _check_draft(self) -> None:
        if self.submitted is not None:
            raise Clash("REPORT_ALREADY_SUBMITTED", "this report has been submitted already")


def no_report() -> NotThere:
    """The refusal of a report that is not there."""
    return NotThere("REPORT_NOT_FOUND", "there is no such end of service report")
