"""What is asked about the service that a person is referred to."""

from __future__ import annotations

from throughcare.ui.fields import Choice, Day, Line, Several, Text, whole_number
from throughcare.ui.form import PageForm

NOT_CHOSEN = "This service type is not chosen any more. Go back to the task list and choose it again"
WHOLE = "Enter a whole number of days from 1 to 40"


class CategoriesForm(PageForm):
    """What kinds of service the referral is for."""

    service_category_ids = Several(required="Select at least one service type")


class OutcomesForm(PageForm):
    """What a category is to achieve."""

    desired_outcomes_ids = Several(required="Select at least one desired outcome")
    refusals = {
        "OUTCOME_NOT_IN_CATEGORY": (
            "desired_outcomes_ids", "Select from the desired outcomes that are offered now. They have changed",
        ),
        "NO_CATEGORY_SELECTED": NOT_CHOSEN, "CATEGORY_NOT_SELECTED": NOT_CHOSEN,
    }  # fmt: skip


class LevelForm(PageForm):
    """How complex a category's work is."""

    complexity_level_id = Choice(required="Select a complexity level")
    refusals = {"NO_CATEGORY_SELECTED": NOT_CHOSEN, "CATEGORY_NOT_SELECTED": NOT_CHOSEN}


class SentenceForm(PageForm):
    """Which sentence the referral is for."""

    relevant_sentence_id = Choice(required="Select the relevant sentence")


class DaysForm(PageForm):
    """How many days of the requirement are used."""

    maximum_enforceable_days = Line(
        what="Number of days",
        required="Enter the number of days",
        checks=[whole_number(1, 40, wrong=WHOLE, too_many="Number of days must be 40 or fewer")],
    )


class DeadlineForm(PageForm):
    """By when the service must be completed."""

    completion_deadline = Day(what="Completion date")
    refusals = {"DATE_MUST_BE_IN_THE_FUTURE": ("completion_deadline", "Completion date must be in the future")}


class ReasonForm(PageForm):
    """Why the person is referred, and what the provider should know."""

    reason_for_referral = Text(what="Reason for the referral", required="Enter the reason for the referral")
    reason_for_referral_further_information = Text(
        what="Further information", required="Enter further information for the service provider"
    )
