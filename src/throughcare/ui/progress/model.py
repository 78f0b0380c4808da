"""How far a referral has come: the one place that says what state an appointment, a plan or a report is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from throughcare.ui.peers.delivery import Appointment, Assessment, Feedback, Plan, Session
from throughcare.ui.referral.model import Frame, Side


class State(Enum):
    """The state of an appointment: its name on the page, and the colour of its tag."""

    NOT_SCHEDULED = ("Not scheduled", "grey")
    SCHEDULED = ("Scheduled", "blue")
    NEEDS_FEEDBACK = ("Needs feedback", "red")
    COMPLETED = ("Completed", "green")
    DID_NOT_ATTEND = ("Did not attend", "purple")
    DID_NOT_HAPPEN = ("Did not happen", "yellow")
    RESCHEDULED = ("Rescheduled", "grey")

    @property
    def text(self) -> str:
        """What the tag says."""
        return self.value[0]

    @property
    def colour(self) -> str:
        """The colour of the tag."""
        return self.value[1]

    @property
    def missed(self) -> bool:
        """Whether nothing came of the appointment, so that another is needed."""
        return self in {State.DID_NOT_ATTEND, State.DID_NOT_HAPPEN}


def state_of(at: datetime | None, feedback: Feedback, now: datetime, *, superseded: bool = False) -> State:
    """The state of an appointment, the first that applies."""
    attendance = feedback.attendance_feedback
    happened, attended = attendance.did_session_happen, attendance.attended
    if at is None:
        return State.NOT_SCHEDULED
    if superseded and attended is None and happened is None:
        return State.RESCHEDULED
    if feedback.submitted:
        if happened or (happened is None and attended in {"yes", "late"}):
            return State.COMPLETED
        return State.DID_NOT_ATTEND if attended == "no" else State.DID_NOT_HAPPEN
    return State.NEEDS_FEEDBACK if at <= now else State.SCHEDULED


@dataclass(frozen=True)
class Link:
    """What can be done about a row; ``hidden`` completes the words for who hears them without the table.

    ``begins`` marks what begins something, and is a button.
    """

    text: str
    href: str
    hidden: str = ""
    begins: bool = False


@dataclass(frozen=True)
class Row:
    """An appointment in a table."""

    state: State
    at: datetime | None
    minutes: int | None
    links: Sequence[Link] = ()
    history: Sequence[Row] = ()
    number: int = 0


def assessment_rows(frame: Frame, assessment: Assessment, now: datetime) -> list[Row]:
    """The appointments of the supplier assessment, the one that counts first."""
    current = assessment.current
    if current is None:
        book = [Link("Schedule", frame.path("supplier-assessment/schedule/start"), "the supplier assessment", True)]
        return [Row(State.NOT_SCHEDULED, None, None, book if _may_act(frame) else ())]
    earlier = [one for one in assessment.appointments if one.id != current.id]
    rows = [_assessment_row(frame, current, now, current=True)]
    return rows + [_assessment_row(frame, one, now, current=False) for one in reversed(earlier)]


def _assessment_row(frame: Frame, one: Appointment, now: datetime, *, current: bool) -> Row:
    state = state_of(one.appointment_time, one.appointment_feedback, now, superseded=one.superseded)
    base = "supplier-assessment"
    view = Link("View feedback", frame.path(f"{base}/post-assessment-feedback/{one.id}"), "of the assessment")
    again = Link("Reschedule", frame.path(f"{base}/schedule/start"), "the supplier assessment", begins=True)
    provider, links = _may_act(frame), []
    match state:
        case State.SCHEDULED:
            text = "View details or reschedule" if provider else "View appointment details"
            links = [Link(text, frame.path(base))]
        case State.NEEDS_FEEDBACK if provider:
            links = [
                Link("Mark attendance and add feedback", frame.path(f"{base}/post-assessment-feedback/attendance")),
                again,
            ]
        case State.RESCHEDULED:
            links = [Link("View appointment details", frame.path(f"{base}/rescheduled/appointment/{one.id}"))]
        case State.COMPLETED:
            links = [view]
        case State.DID_NOT_ATTEND | State.DID_NOT_HAPPEN:
            links = [again, view] if current and provider else [view]
        case _:
            links = [Link("View appointment details", frame.path(base))]
    return Row(state, one.appointment_time, one.duration_in_minutes, links)


def session_rows(frame: Frame, plan_id: UUID, sessions: Sequence[Session], now: datetime) -> list[Row]:
    """The sessions of a plan by number, each with what came before its current appointment."""
    return [_session_row(frame, plan_id, one, now) for one in sorted(sessions, key=lambda one: one.session_number)]


def _session_row(frame: Frame, plan_id: UUID, one: Session, now: datetime) -> Row:
    state = state_of(one.appointment_time, one.appointment_feedback, now)
    number, provider, links = one.session_number, _may_act(frame), []
    start = f"/service-provider/action-plan/{plan_id}/sessions/{number}/edit/start"
    feedback = f"/service-provider/action-plan/{plan_id}/appointment/{number}/post-session-feedback/attendance"
    hidden = f"of session {number}"
    again = Link("Reschedule session", start, str(number), begins=True)
    view = Link("View feedback form", feedback_path(frame, plan_id, number, one.appointment_id), hidden)
    match state:
        case State.NOT_SCHEDULED if provider:
            links = [Link("Add session details", start, hidden, begins=True)]
        case State.SCHEDULED if provider:
            links = [again]
        case State.NEEDS_FEEDBACK if provider:
            links = [Link("Give feedback", feedback, f"on session {number}"), again]
        case State.COMPLETED:
            links = [view]
        case State.DID_NOT_ATTEND | State.DID_NOT_HAPPEN:
            links = [view, again] if provider else [view]
        case _:
            links = []
    history = [_earlier(frame, plan_id, number, old, now) for old in reversed(one.old_appointments)]
    return Row(state, one.appointment_time, one.duration_in_minutes, links, history, number)


def _earlier(frame: Frame, plan_id: UUID, number: int, one: Appointment, now: datetime) -> Row:
    state = state_of(one.appointment_time, one.appointment_feedback, now, superseded=True)
    if state is State.RESCHEDULED:
        if frame.side is Side.PROVIDER:
            path = f"/service-provider/action-plan/{plan_id}/session/{number}/appointment/{one.id}/rescheduled"
        else:
            path = frame.path(f"session/{number}/appointment/{one.id}/rescheduled")
        link = Link("View appointment details", path, f"of session {number}")
    else:
        link = Link("View feedback form", feedback_path(frame, plan_id, number, one.id), f"of session {number}")
    return Row(state, one.appointment_time, one.duration_in_minutes, [link], (), number)


def feedback_path(frame: Frame, plan_id: UUID | None, number: int, appointment_id: UUID | None) -> str:
    """Where the feedback on an appointment of a session is read."""
    end = f"session/{number}/appointment/{appointment_id}/post-session-feedback"
    if frame.side is Side.PRACTITIONER:
        return frame.path(end)
    return f"/service-provider/action-plan/{plan_id}/{end}"


class PlanState(Enum):
    """The state of an action plan: its name on the page, and the colour of its tag."""

    NOT_SUBMITTED = ("Not submitted", "grey")
    IN_DRAFT = ("In draft", "yellow")
    AWAITING_APPROVAL = ("Awaiting approval", "red")
    APPROVED = ("Approved", "green")


def plan_state(plan: Plan | None, side: Side) -> PlanState:
    """The state of a plan; a draft is its provider's own business."""
    if plan is None:
        return PlanState.NOT_SUBMITTED
    if plan.approved_at is not None:
        return PlanState.APPROVED
    if plan.submitted_at is not None:
        return PlanState.AWAITING_APPROVAL
    return PlanState.IN_DRAFT if side is Side.PROVIDER else PlanState.NOT_SUBMITTED


def _may_act(frame: Frame) -> bool:
    return frame.side is Side.PROVIDER and frame.referral.concluded_at is None
