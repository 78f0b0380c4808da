"""What is asked about the person who is referred."""

from __future__ import annotations

from typing import Any

from wtforms.validators import ValidationError

from throughcare.ui.draft_person.model import ALONE_LONGEST
from throughcare.ui.fields import Choice, Line, Several, Text, When
from throughcare.ui.form import PageForm

YES_OR_NO = (("yes", "Yes"), ("no", "No"))
UNDERSTOOD = (("understood", "I understand that the service provider will see this information"),)
NOT_CONFIRMED = "Confirm you understand that the provider will see this information"


class RiskForm(PageForm):
    """Whether what OASys says of the risk goes to the provider as it is."""

    edit_risk_confirmation = Choice(
        required="Select yes to change the risk information before sending it", choices=YES_OR_NO
    )
    confirm_understood = Several(choices=UNDERSTOOD)

    def validate_confirm_understood(self, field: Any) -> None:
        """Raises ValidationError unless whoever sends it as it is understands who will see it."""
        if self["edit_risk_confirmation"].data == "no" and not field.data:
            raise ValidationError(NOT_CONFIRMED)


class AloneForm(PageForm):
    """The risk in the practitioner's own words, since OASys does not answer."""

    additional_risk_information = Text(
        what="Risk information", required="Enter the risk information", longest=ALONE_LONGEST
    )
    confirm_understood = Several(required=NOT_CONFIRMED, choices=UNDERSTOOD)


class EditForm(PageForm):
    """What goes to the provider in place of what OASys says."""

    who_is_at_risk = Text(what="Who is at risk")
    nature_of_risk = Text(what="Nature of risk")
    risk_imminence = Text(what="When risk is likely to be greatest")
    risk_to_self_self_harm = Text(what="Concerns about self-harm")
    risk_to_self_suicide = Text(what="Concerns about suicide")
    risk_to_self_hostel_setting = Text(what="Concerns about coping in a hostel setting")
    risk_to_self_vulnerability = Text(what="Concerns about vulnerability")
    additional_information = Text(what="Additional information")
    confirm_understood = Several(required=NOT_CONFIRMED, choices=UNDERSTOOD)


class NeedsForm(PageForm):
    """What the person needs so that they can take part. Messages about the person are set with their name."""

    additional_needs_information = Text(what="Additional needs")
    accessibility_needs = Text(what="Mobility, disability or accessibility needs")
    needs_interpreter = Choice(required="", choices=YES_OR_NO)
    interpreter_language = Line(what="Interpreter language", checks=[When("needs_interpreter", "yes", "")])
    has_additional_responsibilities = Choice(required="", choices=YES_OR_NO)
    when_unavailable = Text(
        what="When they will not be able to attend", checks=[When("has_additional_responsibilities", "yes", "")]
    )

    def speak_of(self, name: str) -> None:
        """Put the person's name into the messages."""
        form: Any = self
        form.needs_interpreter.required = f"Select yes if {name} needs an interpreter"
        responsibilities = f"Select yes if {name} has caring or employment responsibilities"
        form.has_additional_responsibilities.required = responsibilities
        for field, message in (
            (form.interpreter_language, f"Enter the language {name} needs an interpreter for"),
            (form.when_unavailable, f"Enter when {name} will not be able to attend sessions"),
        ):
            field.validators = [
                When(one.other, one.value, message) if isinstance(one, When) else one for one in field.validators
            ]
