"""The part of the second account that is about appointments, here and in the probation case record."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
REASON_TEXTS = {
    "POP_ACCEPTABLE": "noSessionReasonPopAcceptable",
    "POP_UNACCEPTABLE": "noSessionReasonPopUnacceptable",
    "LOGISTICS": "noSessionReasonLogistics",
}
BEHAVIOUR, CONCERNS = "notifyProbationPractitionerOfBehaviour", "notifyProbationPractitionerOfConcerns"
Problems = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What must be answered: a status, and for a refusal its code and wrong fields."""

    status: int = 200
    code: str = ""
    problems: frozenset[tuple[str, str]] = frozenset()


OK = Answer()


def refusal(status: int, code: str) -> Answer:
    """A refusal with this code."""
    return Answer(status, code)


def wrong(problems: Problems) -> Answer:
    """The refusal of wrong fields."""
    return Answer(400, problems[0][1], frozenset(problems))


@dataclass(eq=False)
class Appointment:
    """One appointment. ``entry`` is the case record's, by its number there."""

    at: datetime
    minutes: int
    office: str | None
    id: str = ""
    attended: str | None = None
    happened: bool | None = None
    recorded: bool = False
    feedback: dict[str, Any] = field(default_factory=dict)
    final: bool = False
    superseded: bool = False
    entry: Entry | None = None

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def was_attended(self) -> bool:
        """Whether final feedback says that the person came."""
        return self.final and self.attended in {"yes", "late"}

    @property
    def is_unclear(self) -> bool:
        """Whether its account, which no page asks for like this, names no outcome for the case record."""
        return (self.attended, self.happened) == ("late", False) and "noSessionReasonType" not in self.feedback

    def same_place_and_time(self, asked: Request) -> bool:
        """Whether the case record would see no difference."""
        return (self.at, self.minutes, self.office) == (asked.at, asked.minutes, asked.office)

    def note_attendance(self, attended: str | None, happened: bool | None) -> None:
        """Note attendance; another answer to what decides about the questions wipes what was written."""
        kept = self.happened is None and self.attended == "yes"
        other = happened != self.happened or (happened is False and attended != self.attended)
        if self.recorded and other and not kept:
            self.feedback = {}
        self.attended, self.happened, self.recorded = attended, happened, True

    def account_problems(self) -> Problems:
        """What is missing from its account."""
        return account_problems(self.attended, self.happened, self.feedback)


@dataclass(frozen=True)
class Request:
    """A booking as it is asked for."""

    at: datetime
    minutes: int = 60
    office: str | None = "CRS0032"
    session_type: str = "ONE_TO_ONE"
    place_problems: tuple[tuple[str, str], ...] = ()
    requested_by: str | None = None
    attendance: tuple[str | None, bool | None] | None = None
    feedback: dict[str, Any] = field(default_factory=dict)

    def appointment(self) -> Appointment:
        """The appointment that it makes."""
        return Appointment(self.at, self.minutes, self.office)


def request_problems(asked: Request, *, sent: datetime, now: datetime) -> Problems:
    """What is wrong with a booking: one problem of the place alone, else all of the others."""
    if asked.place_problems:
        return [asked.place_problems[0]]
    local, today = asked.at.astimezone(LONDON), now.astimezone(LONDON).date()
    months = today.month + 6
    year, month = today.year + (months - 1) // 12, (months - 1) % 12 + 1
    latest = today.replace(year=year, month=month, day=min(today.day, monthrange(year, month)[1]))
    found: Problems = []
    if asked.at < datetime.combine(sent.astimezone(LONDON).date(), time(0, 0, 1), LONDON):
        found.append(("appointmentTime", "APPOINTMENT_TIME_BEFORE_REFERRAL_START_DATE"))
    if asked.at > datetime.combine(latest, time(23, 59, 59), LONDON):
        found.append(("appointmentTime", "APPOINTMENT_TIME_TOO_FAR_IN_FUTURE"))
    if asked.minutes <= 0:
        found.append(("durationInMinutes", "CANNOT_BE_NEGATIVE_OR_ZERO"))
    elif (asked.at + timedelta(minutes=asked.minutes)).astimezone(LONDON).date() != local.date():
        found.append(("durationInMinutes", "INVALID_VALUE"))
    if asked.attendance is not None or local.date() < today:
        found += account_problems(*(asked.attendance or (None, None)), asked.feedback)
    return found


def account_problems(attended: str | None, happened: bool | None, feedback: dict[str, Any]) -> Problems:
    """What is missing from an account of an appointment that is to be final."""
    found: Problems = []
    if happened is None:
        found.append(("attendanceFeedback.didSessionHappen", "CANNOT_BE_EMPTY"))
    if attended is None:
        found.append(("attendanceFeedback.attended", "CANNOT_BE_EMPTY"))
    if happened and attended in {"late", "no"}:
        found.append(("attendanceFeedback.attended", "INVALID_VALUE"))
    needed: list[str] = []
    if happened:
        needed = ["late", "sessionSummary", "sessionResponse", BEHAVIOUR, CONCERNS]
        needed += ["lateReason"] if feedback.get("late") else []
        needed += ["sessionBehaviour"] if feedback.get(BEHAVIOUR) else []
    elif happened is False and attended == "yes":
        needed = [REASON_TEXTS.get(feedback.get("noSessionReasonType", ""), "noSessionReasonType"), CONCERNS]
    elif happened is False and attended == "no":
        needed = ["noAttendanceInformation", CONCERNS]
        needed += ["sessionBehaviour"] if feedback.get(BEHAVIOUR) else []
    if (happened or (needed and attended == "yes")) and feedback.get(CONCERNS):
        needed.append("sessionConcerns")
    return found + [(f"sessionFeedback.{name}", "CANNOT_BE_EMPTY") for name in needed if feedback.get(name) is None]


@dataclass(eq=False)
class Entry:
    """An appointment in the case record, as which ``appointment`` it is known there."""

    owner: object
    kind: str
    at: datetime
    end: datetime
    rar: bool
    appointment: Appointment
    outcome: str | None = None


@dataclass(eq=False)
class CaseRecord:
    """One person's appointments in the probation case record, in the order in which they were entered."""

    crn: str
    sentence_id: int
    entries: list[Entry] = field(default_factory=list)

    def of(self, owner: object) -> Iterable[Entry]:
        """The entries of one referral."""
        return [one for one in self.entries if one.owner is owner]

    def book(
        self, owner: object, made: Appointment, moves: Appointment | None, asked: Request, *, now: datetime,
        counts: bool,
    ) -> Answer:  # fmt: skip
        """Enter an appointment, or move one that has no outcome yet."""
        held = moves.entry if moves is not None else None
        held = held if held is not None and held.outcome is None else None
        if held is not None and (held.at, held.end) == (made.at, made.end):
            held.appointment = made
            made.entry = held
        else:
            if asked.attendance is None and made.at < now:
                return refusal(400, "BOOKING_REFUSED")
            if made.at > now and any(self._clashes(one, made) for one in self.entries if one is not held):
                return refusal(409, "APPOINTMENT_CLASH")
            if held is not None:
                by_provider = asked.requested_by in {None, "Service Provider"}
                held.outcome, held.rar = "RSSR" if by_provider else "RSOF", False
            made.entry = Entry(owner, "CRSAPT" if counts else "CRSSAA", made.at, made.end, counts, made)
            self.entries.append(made.entry)
        if asked.attendance is not None:
            _apply(made.entry, *asked.attendance, asked.feedback)
        return OK

    def give_outcome(self, one: Appointment) -> None:
        """Final feedback reached the record: it goes to the entry known as this appointment, else to its number."""
        assert one.entry is not None
        account = one.entry.appointment if one.entry.appointment.final else one
        _apply(one.entry, account.attended, account.happened, account.feedback)

    def withdraw_after(self, owner: object, moment: datetime) -> None:
        """The referral is over: what was still to come will not take place."""
        for one in self.of(owner):
            if one.outcome is None and one.at > moment:
                one.outcome = "APPW"

    def _clashes(self, one: Entry, made: Appointment) -> bool:
        return one.outcome is None and one.at < made.end and one.end > made.at


def _apply(entry: Entry, attended: str | None, happened: bool | None, feedback: dict[str, Any]) -> None:
    if happened:
        entry.outcome = "AFTC" if feedback.get(BEHAVIOUR) else "ATTC"
        return
    reasons = {"POP_ACCEPTABLE": "AFDA", "POP_UNACCEPTABLE": "AFTC", "LOGISTICS": "ATSS"}
    entry.outcome = "AFTA" if attended == "no" else reasons[feedback["noSessionReasonType"]]
    entry.rar = False
