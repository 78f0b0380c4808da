"""What happened to a referral: every fact that its records hold, in the order in which it became so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from throughcare.services.interventions.action_plan.model import ActionPlan, in_force
from throughcare.services.interventions.appointment.model import Appointment, Mark, Status, status
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.changelog.model import Entry, translated
from throughcare.services.interventions.notification.model import Notification

LONGEST = 300
"""How many characters of a text are told; the record itself has the whole."""


class Kind(StrEnum):
    """What kind of thing happened. Of what happened at one moment the later kind came later."""

    SENT = "SENT"
    ASSIGNED = "ASSIGNED"
    REASSIGNED = "REASSIGNED"
    AMENDED = "AMENDED"
    CASE_NOTE = "CASE_NOTE"
    APPOINTMENT_BOOKED = "APPOINTMENT_BOOKED"
    APPOINTMENT_MOVED = "APPOINTMENT_MOVED"
    APPOINTMENT_HELD = "APPOINTMENT_HELD"
    APPOINTMENT_MISSED = "APPOINTMENT_MISSED"
    APPOINTMENT_NOT_HELD = "APPOINTMENT_NOT_HELD"
    FEEDBACK = "FEEDBACK"
    CONCERNS = "CONCERNS"
    PLAN_BEGUN = "PLAN_BEGUN"
    PLAN_SUBMITTED = "PLAN_SUBMITTED"
    PLAN_APPROVED = "PLAN_APPROVED"
    END_REQUESTED = "END_REQUESTED"
    REPORT_SUBMITTED = "REPORT_SUBMITTED"
    CONCLUDED = "CONCLUDED"
    NOTIFICATION = "NOTIFICATION"


ORDER = {kind: place for place, kind in enumerate(Kind)}
HELD = {
    Status.COMPLETED: Kind.APPOINTMENT_HELD, Status.DID_NOT_ATTEND: Kind.APPOINTMENT_MISSED,
    Status.DID_NOT_HAPPEN: Kind.APPOINTMENT_NOT_HELD,
}  # fmt: skip


@dataclass(frozen=True)
class Meeting:
    """Which appointment it is about: of the supplier assessment, or of a session of the plan in force."""

    at: datetime
    minutes: int
    session_number: int | None = None
    plan_id: UUID | None = None


@dataclass(frozen=True)
class Item:
    """One thing that happened. ``id`` is that of the record which tells it, ``by`` of the person who did it."""

    kind: Kind
    at: datetime
    id: UUID
    by: UUID | None = None
    text: str = ""
    reason: str = ""
    subject: str | None = None
    code: str | None = None
    to: UUID | None = None
    requested_by: str | None = None
    version: int | None = None
    meeting: Meeting | None = None
    change: Entry | None = None
    old: Sequence[str] = ()
    new: Sequence[str] = ()
    notification: Notification | None = None


@dataclass(frozen=True)
class Facts:
    """What the records of a referral hold; ``numbers`` are those of sessions by their ids."""

    referral_id: UUID
    sent: Mark
    ended: Mark | None
    ended_code: str | None
    ended_comments: str | None
    concluded_at: datetime | None
    report: tuple[UUID, Mark] | None
    assignments: Sequence[tuple[UUID, Mark, UUID]] = ()
    appointments: Sequence[Appointment] = ()
    numbers: dict[UUID, int] = field(default_factory=dict)
    plans: Sequence[ActionPlan] = ()
    changes: Sequence[Entry] = ()
    notes: Sequence[tuple[UUID, Mark, str, str]] = ()
    notifications: Sequence[Notification] = ()


def timeline(facts: Facts, catalogue: Catalogue, *, for_provider: bool) -> list[Item]:
    """Everything that happened, the newest first. A plan that is still written is its provider's own business.

    What happened at an appointment is told when its feedback is final, at the time for which it was booked.
    """
    items = [
        *_course(facts), *_assignments(facts), *_meetings(facts), *_plans(facts.plans, for_provider=for_provider),
        *_changes(facts.changes, catalogue), *_notes(facts),
        *_messages(facts.notifications),
    ]  # fmt: skip
    return sorted(items, key=lambda one: (one.at, ORDER[one.kind], one.id), reverse=True)


def first_lines(*texts: str | None) -> str:
    """The beginning of what texts say together, cut before a word."""
    said = "\n".join(one.strip() for one in texts if one and one.strip())
    if len(said) <= LONGEST:
        return said
    return f"{said[:LONGEST].rsplit(maxsplit=1)[0]} …"


def _course(facts: Facts) -> Iterator[Item]:
    yield Item(Kind.SENT, facts.sent.at, facts.referral_id, facts.sent.by)
    if facts.ended is not None:
        yield Item(
            Kind.END_REQUESTED, facts.ended.at, facts.referral_id, facts.ended.by,
            first_lines(facts.ended_comments), code=facts.ended_code,
        )  # fmt: skip
    if facts.report is not None:
        report_id, mark = facts.report
        yield Item(Kind.REPORT_SUBMITTED, mark.at, report_id, mark.by)
    if facts.concluded_at is not None and not (facts.ended and facts.ended.at == facts.concluded_at):
        yield Item(Kind.CONCLUDED, facts.concluded_at, facts.referral_id)


def _assignments(facts: Facts) -> Iterator[Item]:
    for place, (one, mark, to) in enumerate(facts.assignments):
        yield Item(Kind.REASSIGNED if place else Kind.ASSIGNED, mark.at, one, mark.by, to=to)


def _meetings(facts: Facts) -> Iterator[Item]:
    plan = in_force(facts.plans)
    for owner, held in _owned(one for one in facts.appointments if not one.stale):
        number = facts.numbers.get(owner)
        plan_id = plan.id if plan and number is not None else None
        for before, one in pairwise([None, *held]):
            assert one is not None
            meeting = Meeting(one.booking.appointment_time, one.booking.duration_in_minutes, number, plan_id)
            yield _booked(one, before, meeting)
            yield from _happened(one, meeting)


def _owned(appointments: Iterable[Appointment]) -> Iterator[tuple[UUID, list[Appointment]]]:
    """The appointments of each session, and of the assessment, in the order in which they were booked."""
    by_owner: dict[UUID, list[Appointment]] = {}
    for one in sorted(appointments, key=lambda one: one.ordinal):
        by_owner.setdefault(one.delivery_session_id or one.supplier_assessment_id or one.id, []).append(one)
    yield from by_owner.items()


def _booked(one: Appointment, before: Appointment | None, meeting: Meeting) -> Item:
    if before is None or before.feedback_final:
        return Item(Kind.APPOINTMENT_BOOKED, one.created.at, one.id, one.created.by, meeting=meeting)
    return Item(
        Kind.APPOINTMENT_MOVED, one.created.at, one.id, one.created.by, reason=first_lines(before.rescheduled_reason),
        requested_by=before.reschedule_requested_by, meeting=meeting,
    )  # fmt: skip


def _happened(one: Appointment, meeting: Meeting) -> Iterator[Item]:
    final, said = one.feedback_submitted, one.feedback
    if final is None:
        return
    kind = HELD[status(one, final.at)]
    reasons = (
        said.no_attendance_information, said.no_session_reason_pop_acceptable,
        said.no_session_reason_pop_unacceptable, said.no_session_reason_logistics,
    )  # fmt: skip
    reason = "" if kind is Kind.APPOINTMENT_HELD else first_lines(*reasons)
    yield Item(kind, meeting.at, one.id, final.by, reason=reason, meeting=meeting)
    summary = first_lines(said.session_summary, said.session_response)
    yield Item(Kind.FEEDBACK, final.at, one.id, final.by, summary, meeting=meeting)
    flagged = [
        text
        for told, text in (
            (said.notify_probation_practitioner_of_concerns, said.session_concerns),
            (said.notify_probation_practitioner_of_behaviour, said.session_behaviour),
        )
        if told
    ]
    if flagged:
        yield Item(Kind.CONCERNS, final.at, one.id, final.by, first_lines(*flagged), meeting=meeting)


def _plans(plans: Sequence[ActionPlan], *, for_provider: bool) -> Iterator[Item]:
    for version, one in enumerate(plans, 1):
        if one.submitted is not None:
            yield Item(Kind.PLAN_SUBMITTED, one.submitted.at, one.id, one.submitted.by, version=version)
        elif for_provider:
            yield Item(Kind.PLAN_BEGUN, one.created.at, one.id, one.created.by, version=version)
        if one.approved is not None:
            yield Item(Kind.PLAN_APPROVED, one.approved.at, one.id, one.approved.by, version=version)


def _changes(changes: Sequence[Entry], catalogue: Catalogue) -> Iterator[Item]:
    for one in changes:
        topic = one.change.topic
        old, new = (
            [first_lines(text) for text in translated(topic, values, catalogue)]
            for values in (one.change.old, one.change.new)
        )
        yield Item(
            Kind.AMENDED, one.changed.at, one.id, one.changed.by, reason=first_lines(one.change.reason), change=one,
            old=old, new=new,
        )  # fmt: skip


def _notes(facts: Facts) -> Iterator[Item]:
    for note_id, mark, subject, body in facts.notes:
        yield Item(Kind.CASE_NOTE, mark.at, note_id, mark.by, first_lines(body), subject=first_lines(subject))


def _messages(notifications: Sequence[Notification]) -> Iterator[Item]:
    for one in notifications:
        yield Item(Kind.NOTIFICATION, one.asked_at, one.letter.request_id, notification=one)
