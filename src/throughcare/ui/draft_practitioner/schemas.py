"""What is asked about whom the provider can contact."""

from __future__ import annotations

from collections.abc import Mapping

from throughcare.ui.fields import Choice, Line, Pick, Text, When, email_address, phone_number
from throughcare.ui.form import PageForm

ESTABLISHMENT, OFFICE = "establishment", "probation office"
PRISON_WANTED = "Select a prison establishment from the list"
OFFICE_WANTED = "Select a probation office from the list"


class ConfirmForm(PageForm):
    """Whether the officer's details are right: only a button."""


class NameForm(PageForm):
    """The officer's name."""

    delius_probation_practitioner_name = Line(what="Name", required="Enter the probation practitioner’s name")


class EmailForm(PageForm):
    """The officer's email address, when it is known."""

    delius_probation_practitioner_email_address = Line(what="Email address", checks=[email_address(official=True)])


class PhoneForm(PageForm):
    """The officer's telephone number, when it is known."""

    delius_probation_practitioner_phone_number = Line(what="Phone number", checks=[phone_number()])


class UnitForm(PageForm):
    """The officer's probation delivery unit."""

    delius_probation_practitioner_pdu = Pick(required="Select a PDU from the list")


class OfficeForm(PageForm):
    """The officer's probation office, when it is known."""

    delius_probation_practitioner_office = Pick(wrong=OFFICE_WANTED)


class TeamForm(PageForm):
    """The telephone number of the officer's team, when it is known."""

    delius_probation_practitioner_team_phone_number = Line(what="Team phone number", checks=[phone_number()])


FORMS: Mapping[str, type[PageForm]] = {
    "name": NameForm, "email-address": EmailForm, "phone-number": PhoneForm, "pdu": UnitForm, "office": OfficeForm,
    "team-phone-number": TeamForm,
}  # fmt: skip


class DeletionForm(PageForm):
    """Whether a detail is to go: only a button."""


class ContactForm(PageForm):
    """Whom to contact until a practitioner is allocated."""

    probation_practitioner_name = Line(what="Name", required="Enter the contact’s name")
    role = Line(
        what="Role or job title", required="Enter the contact’s role or job title",
        name="probation-practitioner-roleOrJobTitle", id="probation-practitioner-roleOrJobTitle",
    )  # fmt: skip
    probation_practitioner_email = Line(
        what="Email address", required="Enter the contact’s email address", checks=[email_address()]
    )
    probation_practitioner_phone_number = Line(what="Phone number", checks=[phone_number()])
    location = Choice(
        required="Select prison establishment or probation office",
        choices=[(ESTABLISHMENT, "Prison establishment"), (OFFICE, "Probation office")],
    )
    prison_select = Pick(wrong=PRISON_WANTED, validators=[When("location", ESTABLISHMENT, PRISON_WANTED)])
    probation_practitioner_office = Pick(wrong=OFFICE_WANTED, validators=[When("location", OFFICE, OFFICE_WANTED)])


class ReasonForm(PageForm):
    """Why a person is referred before a practitioner is allocated."""

    referral_creation_reason_before_allocation = Text(what="Reason")
