"""A second account of the rules of a referral, which random commands are compared with.

It is told what was asked and answers what must come of it: the answer, the facts, the events, what the probation case
record must hold and which messages are owed. It shares no code with the service: it was written from the rules of
ministryofjustice/hmpps-interventions-service and of the Delius adapter in hmpps-probation-integration-services, with
the differences that ``docs/interventions.md`` states. Where those leave open which of two refusals comes first, what
the referral's state forbids comes before what is wrong with the request's fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.service.interventions.walk.appointments import (
    OK,
    Answer,
    Appointment,
    CaseRecord,
    Request,
    refusal,
    request_problems,
    wrong,
)

MISSING = {
    "release": ("expectedReleaseDate", "RELEASE_DATE_MISSING"),
    "risk": ("additionalRiskInformation", "RISK_MISSING"),
    "sentence": ("relevantSentenceId", "CANNOT_BE_EMPTY"),
    "location": ("personCurrentLocationType", "LOCATION_MISSING"),
    "level": ("complexityLevels", "CANNOT_BE_EMPTY"),
    "outcome": ("desiredOutcomes", "CANNOT_BE_EMPTY"),
    "deadline": ("completionDeadline", "CANNOT_BE_EMPTY"),
}
END_OUTCOMES = {"CANCELLED": "CRS01", "PREMATURELY_ENDED": "CRS02", "COMPLETED": "CRS03"}
WITHDRAWN = {
    "PRE_ICA_WITHDRAWAL": "referral-pre-ica-withdrawn",
    "POST_ICA_WITHDRAWAL": "referral-post-ica-withdrawn",
    "POST_ICA_CLOSE_REFERRAL_EARLY": "referral-withdraw-early",
}
REASONS = ("INE", "MOV", "EAR", "SER")


@dataclass(eq=False)
class Plan:
    """One version of an action plan."""

    sessions: int | None
    id: str = ""
    submitted: bool = False
    approved: bool = False


@dataclass(eq=False)
class ModelReferral:
    """What must be true of one referral. ``mails`` counts the messages that it owes, by template."""

    record: CaseRecord
    mails: Counter[str]
    missing: set[str] = field(default_factory=lambda: {"risk", "sentence", "location", "level", "outcome", "deadline"})
    sent: datetime | None = None
    assigned: str | None = None
    assessment: list[Appointment] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    approvals: list[Plan] = field(default_factory=list)
    sessions: dict[int, list[Appointment]] = field(default_factory=dict)
    report: str | None = None
    reason: str | None = None
    concluded: datetime | None = None
    events: list[tuple[str, str]] = field(default_factory=list)
    nsi: tuple[str, str | None] | None = None
    owed: list[Callable[[], None]] = field(default_factory=list)

    @property
    def in_force(self) -> Plan | None:
        """The plan that counts: the one approved last."""
        return self.approvals[-1] if self.approvals else None

    @property
    def started(self) -> bool:
        """Whether a session was ever attended, at an appointment that was moved later too."""
        return any(one.was_attended for held in self.sessions.values() for one in held)

    @property
    def attended(self) -> int:
        """How many sessions' appointments that still count were attended."""
        return sum(one.was_attended and not one.superseded for held in self.sessions.values() for one in held)

    @property
    def delivery(self) -> str:
        """The state of delivery."""
        if self.in_force is None:
            return "NOT_DELIVERING_YET"
        if not self.started:
            return "MISSING_FIRST_SUBSTANTIVE_APPOINTMENT"
        recorded = sum(
            any(one.final and one.attended and not one.superseded for one in held) for held in self.sessions.values()
        )
        return "COMPLETED" if recorded == self.in_force.sessions else "IN_PROGRESS"

    @property
    def end_label(self) -> str:
        """What an end is called now."""
        return {"COMPLETED": "COMPLETED", "IN_PROGRESS": "PREMATURELY_ENDED"}.get(self.delivery, "CANCELLED")

    @property
    def report_due(self) -> bool:
        """Whether a report must be written now."""
        ended = self.delivery == "COMPLETED" or self.reason is not None
        return self.report is None and self.delivery in {"COMPLETED", "IN_PROGRESS"} and ended

    @property
    def listed(self) -> tuple[bool, bool]:
        """Whether lists show it as completed, and as cancelled."""
        over, reported = self.concluded is not None, self.report == "submitted"
        return over and reported, over and self.reason is not None and not reported and not self.started

    @property
    def withdrawal(self) -> str:
        """What kind of withdrawal it would be now."""
        if self.attended == 0:
            return "PRE_ICA_WITHDRAWAL"
        return "POST_ICA_WITHDRAWAL" if self.attended == 1 and self.report_due else "POST_ICA_CLOSE_REFERRAL_EARLY"

    def send(self, now: datetime) -> Answer:
        """Send the draft."""
        if self.sent is not None:
            return refusal(409, "DRAFT_ALREADY_SENT")
        if self.missing:
            found = [MISSING[one] for one in MISSING if one in self.missing]
            return Answer(400, found[0][1], frozenset((name, "CANNOT_BE_EMPTY") for name, _ in found))
        self.sent = now
        self.nsi = ("INPROG", None)
        self._publish("referral.sent", mail="referral-sent")
        return Answer(201)

    def patch(self, filled: set[str], emptied: set[str]) -> Answer:
        """Write in the draft."""
        if self.sent is not None:
            return refusal(409, "DRAFT_ALREADY_SENT")
        self.missing = (self.missing - filled) | emptied
        return OK

    def assign(self, username: str, *, may_work: bool) -> Answer:
        """Have somebody work on it."""
        if not may_work:
            return refusal(403, "SP_CONTRACT_MISMATCH")
        self.assigned = username
        self._publish("referral.assigned", username, mail="referral-assigned")
        return OK

    def schedule_assessment(self, now: datetime, asked: Request) -> Answer:
        """Book or move the assessment, as the situation calls for."""
        held = self.assessment[-1] if self.assessment else None
        if held is not None and held.happened is True:
            return refusal(409, "APPOINTMENT_ALREADY_DELIVERED")
        beside = held is None or held.happened is False or held.attended == "no"
        return self._book(now, asked, self.assessment, 0, moves=None if beside else held, replaces=not beside)

    def add_assessment(self, now: datetime, asked: Request) -> Answer:
        """Book one more appointment for the assessment."""
        held = self.assessment[-1] if self.assessment else None
        if held is not None and held.at > asked.at:
            return refusal(409, "APPOINTMENT_OUT_OF_ORDER")
        if held is not None and not held.final:
            return refusal(400, "PREVIOUS_APPOINTMENT_OPEN")
        return self._book(now, asked, self.assessment, 0, moves=None, replaces=False)

    def change_assessment(self, now: datetime, asked: Request, which: Appointment | None) -> Answer:
        """Move this appointment of the assessment."""
        if asked.session_type != "ONE_TO_ONE":
            return refusal(400, "SESSION_TYPE_NOT_ALLOWED")
        if which is None or which not in self.assessment:
            return refusal(404, "APPOINTMENT_NOT_FOUND")
        if which is not self.assessment[-1]:
            return refusal(400, "APPOINTMENT_NOT_LATEST")
        if which.final:
            return refusal(409, "APPOINTMENT_ALREADY_DELIVERED")
        return self._book(now, asked, self.assessment, 0, moves=which, replaces=True)

    def schedule_session(self, now: datetime, number: int, asked: Request) -> Answer:
        """Book a session, or book it again."""
        if number not in self.sessions:
            return refusal(404, "SESSION_NOT_FOUND")
        held = self.sessions[number][-1] if self.sessions[number] else None
        if held is not None and held.final and held.happened is True:
            return refusal(409, "APPOINTMENT_ALREADY_DELIVERED")
        afresh = held is None or held.attended == "no" or held.happened is False
        return self._book(
            now, asked, self.sessions[number], number, moves=None if afresh else held, replaces=held is not None
        )

    def record_attendance(
        self, now: datetime, which: Appointment | None, attended: str | None, happened: bool | None
    ) -> Answer:
        """Note whether the person came."""
        if which is None:
            return refusal(404, "APPOINTMENT_NOT_FOUND")
        if which.final:
            return refusal(409, "FEEDBACK_ALREADY_SUBMITTED")
        if which.at > now:
            return refusal(400, "APPOINTMENT_IN_FUTURE")
        which.note_attendance(attended, happened)
        return OK

    def record_feedback(self, which: Appointment | None, feedback: dict[str, Any]) -> Answer:
        """Note what happened."""
        if which is None:
            return refusal(404, "APPOINTMENT_NOT_FOUND")
        if which.final:
            return refusal(409, "FEEDBACK_ALREADY_SUBMITTED")
        which.feedback = feedback
        return OK

    def submit_feedback(self, which: Appointment | None, number: int) -> Answer:
        """Make feedback final; number 0 is the assessment."""
        if which is None:
            return refusal(404, "APPOINTMENT_NOT_FOUND")
        if which.final:
            return refusal(409, "FEEDBACK_ALREADY_SUBMITTED")
        if not which.recorded:
            return refusal(422, "ATTENDANCE_NOT_RECORDED")
        if problems := which.account_problems():
            return wrong(problems)
        self._finish(which, number)
        return OK

    def create_plan(self, sessions: int | None) -> Answer:
        """Begin a plan."""
        if problems := self._plan_problems(sessions):
            return wrong(problems)
        self.plans.append(Plan(sessions))
        return Answer(201)

    def change_plan(self, plan: Plan, sessions: int | None) -> Answer:
        """Change the number of sessions of a plan."""
        if plan.submitted:
            return refusal(404, "ACTION_PLAN_NOT_FOUND")
        if problems := self._plan_problems(sessions):
            return wrong(problems)
        plan.sessions = plan.sessions if sessions is None else sessions
        return OK

    def submit_plan(self, plan: Plan) -> Answer:
        """Submit a plan, which approves it."""
        if plan.submitted:
            return refusal(404, "ACTION_PLAN_NOT_FOUND")
        held = self.assessment[-1] if self.assessment else None
        problems = [("numberOfSessions", "CANNOT_BE_EMPTY")] if plan.sessions is None else []
        if held is None or not held.final or held.attended == "no":
            problems.append(("supplierAssessmentAppointment", "APPOINTMENT_MUST_BE_COMPLETED"))
        if problems:
            return wrong(problems)
        if self.in_force is not None and (plan.sessions or 0) < (self.in_force.sessions or 0):
            return refusal(400, "PLAN_FEWER_SESSIONS")
        plan.submitted = plan.approved = True
        self.approvals.append(plan)
        for number in range(len(self.sessions) + 1, (plan.sessions or 0) + 1):
            self.sessions[number] = []
        self._publish("action-plan.submitted", mail="action-plan-submitted")
        self._publish("action-plan.approved", mail="action-plan-approved")
        return Answer(201)

    def approve_plan(self, plan: Plan) -> Answer:
        """Approve a plan by hand, for which there is never one that waits."""
        return refusal(400, "PLAN_ALREADY_APPROVED" if plan.approved else "PLAN_NOT_LATEST")

    def create_report(self) -> Answer:
        """Begin the end of service report."""
        if self.report is None and not self.report_due:
            return refusal(409, "REPORT_NOT_DUE")
        self.report = self.report or "draft"
        return Answer(201)

    def change_report(self) -> Answer:
        """Write in the report."""
        return refusal(409, "REPORT_ALREADY_SUBMITTED") if self.report == "submitted" else OK

    def submit_report(self, now: datetime) -> Answer:
        """Submit the report, which concludes the referral."""
        if self.report == "submitted":
            return refusal(409, "REPORT_ALREADY_SUBMITTED")
        self.report = "submitted"
        self._publish("end-of-service-report.submitted", mail="end-of-service-report-submitted")
        self._end(now)
        return OK

    def withdraw(self, now: datetime, reason: str) -> Answer:
        """End it on request."""
        if reason not in REASONS:
            return refusal(400, "WITHDRAWAL_CODE_UNKNOWN")
        if self.concluded is not None:
            return refusal(409, "REFERRAL_CONCLUDED")
        kind = "POST_ICA_CLOSE_REFERRAL_EARLY" if reason == "EAR" else "POST_ICA_WITHDRAWAL"
        if self.attended == 0:
            kind = "PRE_ICA_WITHDRAWAL" if self.end_label == "CANCELLED" else ""
        self.reason = reason
        self._end(now)
        if kind:
            self._tell_assignee(WITHDRAWN[kind])
        return OK

    def amend_level(self) -> Answer:
        """Choose another level of complexity."""
        if self.concluded is not None:
            return refusal(409, "REFERRAL_CONCLUDED")
        if self.in_force is not None:
            return refusal(400, "PLAN_ALREADY_APPROVED")
        self.mails["complexity-level-changed"] += self.assigned is not None
        return Answer(204)

    def write_note(self, author: str, *, to_officer: bool) -> Answer:
        """Write a case note."""
        self._tell_assignee("case-note-sent", but_for=author)
        self.mails["case-note-sent-pp"] += to_officer
        return OK

    def settle(self) -> None:
        """Everything that was owed to other systems has reached them."""
        for effect in self.owed:
            effect()
        self.owed.clear()

    def _end(self, now: datetime) -> None:
        label = self.end_label
        if self.concluded is None:
            self.concluded = now
            self._publish("referral.concluded", label)
        self._publish("referral.ended", label)
        self.owed.append(lambda: self._close_in_record(label))

    def _close_in_record(self, label: str) -> None:
        first = self.nsi == ("INPROG", None)
        self.nsi = ("COMP", END_OUTCOMES[label])
        if first and self.concluded is not None:
            self.record.withdraw_after(self, self.concluded)

    def _publish(self, kind: str, detail: str = "", *, mail: str = "") -> None:
        self.events.append((kind, detail))
        if mail:
            self.mails[mail] += 1

    def _tell_assignee(self, template: str, *, but_for: str | None = None) -> None:
        """Whoever works on it when the message is written is told, which is a moment later."""

        def write() -> None:
            self.mails[template] += self.assigned not in {None, but_for}

        self.owed.append(write)

    def _plan_problems(self, sessions: int | None) -> list[tuple[str, str]]:
        if sessions is None:
            return []
        found = [("numberOfSessions", "CANNOT_BE_NEGATIVE_OR_ZERO")] if sessions <= 0 else []
        reduced = self.in_force is not None and sessions < (self.in_force.sessions or 0)
        return [*found, ("numberOfSessions", "CANNOT_BE_REDUCED")] if reduced else found

    def _book(
        self, now: datetime, asked: Request, held: list[Appointment], number: int, *, moves: Appointment | None,
        replaces: bool,
    ) -> Answer:  # fmt: skip
        assert self.sent is not None
        if problems := request_problems(asked, sent=self.sent, now=now):
            return wrong(problems)
        if asked.attendance is not None and asked.at > now:
            return refusal(400, "APPOINTMENT_IN_FUTURE")
        if moves is not None and moves.same_place_and_time(asked):
            made = moves
        else:
            made = asked.appointment()
            answer = self.record.book(self, made, moves, asked, now=now, counts=number > 0)
            if answer != OK:
                return answer
            if replaces:
                held[-1].superseded = True
            held.append(made)
        if number == 0:
            self.mails["initial-assessment-scheduled"] += 1
        if asked.attendance is not None:
            made.note_attendance(*asked.attendance)
            made.feedback = dict(asked.feedback)
            self._finish(made, number)
        return OK

    def _finish(self, one: Appointment, number: int) -> None:
        one.final = True
        kind = "session" if number else "initial-assessment"
        missed = one.attended == "no"
        self._publish(f"{kind}-appointment.{'missed' if missed else 'attended'}")
        self._publish(f"{kind}-appointment.session-feedback-submitted")
        self.mails["appointment-not-attended"] += missed
        self.mails["session-poor-behaviour"] += bool(one.feedback.get("notifyProbationPractitionerOfBehaviour"))
        self.mails["session-concerns"] += bool(one.feedback.get("notifyProbationPractitionerOfConcerns"))
        self.owed.append(lambda: self.record.give_outcome(one))
