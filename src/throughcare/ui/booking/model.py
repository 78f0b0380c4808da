"""What is booked, and the answers of a booking on their way from the form to the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from throughcare.kit.clock import LONDON, london
from throughcare.ui.peers.delivery import Appointment, Assessment, Meeting, Session
from throughcare.ui.progress.model import State, state_of
from throughcare.ui.referral.model import Frame
from throughcare.ui.unfinished.model import Kind

OFFICE, ELSEWHERE = "IN_PERSON_MEETING_PROBATION_OFFICE", "IN_PERSON_MEETING_OTHER"
METHODS = {
    "PHONE_CALL": "Phone call",
    "VIDEO_CALL": "Video call",
    OFFICE: "In-person meeting at a probation office",
    ELSEWHERE: "In-person meeting somewhere else",
}
TYPES = {"ONE_TO_ONE": "1:1", "GROUP": "Group session"}
PROVIDER = "Service Provider"
MONTHS_AHEAD = 6
ADDRESS = ("line_1", "line_2", "town_or_city", "county", "postcode")
_WIRE = ("firstAddressLine", "secondAddressLine", "townOrCity", "county", "postCode")


@dataclass(frozen=True)
class Target:
    """The supplier assessment, or one session of a plan, and its appointment that counts, if it has one."""

    frame: Frame
    assessment: Assessment | None = None
    plan_id: UUID | None = None
    session: Session | None = None

    @property
    def kind(self) -> Kind:
        """What kind of work booking it is."""
        return Kind.ASSESSMENT if self.session is None else Kind.SESSION

    @property
    def about(self) -> str:
        """The beginning of the addresses of its booking."""
        if self.session is None:
            return self.frame.path("supplier-assessment/schedule")
        return f"/service-provider/action-plan/{self.plan_id}/sessions/{self.session.session_number}/edit"

    @property
    def feedback(self) -> str:
        """The beginning of the addresses of its feedback."""
        if self.session is None:
            return self.frame.path("supplier-assessment/post-assessment-feedback")
        number = self.session.session_number
        return f"/service-provider/action-plan/{self.plan_id}/appointment/{number}/post-session-feedback"

    @property
    def name(self) -> str:
        """What it is called within a sentence."""
        return "supplier assessment appointment" if self.session is None else f"session {self.session.session_number}"

    @property
    def current(self) -> Meeting | None:
        """The appointment that counts."""
        if self.session is None:
            return self.assessment.current if self.assessment else None
        if self.session.appointment_time is None or self.session.appointment_id is None:
            return None
        held = self.session.model_dump(by_alias=True, exclude={"id"})
        values = {**held, "id": self.session.appointment_id, "createdAt": self.session.appointment_time}
        return Appointment.model_validate(values)

    def state(self, now: datetime) -> State:
        """The state of the appointment that counts."""
        held = self.current
        return state_of(held.appointment_time, held.appointment_feedback, now) if held else State.NOT_SCHEDULED

    def moves(self, now: datetime) -> bool:
        """Whether booking it changes an appointment that was not held yet."""
        return self.state(now) in {State.SCHEDULED, State.NEEDS_FEEDBACK}


def words_of(held: Meeting | None) -> dict[str, Any]:
    """The answers of the form for an appointment, so that another begins with the same."""
    if held is None:
        return {}
    at, place = london(held.appointment_time), held.appointment_delivery_address
    lines = (
        (place.first_address_line, place.second_address_line, place.town_or_city, place.county, place.post_code)
        if place else ("",) * 5
    )  # fmt: skip
    return {
        "date": at.date().isoformat(), "time": at.time().isoformat("minutes"), "duration": held.duration_in_minutes,
        "session_type": held.session_type or "ONE_TO_ONE", "meeting_method": held.appointment_delivery_type,
        "delius_office_location_code": held.nps_office_code or "",
        **{f"method_other_location_address_{one}": line or "" for one, line in zip(ADDRESS, lines, strict=True)},
    }  # fmt: skip


def shown(words: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers as the form's fields take them."""
    values = dict(words)
    if values.get("date"):
        values["date"] = date.fromisoformat(values["date"])
    if values.get("time"):
        values["time"] = time.fromisoformat(values["time"])
    return values


def moment(day: date, at: time) -> datetime | None:
    """The moment in London; None when clocks jump over it."""
    local = datetime.combine(day, at, LONDON)
    there_and_back = local.astimezone(tz=None).astimezone(LONDON)
    return local if there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def starts(words: Mapping[str, Any]) -> datetime:
    """When the appointment of these answers starts."""
    found = moment(date.fromisoformat(words["date"]), time.fromisoformat(words["time"]))
    assert found is not None, "the form refuses times that do not exist"
    return found


def earliest_and_latest(frame: Frame, today: date) -> tuple[date, date]:
    """The days between which an appointment may be: from the day of sending to six months ahead."""
    month = today.month - 1 + MONTHS_AHEAD
    year, month = today.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return london(frame.referral.sent_at).date(), date(year, month, min(today.day, last))


def wire(words: Mapping[str, Any]) -> dict[str, Any]:
    """The booking as the service takes it."""
    method = words["meeting_method"]
    lines = [words.get(f"method_other_location_address_{one}") or None for one in ADDRESS]
    return {
        "appointmentTime": starts(words).isoformat(),
        "durationInMinutes": words["duration"],
        "appointmentDeliveryType": method,
        "sessionType": words.get("session_type") or "ONE_TO_ONE",
        "npsOfficeCode": words["delius_office_location_code"] if method == OFFICE else None,
        "appointmentDeliveryAddress": dict(zip(_WIRE, lines, strict=True)) if method == ELSEWHERE else None,
        "rescheduleRequestedBy": words.get("reschedule_requested_by") or None,
        "rescheduledReason": words.get("rescheduled_reason") or None,
        **({"attendanceFeedback": words["attendance"]} if "attendance" in words else {}),
        **({"sessionFeedback": words["feedback"]} if "feedback" in words else {}),
    }
