"""A referral as reports see it, with appointments that tell of themselves by when they were made and took place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.unit.interventions.made_up import catalogue, contract, made_id
from throughcare.services.interventions.action_plan.model import ActionPlan
from throughcare.services.interventions.appointment.model import Appointment, Attendance, Booking, Feedback, Mark
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.reporting.model import ReportedReferral

CATALOGUE = catalogue(contract("PRJ_1"))
SENT = datetime(2024, 3, 4, 12, tzinfo=UTC)


def day(number: int) -> datetime:
    """Ten o'clock so many days after the referral was sent."""
    return SENT.replace(hour=10) + timedelta(days=number)


def mark(number: int) -> Mark:
    """Somebody did something on that day."""
    return Mark(day(number), made_id("caseworker"))


def held(
    at: int, attended: str | None = None, *, made: int = 0, happened: bool | None = None, final: bool = True,
    late: bool | None = None, superseded: bool = False, stale: bool = False, of: str = "session",
    **changes: Any,
) -> Appointment:  # fmt: skip
    """An appointment on day ``at`` that was made on day ``made``."""
    owner: dict[str, Any] = {"supplier_assessment_id" if of == "saa" else "delivery_session_id": made_id(of)}
    return Appointment(
        made_id(f"{of} {at} {made} {attended}"), made_id("referral"), at, Booking(day(at), 60, "PHONE_CALL"),
        mark(made),
        attendance=Attendance(attended, happened), attendance_submitted=mark(at) if attended else None,
        feedback=Feedback(late=late), feedback_submitted=mark(at) if attended and final else None,
        superseded_by=made_id("later") if superseded else None, stale=stale, **owner, **changes,
    )  # fmt: skip


def plan(number: int | None, *, submitted: int | None = None, approved: int | None = None) -> ActionPlan:
    """A version of a plan."""
    return ActionPlan(
        made_id(f"plan {number} {submitted}"), made_id("referral"), mark(0), number,
        submitted=None if submitted is None else mark(submitted),
        approved=None if approved is None else mark(approved),
    )  # fmt: skip


APPROVED = plan(2, submitted=3, approved=4)


def reported(*appointments: Appointment, **changes: Any) -> ReportedReferral:
    """A referral that was sent and nothing else, but for what is given."""
    [intervention] = CATALOGUE.interventions.values()
    values: dict[str, Any] = {
        "id": made_id("referral"), "reference": "AB1234CD", "crn": "X123456", "intervention": intervention,
        "sent_at": SENT, "created_by": "BERNARD.BEAKS", "caseworker": None, "relevant_sentence_id": 7,
        "sentence_end": date(2026, 1, 14), "completion_deadline": date(2024, 9, 1), "closing": Closing(),
        "withdrawal_reason": None, "report_submitted_at": None, "desired_outcomes": 1,
    }  # fmt: skip
    return ReportedReferral(**{**values, "appointments": appointments, **changes})
