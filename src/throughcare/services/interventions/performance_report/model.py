"""The provider's performance report: 27 columns, one row a referral, and how far a request for one has come.

The columns and what they are called are those of ministryofjustice/hmpps-interventions-service. Three are worked out
otherwise, where it was seen to miscount: an appointment that was put aside or replaced never counts as the first
completed one; outcomes are added one by one; and somebody who came late was not on time.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from throughcare.services.interventions.access.model import Scope, contract_reasons
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.refusal.model import Invalid, NotThere, Problem, Reason
from throughcare.services.interventions.reporting.model import Value, as_csv, as_iso, midnight

COLUMNS = (
    "referral_ref", "referral_id", "contract_ref", "organisation_id", "caseworker_id", "service_user_crn",
    "date_referral_received", "date_saa_first_arranged", "date_saa_first_scheduled_for", "date_saa_first_not_attended",
    "date_saa_first_attended", "date_saa_first_completed", "saa_attended_on_time", "date_first_action_plan_submitted",
    "date_of_first_action_plan_approval", "date_of_first_attended_session", "outcomes_to_be_achieved_count",
    "outcomes_achieved", "count_of_sessions_expected", "count_of_sessions_attended", "end_requested_by_pp_at",
    "end_requested_by_pp_reason", "date_eosr_submitted", "concluded_at", "referral_end_state",
    "date_intervention_to_be_completed_by", "end_of_sentence_date",
)  # fmt: skip
HEADER = as_csv([COLUMNS])


def as_text(lines: Iterable[Iterable[Value]]) -> str:
    """Lines of the file."""
    return as_csv(map(as_iso, line) for line in lines)


class State(StrEnum):
    """How far a report has come."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"


@dataclass(frozen=True)
class PerformanceReport:
    """A request for a report on the referrals of ``interventions`` sent from the first day to the last, both included.

    ``file`` cannot be guessed; ``done`` of ``total`` referrals are written.
    """

    id: UUID
    file: str
    requested_at: datetime
    requested_by: UUID
    from_date: date
    to_date: date
    interventions: Collection[UUID]
    total: int
    done: int = 0
    parts: int = 0
    finished_at: datetime | None = None
    failed_at: datetime | None = None

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.failed_at is not None:
            return State.FAILED
        if self.finished_at is not None:
            return State.READY
        return State.RUNNING if self.parts else State.WAITING

    @property
    def since(self) -> datetime:
        """The beginning of the first day, in London."""
        return midnight(self.from_date)

    @property
    def until(self) -> datetime:
        """The end of the last day, in London."""
        return midnight(self.to_date + timedelta(days=1))


def new_file() -> str:
    """A name for a file that nobody can guess."""
    return f"{secrets.token_urlsafe(32)}.csv"


def check_days(first: date, last: date) -> None:
    """Raises Invalid when the last day comes before the first."""
    if last < first:
        raise Invalid([Problem("toDate", "INVALID_VALUE")])


def no_performance_report() -> NotThere:
    """The refusal of a report that is not there, or is somebody else's."""
    return NotThere("REPORT_NOT_FOUND", "there is no such performance report")


def outside(report: PerformanceReport, scope: Scope, catalogue: Catalogue) -> list[Reason]:
    """Why somebody with this scope may not read the report: a contract that they no longer hold."""
    contracts = [catalogue.interventions[one].contract for one in report.interventions]
    return next((reasons for one in contracts if (reasons := contract_reasons(scope, one))), [])
