"""The four files that the national data team takes in every week: what each is called and what its columns say.

Names and columns are those of ministryofjustice/hmpps-interventions-service, which wrote a referral once for every
version of its details, and outcomes of reports that were never submitted. Here each referral has one line, and only
submitted reports have outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID

from throughcare.services.interventions.refusal.model import NotThere
from throughcare.services.interventions.reporting.model import ReportedReferral, Value, as_csv, as_iso


class Extract(Enum):
    """The files by what they are about."""

    REFERRALS = "referrals"
    APPOINTMENTS = "appointments"
    COMPLEXITY = "complexity"
    OUTCOMES = "outcomes"

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"crs_performance_report-v2-{self.value}.csv"

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(REFERRAL_COLUMNS) if self is Extract.REFERRALS else COLUMNS[self]


@dataclass(frozen=True)
class ExtractFile:
    """A file that was made."""

    name: str
    id: UUID
    made_at: datetime
    rows: int


REFERRAL_COLUMNS: dict[str, Callable[[ReportedReferral], Value]] = {
    "referral_ref": lambda one: one.reference,
    "referral_id": lambda one: one.id,
    "crs_contract_reference": lambda one: one.intervention.contract.reference,
    "crs_contract_type": lambda one: one.intervention.contract.type.name,
    "crs_provider_id": lambda one: one.intervention.contract.prime.name,
    "referring_officer_id": lambda one: one.created_by,
    "relevant_sentence_id": lambda one: one.relevant_sentence_id,
    "service_user_crn": lambda one: one.crn,
    "date_referral_received": lambda one: one.sent_at,
    "date_first_action_plan_submitted": lambda one: one.first_submitted,
    "date_of_first_action_plan_approval": lambda one: one.first_approved,
    "outcomes_to_be_achieved_count": lambda one: one.desired_outcomes,
    "outcomes_progress": lambda one: one.score or 0.0,
    "count_of_sessions_expected": lambda one: (one.plan.number_of_sessions or 0) if one.plan else 0,
    "count_of_sessions_attended": lambda one: one.completed_sessions,
    "date_intervention_ended": lambda one: one.closing.end_requested_at,
    "intervention_end_reason": lambda one: one.closing.end_state,
    "date_end_of_service_report_submitted": lambda one: one.report_submitted_at,
    "intervention_end_reason_code": lambda one: one.closing.withdrawal_code,
    "intervention_end_reason_description": lambda one: one.withdrawal_reason,
    "intervention_concluded_at": lambda one: one.closing.concluded_at,
}
COLUMNS: dict[Extract, tuple[str, ...]] = {
    Extract.APPOINTMENTS: (
        "referral_ref", "referral_id", "appointmentId", "appointment_time", "duration_in_minutes", "booked_at",
        "attended", "attendance_submitted_at", "notifyppof_attendance_behaviour", "delius_appointment_id",
        "reason_for_appointment",
    ),
    Extract.COMPLEXITY: (
        "referral_ref", "referral_id", "intervention_title", "service_category_id", "service_category_name",
        "complexity_level_title",
    ),
    Extract.OUTCOMES: ("referral_ref", "referral_id", "desired_outcome", "achievement_level"),
}  # fmt: skip

Line = Sequence[Value]


def referral_line(one: ReportedReferral) -> Line:
    """The line of a referral in the file about referrals."""
    return [column(one) for column in REFERRAL_COLUMNS.values()]


def text_of(lines: Iterable[Line]) -> str:
    """The lines as they stand in a file."""
    return as_csv([_said(value) for value in line] for line in lines)


def _said(value: Value) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00"
    return as_iso(value)


def no_extract() -> NotThere:
    """The refusal of a file that is not there."""
    return NotThere("EXTRACT_NOT_FOUND", "there is no such file, or it was not made yet")
