"""What became of referrals: for every state that one can be in, the steps that lead there, week by week."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from throughcare.kit.clock import LONDON
from throughcare.services.interventions.amendment.model import AmendDetails, AmendNeeds, AmendPractitioner, Need
from throughcare.services.interventions.appointment.model import ONE_TO_ONE, Attendance, Booking, Feedback
from throughcare.services.interventions.booking.model import Request
from throughcare.services.interventions.changelog.model import Topic
from throughcare.services.interventions.dev.story import Story
from throughcare.services.interventions.draft.model import COMMUNITY, CUSTODY, PROBATION_OFFICE, Details, Needs

MONDAY, TUESDAY, THURSDAY = 0, 1, 3
OFFICE = "CRS0032"
OFFICE_NAME = "Derby: Derwent Centre"
PHONE, IN_OFFICE = "PHONE_CALL", "IN_PERSON_MEETING_PROBATION_OFFICE"

HAPPENED, STAYED_AWAY = Attendance("YES", did_session_happen=True), Attendance("NO", did_session_happen=False)
SENT_HOME = Attendance("YES", did_session_happen=False)
GOOD = Feedback(
    late=False, session_summary="We talked about work that would suit and agreed the next steps.",
    session_response="Took part throughout.", future_session_plans="Bring a draft CV.",
    notify_probation_practitioner_of_behaviour=False, notify_probation_practitioner_of_concerns=False,
)  # fmt: skip
WORRYING = Feedback(
    late=True, late_reason="Missed the bus.", session_summary="We practised an interview.",
    session_response="Found it hard to concentrate.", session_concerns="Has lost the room that he or she rented.",
    notify_probation_practitioner_of_behaviour=False, notify_probation_practitioner_of_concerns=True,
)  # fmt: skip
ABSENT = Feedback(
    no_attendance_information="Did not answer two calls and a text message.",
    notify_probation_practitioner_of_concerns=False,
)  # fmt: skip
NO_ROOM = Feedback(
    no_session_reason_type="LOGISTICS", no_session_reason_logistics="The room was taken.",
    notify_probation_practitioner_of_concerns=False,
)  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """Days counted from the week of ``today``: 1 is last week, 0 this week, -1 next week."""

    today: date

    def day(self, weeks_ago: int, weekday: int = MONDAY) -> date:
        """A day of that week, Monday being 0."""
        return self.today - timedelta(days=self.today.weekday(), weeks=weeks_ago) + timedelta(days=weekday)

    def at(self, weeks_ago: int, weekday: int, hour: int, minute: int = 0) -> datetime:
        """A time on that day, on a clock in London."""
        return datetime.combine(self.day(weeks_ago, weekday), time(hour, minute), LONDON)


@dataclass(frozen=True)
class Step:
    """What is done in the story of a referral, and when."""

    at: datetime
    act: Callable[[Story], Awaitable[None]]


Steps = list[Step]
Plot = Callable[[Calendar], Steps]


def community(calendar: Calendar) -> dict[str, object]:
    """What is written of somebody in the community whose practitioner is known."""
    return {
        "person_current_location_type": COMMUNITY, "expected_probation_office": OFFICE_NAME,
        "pp_probation_office": OFFICE_NAME, "completion_deadline": calendar.day(-20),
        "maximum_enforceable_days": 12, "reason_for_referral": "Has been out of work for two years.",
        "further_information": "Mornings are best.", "needs_interpreter": False,
        "has_additional_responsibilities": True, "when_unavailable": "Takes a child to school until 9.30am.",
    }  # fmt: skip


def before_release(calendar: Calendar) -> dict[str, object]:
    """What is written of somebody in custody whose practitioner in the community is known."""
    return {
        **community(calendar), "person_current_location_type": CUSTODY, "allocated_community_pp": True,
        "already_know_prison_name": True, "expected_release_date": calendar.day(-6),
    }  # fmt: skip


def unallocated(calendar: Calendar, *, soon: bool) -> dict[str, object]:
    """What is written of somebody in custody whom no practitioner in the community has yet."""
    return {
        **community(calendar), "person_current_location_type": CUSTODY, "allocated_community_pp": False,
        "already_know_prison_name": True, "referral_releasing_12_weeks": soon,
        "expected_release_date": calendar.day(-9 if soon else -40), "has_main_point_of_contact_details": True,
        "role_or_job_title": "Prison offender manager", "pp_location_type": PROBATION_OFFICE,
        "reason_for_referral_before_allocation": "Work has to be found before the day of release.",
    }  # fmt: skip


def drafted(calendar: Calendar, weeks: int, written: Mapping[str, object], *, whole: bool = True) -> Steps:
    """A draft, complete unless it is not to be ``whole``."""
    begin = Step(calendar.at(weeks, MONDAY, 9), lambda one: one.begin(_signed(one, written)))
    return [begin, Step(calendar.at(weeks, MONDAY, 9, 30), Story.choose)] if whole else [begin]


def _signed(one: Story, written: Mapping[str, object]) -> dict[str, object]:
    """``written`` with who wrote it, and with the prison that the person is in."""
    inside = written["person_current_location_type"] == CUSTODY and one.person.bookings
    contact = {"pp_name": one.practitioner.name, "pp_email_address": one.practitioner.email}
    prison = {"person_custody_prison_id": one.person.bookings[-1].prison_id} if inside else {}
    return {**written, **contact, **prison, "ndelius_pp_name": one.practitioner.name}


def sent(calendar: Calendar, weeks: int) -> Steps:
    """A referral that waits for a caseworker."""
    written = community(calendar)
    return [*drafted(calendar, weeks, written), Step(calendar.at(weeks, MONDAY, 10), Story.send)]


def assigned(calendar: Calendar, weeks: int) -> Steps:
    """A referral that a caseworker has."""
    return [*sent(calendar, weeks), Step(calendar.at(weeks, TUESDAY, 9), Story.assign)]


def _asked(start: datetime, *, kind: str = IN_OFFICE, by: str | None = None, why: str | None = None) -> Request:
    booking = Booking(start, 60, kind, ONE_TO_ONE, None, OFFICE if kind == IN_OFFICE else None)
    return Request(booking, by, why)


def assessment_booked(calendar: Calendar, weeks: int, *, held: int) -> Steps:
    """A referral whose assessment is in the week ``held``, on Thursday at eleven."""
    asked = _asked(calendar.at(held, THURSDAY, 11))
    book = Step(calendar.at(weeks, TUESDAY, 9, 30), lambda one: one.book_assessment(asked))
    return [*assigned(calendar, weeks), book]


def assessed(calendar: Calendar, weeks: int) -> Steps:
    """A referral whose assessment was held in the week after."""
    held = weeks - 1
    account = Step(calendar.at(held, THURSDAY, 14), lambda one: one.account_for_assessment(HAPPENED, GOOD))
    return [*assessment_booked(calendar, weeks, held=held), account]


def plan_drafted(calendar: Calendar, weeks: int, sessions: int | None = 3) -> Steps:
    """A referral with a plan that its caseworker still writes."""
    activities = ("Write a CV", "Practise an interview", "Visit the job centre together")
    draft = Step(calendar.at(weeks - 1, THURSDAY, 16), lambda one: one.plan(sessions, *activities))
    return [*assessed(calendar, weeks), draft]


def planned(calendar: Calendar, weeks: int, sessions: int = 3) -> Steps:
    """A referral with an approved plan, two weeks after it was sent."""
    submit = Step(calendar.at(weeks - 2, MONDAY, 11), Story.submit_plan)
    return [*plan_drafted(calendar, weeks, sessions), submit]


def booked(calendar: Calendar, number: int, week: int, *, hour: int = 11, told: int = 1) -> Steps:
    """A session on Tuesday of ``week``, booked ``told`` weeks before."""
    asked = _asked(calendar.at(week, TUESDAY, hour))
    return [Step(calendar.at(week + told, TUESDAY, 16), lambda one: one.book_session(number, asked))]


def moved(calendar: Calendar, number: int, week: int) -> Steps:
    """That session is moved to the afternoon at the person's wish."""
    start = calendar.at(week, TUESDAY, 15)

    async def move(one: Story) -> None:
        await one.book_session(number, _asked(start, kind=PHONE, by=one.person.first_name, why="A job interview"))

    return [Step(calendar.at(week, MONDAY, 9), move)]


def session(
    calendar: Calendar, number: int, week: int, attendance: Attendance = HAPPENED, feedback: Feedback = GOOD
) -> Steps:
    """A session that was booked for Tuesday of ``week``, and what happened at it."""
    tell = Step(calendar.at(week, TUESDAY, 12, 30), lambda one: one.account_for_session(number, attendance, feedback))
    return [*booked(calendar, number, week), tell]


def delivered(calendar: Calendar, weeks: int) -> Steps:
    """A referral with one session, which was held; three weeks after it was sent."""
    return [*planned(calendar, weeks, 1), *session(calendar, 1, weeks - 3)]


def delivered_at_last(calendar: Calendar, weeks: int) -> Steps:
    """A referral of whose three sessions one was missed at first and one was moved; six weeks after it was sent."""
    second, third = weeks - 4, weeks - 6
    return [
        *planned(calendar, weeks),
        *session(calendar, 1, weeks - 3),
        *session(calendar, 2, second, STAYED_AWAY, ABSENT),
        *session(calendar, 2, second - 1),
        *booked(calendar, 3, third), *moved(calendar, 3, third),
        Step(calendar.at(third, TUESDAY, 17), lambda one: one.account_for_session(3, HAPPENED, WORRYING)),
    ]  # fmt: skip


def reported(calendar: Calendar, week: int, achieved: str = "ACHIEVED") -> Steps:
    """The end of service report is drafted in ``week``."""
    said = "Has a CV and two interviews to go to."
    return [Step(calendar.at(week, THURSDAY, 10), lambda one: one.report(achieved, said))]


def submitted(calendar: Calendar, week: int) -> Steps:
    """The end of service report is submitted in ``week``."""
    return [Step(calendar.at(week, THURSDAY, 11), Story.submit_report)]


def withdrawn(calendar: Calendar, week: int, code: str, comments: str) -> Steps:
    """The practitioner ends the referral in ``week``."""
    return [Step(calendar.at(week, THURSDAY, 15), lambda one: one.withdraw(code, comments))]


def amended(calendar: Calendar, week: int) -> Steps:
    """The practitioner gives more time, asks for an interpreter, and corrects a telephone number."""
    longer = AmendDetails(Details(completion_deadline=calendar.day(-30)), "Training lasts longer than was thought")
    speaks = Needs(needs_interpreter=True, interpreter_language="Polish")
    needs = AmendNeeds(Need.INTERPRETER, speaks, "Follows better in Polish")
    phone = AmendPractitioner(Topic.PRACTITIONER_PHONE_NUMBER, "0161 496 0999", silent=False)
    return [
        Step(calendar.at(week, TUESDAY, 14), lambda one: one.amend(longer)),
        Step(calendar.at(week, TUESDAY, 14, 20), lambda one: one.amend(needs)),
        Step(calendar.at(week, TUESDAY, 14, 40), lambda one: one.amend(phone)),
    ]


def noted(calendar: Calendar, week: int) -> Steps:
    """Each side writes to the other."""
    said = "Rang to ask for help with a form, which we filled in together."
    answered = "Thank you. I have told the job centre."
    return [
        Step(calendar.at(week, THURSDAY, 9), lambda one: one.note("A form", said)),
        Step(calendar.at(week, THURSDAY, 16), lambda one: one.note("Re: a form", answered, from_practitioner=True)),
    ]


INSIDE: Mapping[str, Plot] = {
    "draft before release": lambda days: drafted(days, 1, before_release(days)),
    "draft before allocation, released soon": lambda days: drafted(days, 1, unallocated(days, soon=True)),
    "draft before allocation, long inside": lambda days: drafted(days, 2, unallocated(days, soon=False), whole=False),
}
OUTSIDE: Mapping[str, Plot] = {
    "draft in the community": lambda days: drafted(days, 1, community(days), whole=False),
    "sent": lambda days: sent(days, 1),
    "assigned": lambda days: assigned(days, 2),
    "assessment booked": lambda days: assessment_booked(days, 2, held=-1),
    "assessment needs feedback": lambda days: assessment_booked(days, 3, held=1),
    "assessment missed": lambda days: [
        *assessment_booked(days, 5, held=2),
        Step(days.at(2, THURSDAY, 14), lambda one: one.account_for_assessment(STAYED_AWAY, ABSENT)),
    ],
    "assessed": lambda days: assessed(days, 3),
    "plan in draft": lambda days: plan_drafted(days, 4),
    "plan approved": lambda days: planned(days, 4),
    "sessions under way": lambda days: [
        *planned(days, 9, 5), *session(days, 1, 5), *session(days, 2, 4, STAYED_AWAY, ABSENT),
        *session(days, 2, 3, SENT_HOME, NO_ROOM), *booked(days, 3, 1), *booked(days, 4, -1, told=2),
        *amended(days, 4), *noted(days, 3),
    ],
    "delivered, report due": lambda days: delivered(days, 6),
    "report in draft": lambda days: [*delivered(days, 6), *reported(days, 2)],
    "completed": lambda days: [
        *delivered_at_last(days, 14), *noted(days, 10), *amended(days, 11), *reported(days, 6), *submitted(days, 6),
    ],
    "withdrawn before assessment": lambda days: withdrawn_from(assigned(days, 6), days, 5, "MOV"),
    "cancelled after assessment": lambda days: withdrawn_from(planned(days, 9), days, 6, "NOT"),
    "withdrawn mid-delivery, report due": lambda days: withdrawn_from(
        [*planned(days, 10, 4), *session(days, 1, 6)], days, 4, "RET"
    ),
    "withdrawn early, with report": lambda days: [
        *withdrawn_from([*planned(days, 14, 4), *session(days, 1, 10), *session(days, 2, 9)], days, 7, "EAR"),
        *reported(days, 6, "PARTIALLY_ACHIEVED"), *submitted(days, 6),
    ],
}  # fmt: skip
COMMON = ("draft in the community", "sent", "assessment needs feedback", "plan approved", "delivered, report due")
COMMENTS = {
    "MOV": "Has moved to another county.", "NOT": "Does not answer any longer.",
    "RET": "Was sent back to prison.", "EAR": "Has found work.",
}  # fmt: skip


def withdrawn_from(steps: Sequence[Step], calendar: Calendar, week: int, code: str) -> Steps:
    """Those steps, and then an end at the practitioner's request."""
    return [*steps, *withdrawn(calendar, week, code, COMMENTS[code])]
