"""What is asked when a sent referral is changed."""

from __future__ import annotations

from collections.abc import Iterator

from wtforms import Field

from throughcare.ui.fields import (
    Choice,
    Day,
    Line,
    Pick,
    Several,
    Text,
    When,
    email_address,
    phone_number,
    whole_number,
)
from throughcare.ui.form import PageForm

YES_NO = (("yes", "Yes"), ("no", "No"))
WHOLE = "Enter a whole number of days from 1 to 40"
CODES: dict[str, str | tuple[str, str]] = {
    "REFERRAL_CONCLUDED": "The referral has ended meanwhile, so it can no longer be changed",
    "PLAN_ALREADY_APPROVED": "An action plan has been approved, so this can no longer be changed",
}


class AmendForm(PageForm):
    """A change without a reason."""

    refusals = CODES


class ReasonedForm(AmendForm):
    """A change with its reason, which stands in the change log."""

    reason_for_change = Text(what="Reason for the change", required="Enter a reason for the change")

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, on which the reason comes last."""
        return iter(sorted(super().__iter__(), key=lambda one: one is self["reason_for_change"]))


class DaysForm(ReasonedForm):
    """AM-01."""

    maximum_enforceable_days = Line(
        what="Number of days", required="Enter the number of days",
        checks=[whole_number(1, 40, wrong=WHOLE, too_many="Number of days must be 40 or fewer")],
    )  # fmt: skip


class DeadlineForm(ReasonedForm):
    """AM-02."""

    completion_deadline = Day(what="Completion date")
    refusals = {
        **CODES, "DATE_MUST_BE_IN_THE_FUTURE": ("completion_deadline", "Completion date must be in the future"),
    }  # fmt: skip


class LevelForm(ReasonedForm):
    """AM-03."""

    complexity_level_id = Choice(required="Select a complexity level")


class OutcomesForm(ReasonedForm):
    """AM-04."""

    desired_outcomes_ids = Several(required="Select at least one desired outcome")


class AdditionalForm(ReasonedForm):
    """AM-05."""

    additional_information = Text(
        what="Additional information", required="Enter additional information about the person’s needs"
    )


class AccessibilityForm(ReasonedForm):
    """AM-06."""

    accessibility_needs = Text(
        what="Accessibility needs", required="Enter the mobility, disability or accessibility needs"
    )


class InterpreterForm(ReasonedForm):
    """AM-07."""

    needs_interpreter = Choice(required="Select yes if the person needs an interpreter", choices=YES_NO)
    interpreter_language = Line(
        what="Language", longest=100,
        checks=[When("needs_interpreter", "yes", "Enter the language the person needs an interpreter for")],
    )  # fmt: skip


class ResponsibilitiesForm(ReasonedForm):
    """AM-08."""

    has_additional_responsibilities = Choice(
        required="Select yes if the person has caring or employment responsibilities", choices=YES_NO
    )
    when_unavailable = Text(
        what="Times",
        checks=[
            When("has_additional_responsibilities", "yes", "Enter when the person will not be able to attend sessions")
        ],
    )


class ReasonForm(AmendForm):
    """AM-09."""

    amend_reason_for_referral = Text(what="Reason for the referral", required="Enter the reason for the referral")
    amend_reason_for_referral_further_information = Text(
        what="Further information", required="Enter further information for the service provider"
    )


class PrisonForm(ReasonedForm):
    """AM-10."""

    amend_prison_establishment = Pick(required="Select a prison establishment from the list")


class ReleaseForm(AmendForm):
    """AM-11."""

    release_date = Choice(required="Select yes if you know the expected release date", choices=YES_NO)
    amend_expected_release_date = Day(what="Expected release date", checks=[When("release_date", "yes", "")])
    amend_date_unknown_reason = Text(
        what="Reason", checks=[When("release_date", "no", "Enter why the expected release date is not known")]
    )


class OfficeForm(AmendForm):
    """AM-12 and AM-13."""

    probation_office = Pick(required="Select a probation office from the list")


class NameForm(AmendForm):
    """AM-14."""

    amend_probation_practitioner_name = Line(what="Name", required="Enter the probation practitioner’s name")


class EmailForm(AmendForm):
    """AM-15."""

    amend_probation_practitioner_email = Line(
        what="Email address", required="Enter the probation practitioner’s email address",
        checks=[email_address(official=True)],
    )  # fmt: skip


class PhoneForm(AmendForm):
    """AM-16."""

    amend_probation_practitioner_phone_number = Line(
        what="Phone number", required="Enter the probation practitioner’s phone number", checks=[phone_number()]
    )


class TeamPhoneForm(AmendForm):
    """AM-17."""

    amend_probation_practitioner_team_phone_number = Line(
        what="Team phone number", required="Enter the team phone number", checks=[phone_number()]
    )
