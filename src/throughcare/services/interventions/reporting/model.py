"""One referral as reports and extracts see it, and how their files are written.

What a figure means is said here or in ``progress`` and ``appointment``, once, for every file.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from io import StringIO
from uuid import UUID

from throughcare.kit.clock import LONDON
from throughcare.services.interventions.action_plan.model import ActionPlan, in_force
from throughcare.services.interventions.appointment.model import Appointment
from throughcare.services.interventions.catalogue.model import Intervention
from throughcare.services.interventions.progress.model import Closing

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
POINTS = {"ACHIEVED": 1.0, "PARTIALLY_ACHIEVED": 0.5}

Value = str | int | float | bool | UUID | date | datetime | None


@dataclass(frozen=True)
class Population:
    """Referrals sent from ``since`` on and before ``until``; under any contract when ``interventions`` is None."""

    since: datetime = FIRST
    until: datetime | None = None
    interventions: Collection[UUID] | None = None


@dataclass(frozen=True)
class Place:
    """How far a reading has come: the referral that was read last."""

    sent_at: datetime
    referral_id: UUID


@dataclass(frozen=True)
class ReportedReferral:
    """The facts of one sent referral. ``appointments`` come in the order in which they were made.

    ``achieved`` holds the achievement level of each outcome in the end of service report, submitted or not.
    """

    id: UUID
    reference: str
    crn: str
    intervention: Intervention
    sent_at: datetime
    created_by: str
    caseworker: str | None
    relevant_sentence_id: int
    sentence_end: date | None
    completion_deadline: date | None
    closing: Closing
    withdrawal_reason: str | None
    report_submitted_at: datetime | None
    desired_outcomes: int
    achieved: Sequence[str] = ()
    plans: Sequence[ActionPlan] = ()
    appointments: Sequence[Appointment] = ()

    @cached_property
    def assessments(self) -> list[Appointment]:
        """Appointments of the supplier assessment that nobody put aside, those that were replaced included."""
        return [one for one in self.appointments if one.supplier_assessment_id is not None and not one.stale]

    @cached_property
    def sessions(self) -> list[Appointment]:
        """Appointments of delivery sessions that nobody put aside, those that were replaced included."""
        return [one for one in self.appointments if one.delivery_session_id is not None and not one.stale]

    @cached_property
    def plan(self) -> ActionPlan | None:
        """The action plan in force."""
        return in_force(self.plans)

    @property
    def first_submitted(self) -> datetime | None:
        """When an action plan was first submitted."""
        return min((one.submitted.at for one in self.plans if one.submitted), default=None)

    @property
    def first_approved(self) -> datetime | None:
        """When an action plan was first approved."""
        return min((one.approved.at for one in self.plans if one.approved), default=None)

    @property
    def completed_sessions(self) -> int:
        """How many live appointments of delivery sessions took place with the person there."""
        return sum(one.live and one.completed for one in self.sessions)

    @property
    def score(self) -> float | None:
        """One for each outcome achieved and half for each partly; 0 until submitted, None without a report."""
        if not self.closing.has_report:
            return None
        return sum((POINTS.get(one, 0.0) for one in self.achieved), 0.0) if self.closing.report_submitted else 0.0


def midnight(day: date) -> datetime:
    """When a day begins in London."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def as_iso(value: Value) -> str:
    """Times in UTC and dates as ISO 8601 has them; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{(value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()[:-6]}Z"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """The rows as RFC 4180 has them, each line ended."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
