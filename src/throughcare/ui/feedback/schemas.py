"""What is asked about an appointment that is over."""

from __future__ import annotations

from wtforms.validators import DataRequired

from throughcare.ui.fields import Choice, Several, Text, When
from throughcare.ui.form import PageForm

YES_NO = (("yes", "Yes"), ("no", "No"))
BEHAVIOUR, CONCERNS, NOTHING = "behaviour", "concerns", "no"
CODES = {
    "FEEDBACK_ALREADY_SUBMITTED": "Feedback on this appointment was sent already",
    "APPOINTMENT_IN_FUTURE": "The appointment has not started yet, so there is no feedback to give",
    "ATTENDANCE_NOT_RECORDED": "Say first whether the session happened",
    "APPOINTMENT_CLASH": "The appointment clashes with another one at the same time",
    "APPOINTMENT_ALREADY_DELIVERED": "The appointment has taken place meanwhile, so it cannot be booked again",
    "BOOKING_REFUSED": "nDelius does not accept this appointment. Check the date, the times and the office",
    "REFERRAL_CONCLUDED": "The referral has ended meanwhile",
}


class AttendanceForm(PageForm):
    """Whether the session happened, and if not whether the person came."""

    did_session_happen = Choice(required="Select whether the session happened", choices=YES_NO)
    attended = Choice(
        required="", choices=YES_NO, checks=[When("did_session_happen", "no", "Select whether they attended")]
    )
    refusals = CODES


class SessionForm(PageForm):
    """How a session went that happened."""

    late = Choice(required="", choices=YES_NO)
    late_reason = Text(
        what="What you know about the lateness",
        checks=[When("late", "yes", "Add anything you know about the lateness")],
    )
    session_summary = Text(what="What you did", required="Enter what you did in the session")
    session_response = Text(what="The response", required="")
    notify_probation_practitioner = Several(
        required="Select at least one answer, or ‘No’ if there is nothing to tell the probation practitioner"
    )
    session_behaviour = Text(what="Details about the behaviour")
    session_concerns = Text(what="What concerned you")
    future_session_plans = Text(what="Plans for future sessions")
    refusals = CODES


class NotHeldForm(PageForm):
    """Why a session did not happen although the person came."""

    no_session_reason_type = Choice(required="Select why the session did not happen")
    no_session_reason_pop_acceptable = Text(
        what="The reason",
        checks=[When("no_session_reason_type", "POP_ACCEPTABLE", "Enter why they were not able to take part")],
    )
    no_session_reason_pop_unacceptable = Text(
        what="The reason",
        checks=[When("no_session_reason_type", "POP_UNACCEPTABLE", "Enter what happened and who was involved")],
    )
    no_session_reason_logistics = Text(
        what="The issue", checks=[When("no_session_reason_type", "LOGISTICS", "Enter details about the issue")]
    )
    notify_probation_practitioner = Choice(required="Select whether something concerned you", choices=YES_NO)
    session_concerns = Text(
        what="What concerned you",
        checks=[When("notify_probation_practitioner", "yes", "Enter a description of what concerned you")],
    )
    refusals = CODES


class AbsentForm(PageForm):
    """What is known about a person who did not come."""

    no_attendance_information = Text(what="What you know", required="Add anything you know about them not attending")
    notify_probation_practitioner = Choice(required="Select whether something concerned you", choices=YES_NO)
    session_concerns = Text(
        what="What concerned you",
        checks=[When("notify_probation_practitioner", "yes", "Enter a description of what concerned you")],
    )
    refusals = CODES


def ask_about(form: SessionForm, person: str) -> None:
    """Name the person in the questions and errors."""
    form.late.choices, form.late.required = list(YES_NO), f"Select whether {person} was late"
    form.session_response.validators = [
        DataRequired(f"Enter how {person} responded to the session"), *form.session_response.validators,
    ]  # fmt: skip
    form.notify_probation_practitioner.choices = [
        (BEHAVIOUR, f"Yes, {person} behaved poorly"), (CONCERNS, f"Yes, something concerned me about {person}"),
        (NOTHING, "No"),
    ]  # fmt: skip
    poorly = f"Enter details about {person}’s poor behaviour"
    asked = "notify_probation_practitioner"
    form.session_behaviour.validators = [When(asked, BEHAVIOUR, poorly), *form.session_behaviour.validators]
    concerned = When(asked, CONCERNS, "Enter a description of what concerned you")
    form.session_concerns.validators = [concerned, *form.session_concerns.validators]
