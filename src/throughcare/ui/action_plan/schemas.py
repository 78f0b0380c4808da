"""What is asked of whoever writes or approves an action plan."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired, ValidationError

from throughcare.ui.fields import Line, Text
from throughcare.ui.form import PageForm

MOST_SESSIONS = 1000
FEWER = "You cannot have fewer sessions than the approved plan"
NOT_ASSESSED = (
    "You cannot submit an action plan yet. Hold the supplier assessment and add feedback first"
)  # fmt: skip
STALE = "Somebody else changed this action plan at the same time. Check it and send it again"


def _number_of_sessions(_form: Any, field: Any) -> None:
    said = field.data.replace(",", "")
    whole, _, part = said.removeprefix("-").partition(".")
    if not (whole.isascii() and whole.isdecimal() and (not part or (part.isascii() and part.isdecimal()))):
        raise ValidationError("Number of sessions must be a number, like 6")
    if part:
        raise ValidationError("Number of sessions must be a whole number, like 6")
    if said.startswith("-") or not whole.strip("0"):
        raise ValidationError("Number of sessions must be 1 or more")
    if len(whole) > 9 or int(whole) > MOST_SESSIONS:
        raise ValidationError(f"Number of sessions must be {MOST_SESSIONS:,} or fewer")
    field.data = str(int(whole))


class ActivityForm(PageForm):
    """One thing that the provider will do."""

    description = Text(what="Activity", required="Enter an activity")
    refusals = {"STALE_VERSION": STALE, "PLAN_ALREADY_SUBMITTED": "This action plan was submitted meanwhile"}


class SessionsForm(PageForm):
    """How many sessions there will be."""

    number_of_sessions = Line(
        what="Number of sessions", required="Enter the number of sessions", checks=[_number_of_sessions]
    )
    refusals = {
        "STALE_VERSION": STALE,
        "CANNOT_BE_REDUCED": ("number_of_sessions", FEWER),
        "CANNOT_BE_NEGATIVE_OR_ZERO": ("number_of_sessions", "Number of sessions must be 1 or more"),
    }


class SubmitForm(PageForm):
    """Nothing is asked any more; what the service refuses is said on the page."""

    refusals = {
        "STALE_VERSION": STALE,
        "APPOINTMENT_MUST_BE_COMPLETED": NOT_ASSESSED,
        "numberOfSessions.CANNOT_BE_EMPTY": "Enter the number of sessions first",
        "PLAN_FEWER_SESSIONS": FEWER,
        "PLAN_NOT_LATEST": "A newer version of this action plan was written meanwhile",
        "SESSION_ALREADY_EXISTS": "A session with one of these numbers exists already",
    }


class ApprovalForm(PageForm):
    """That the practitioner approves a plan that awaits it."""

    confirm_approval = BooleanField(validators=[DataRequired("Select the checkbox to confirm")])
    refusals = {
        "STALE_VERSION": STALE,
        "PLAN_ALREADY_APPROVED": "This action plan was approved already",
        "PLAN_NOT_LATEST": "A newer version of this action plan was written meanwhile",
        "PLAN_FEWER_SESSIONS": "This plan has fewer sessions than the plan that was approved before",
    }
