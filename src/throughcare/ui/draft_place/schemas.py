"""What is asked about where somebody in prison is, until when, and where they will go."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms.validators import ValidationError

from throughcare.ui.fields import Choice, Day, Pick, Text, When
from throughcare.ui.form import PageForm

YES, NO, CONFIRM, CHANGE = "yes", "no", "confirm", "change"
PRISON = "Select a prison establishment from the list"
OFFICE = "Select a probation office from the list"
DATE, REASON = "Expected release date", "Enter why the expected release date is not known"


class PrisonForm(PageForm):
    """In which prison somebody is."""

    prison_select = Pick(required=PRISON)


class KnownPrisonForm(PageForm):
    """Whether somebody is in the prison that is on record, and in which one otherwise."""

    already_know_prison_name = Choice(required="", choices=((YES, "Yes"), (NO, "No")))
    prison_select = Pick(wrong=PRISON, validators=[When("already_know_prison_name", NO, PRISON)])


class _Ahead(PageForm):
    """Has a date that must not be in the past; ``today`` is that of the page."""

    today = date.min

    def validate_release_date(self, field: Any) -> None:
        """Raises ValidationError for a day that has gone."""
        if field.data and field.data < self.today:
            raise ValidationError("Expected release date must be today or in the future")


class ReleaseForm(_Ahead):
    """When somebody will be released, or why that is not known."""

    expected_release_date = Choice(
        required="Select yes if you know the expected release date", choices=((YES, "Yes"), (NO, "No"))
    )
    release_date = Day(what=DATE, checks=[When("expected_release_date", YES, "")])
    release_date_unknown_reason = Text(what="The reason", checks=[When("expected_release_date", NO, REASON)])


class SelectForm(PageForm):
    """Whether the date on record is right."""

    expected_release_date = Choice(required="Select the expected release date or choose a different date")


class ChangeForm(_Ahead):
    """When somebody will be released."""

    release_date = Day(what=DATE)


class UnknownDateForm(PageForm):
    """Why it is not known when somebody will be released."""

    release_date_unknown_reason = Text(what="The reason", required=REASON)


class OfficeForm(PageForm):
    """Where somebody will report after their release."""

    expected_probation_office = Pick(required=OFFICE)


class UnknownOfficeForm(PageForm):
    """Why it is not known where somebody will report after their release."""

    probation_office_unknown_reason = Text(
        what="The reason", required="Enter why the expected probation office is not known"
    )
