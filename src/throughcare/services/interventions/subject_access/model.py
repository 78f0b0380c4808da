"""A person's request for what is held about them: which records fall into the time asked for, and how dates are said.

A record belongs to the time asked for when anything of it happened then; both days count, as days in London.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.action_plan.model import ActionPlan
from throughcare.services.interventions.appointment.model import Appointment, Mark
from throughcare.services.interventions.case_note.model import CaseNote
from throughcare.services.interventions.draft.model import Details, Location, Needs
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import Invalid, Problem, Refused
from throughcare.services.interventions.report.model import Report


@dataclass(frozen=True)
class Period:
    """The days asked for, both included; None means without limit. Raises Invalid when they are in disorder."""

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.last < self.first:
            raise Invalid([Problem("toDate", "INVALID_VALUE")])

    def holds(self, moments: Iterable[datetime | None]) -> bool:
        """Whether one of these moments falls on a day asked for."""
        days = (london(one).date() for one in moments if one is not None)
        return any((self.first or day) <= day <= (self.last or day) for day in days)


def check_identifiers(prn: str | None, crn: str | None) -> str | None:
    """The CRN asked about; None for a prison number, by which nothing is held here.

    Raises Refused (ONE_IDENTIFIER_NEEDED) unless exactly one of the two is given.
    """
    if bool(prn) == bool(crn):
        raise Refused("ONE_IDENTIFIER_NEEDED", "give either a prn or a crn")
    return crn.strip().upper() if crn else None


def say_date(day: date | None) -> str | None:
    """The day as in 31 January 2023."""
    return None if day is None else f"{day.day} {day:%B %Y}"


def say_moment(moment: datetime | None) -> str | None:
    """The moment in London as in 31 January 2023, 7:57:27 pm."""
    if moment is None:
        return None
    here = london(moment)
    return f"{say_date(here.date())}, {here.hour % 12 or 12}:{here:%M:%S} {'am' if here.hour < 12 else 'pm'}"


@dataclass(frozen=True)
class DetailsVersion:
    """What was asked of the provider from a moment on, and why it was changed."""

    created: Mark
    reason_for_change: str
    details: Details


@dataclass(frozen=True)
class ReferralFile:
    """A sent referral with all that hangs on it, each part oldest first. ``stage`` is PRE_ICA or POST_ICA."""

    referral: Referral
    stage: str
    details: Sequence[DetailsVersion]
    assigned_at: Sequence[datetime]
    appointments: Sequence[Appointment]
    plans: Sequence[ActionPlan]
    report: Report | None
    notes: Sequence[CaseNote]
    changed_at: Sequence[datetime]

    def moments(self) -> Iterator[datetime | None]:
        """When anything of it happened."""
        sent = self.referral
        yield from (sent.created_at, sent.sent_at, sent.concluded_at, *self.assigned_at, *self.changed_at)
        yield sent.withdrawal.requested_at if sent.withdrawal else None
        yield from (one.created_at for plan in self.plans for one in plan.activities)
        yield from (one.booking.appointment_time for one in self.appointments)
        yield from (mark.at for mark in self._marks() if mark is not None)

    def authors(self) -> set[UUID]:
        """Those who approved a plan, gave feedback or submitted the report."""
        marks = [*(one.approved for one in self.plans), *(one.session_feedback_submitted for one in self.appointments)]
        marks += [self.report.submitted] if self.report else []
        return {one.by for one in marks if one is not None}

    def _marks(self) -> Iterator[Mark | None]:
        yield from (one.created for one in self.details)
        yield from (one.sent for one in self.notes)
        for plan in self.plans:
            yield from (plan.created, plan.submitted, plan.approved)
        for one in self.appointments:
            yield from (one.created, one.attendance_submitted, one.session_feedback_submitted, one.feedback_submitted)
        if self.report is not None:
            yield from (self.report.created, self.report.submitted)


@dataclass(frozen=True)
class DraftFile:
    """A referral that was begun and not sent."""

    crn: str
    intervention_id: UUID
    created_at: datetime
    risk_written_at: Sequence[datetime | None]
    needs: Needs
    location: Location
    role_or_job_title: str | None

    def moments(self) -> Iterator[datetime | None]:
        """When anything of it happened."""
        yield from (self.created_at, *self.risk_written_at)
