"""How far a referral has come: everything that follows from the facts and is stored nowhere.

Each rule stands here once and serves the API, the lists and the reports alike. The rules are those of
ministryofjustice/hmpps-interventions-service, except that distinct sessions are counted where it counts rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal

from throughcare.services.interventions.appointment.model import Appointment

EARLY = "EAR"
PRE_ICA, POST_ICA = "PRE_ICA", "POST_ICA"


class DeliveryState(Enum):
    """How much of the plan was delivered."""

    NOT_DELIVERING_YET = "not delivering yet"
    MISSING_FIRST_SUBSTANTIVE_APPOINTMENT = "missing first substantive appointment"
    IN_PROGRESS = "in progress"
    COMPLETED = "completed"

    @property
    def needs_report(self) -> bool:
        """Whether an end of service report is called for."""
        return self in {DeliveryState.IN_PROGRESS, DeliveryState.COMPLETED}

    @property
    def in_progress(self) -> bool:
        """Whether work is still going on."""
        return self is not DeliveryState.COMPLETED

    @property
    def end_label(self) -> str:
        """What an end in this state is called: CANCELLED, PREMATURELY_ENDED or COMPLETED."""
        if self is DeliveryState.COMPLETED:
            return "COMPLETED"
        return "PREMATURELY_ENDED" if self.needs_report else "CANCELLED"


class WithdrawalState(Enum):
    """What kind of withdrawal a practitioner would be making."""

    PRE_ICA_WITHDRAWAL = "PRE_ICA_WITHDRAWAL"
    POST_ICA_WITHDRAWAL = "POST_ICA_WITHDRAWAL"
    POST_ICA_CLOSE_REFERRAL_EARLY = "POST_ICA_CLOSE_REFERRAL_EARLY"


@dataclass(frozen=True)
class Delivery:
    """What was planned and what happened. ``planned`` is the plan in force's number of sessions, None without
    one.

    ``sessions`` holds the appointments of each delivery session; the supplier assessment does not belong
    here.
    """

    planned: int | None
    sessions: Sequence[Sequence[Appointment]] = ()

    def as_of(self, moment: datetime) -> Delivery:
        """What was known at ``moment``: feedback that was submitted after it is left out."""
        return replace(self, sessions=[[one.as_of(moment) for one in session] for session in self.sessions])

    @property
    def started(self) -> bool:
        """Whether a delivery session was ever attended; appointments that were superseded count."""
        return any(one.attended and not one.stale for session in self.sessions for one in session)

    @property
    def recorded(self) -> int:
        """How many sessions have a live appointment with attendance and final feedback."""
        return sum(
            any(one.live and one.feedback_final and one.attendance.attended is not None for one in session)
            for session in self.sessions
        )

    @property
    def attended(self) -> int:
        """How many live appointments were attended."""
        return sum(one.live and one.attended for session in self.sessions for one in session)

    @property
    def state(self) -> DeliveryState:
        """How much of the plan was delivered."""
        if self.planned is None:
            return DeliveryState.NOT_DELIVERING_YET
        if not self.started:
            return DeliveryState.MISSING_FIRST_SUBSTANTIVE_APPOINTMENT
        return DeliveryState.COMPLETED if self.recorded == self.planned else DeliveryState.IN_PROGRESS

    @property
    def stage(self) -> str:
        """POST_ICA once a delivery session was attended, else PRE_ICA."""
        return POST_ICA if self.started else PRE_ICA

    def report_due(self, *, has_report: bool, end_requested: bool) -> bool:
        """Whether the provider must now write an end of service report."""
        ended = self.state is DeliveryState.COMPLETED or end_requested
        return not has_report and self.state.needs_report and ended

    def can_conclude(self, *, report_submitted: bool) -> bool:
        """Whether nothing is left to do."""
        return report_submitted or not self.state.needs_report

    def withdrawal(self, *, report_due: bool) -> WithdrawalState:
        """What kind of withdrawal it would be now."""
        if self.attended == 0:
            return WithdrawalState.PRE_ICA_WITHDRAWAL
        if self.attended == 1 and report_due:
            return WithdrawalState.POST_ICA_WITHDRAWAL
        return WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY

    def withdrawal_made(self, code: str) -> WithdrawalState:
        """What kind of withdrawal one with this reason is."""
        if self.attended == 0:
            return WithdrawalState.PRE_ICA_WITHDRAWAL
        if code == EARLY:
            return WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY
        return WithdrawalState.POST_ICA_WITHDRAWAL


@dataclass(frozen=True)
class Closing:
    """When a referral ended, as far as it did."""

    concluded_at: datetime | None = None
    end_requested_at: datetime | None = None
    has_report: bool = False
    report_submitted: bool = False
    withdrawal_code: str | None = None
    withdrawal_comments: str | None = None

    @property
    def end_state(self) -> str | None:
        """How reports call the end: completed, cancelled or ended; a report counts even as a draft."""
        if self.concluded_at is None:
            return None
        if self.end_requested_at is None:
            return "completed"
        return "ended" if self.has_report else "cancelled"

    @property
    def completed(self) -> bool:
        """Whether lists show it as completed: concluded with a submitted report."""
        return self.concluded_at is not None and self.has_report and self.report_submitted

    def cancelled(self, stage: str) -> bool:
        """Whether lists show it as cancelled: ended on request before delivery started, without a report."""
        ended = self.concluded_at is not None and self.end_requested_at is not None
        return ended and not self.report_submitted and stage == PRE_ICA

    def open(self, stage: str) -> bool:
        """Whether lists show it as open; one that ended with a report due stays there until that is written."""
        return not self.completed and not self.cancelled(stage)

    @property
    def service_access_status(self) -> Literal["WITHDRAWN", "COMPLETED", "LIVE"]:
        """What the service access door says: WITHDRAWN, COMPLETED or LIVE."""
        if self.withdrawal_code and self.withdrawal_comments:
            return "WITHDRAWN"
        return "COMPLETED" if self.concluded_at is not None and self.has_report else "LIVE"
