"""Amendments on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.amendment.model import AmendDetails, AmendPractitioner
from throughcare.services.interventions.changelog.model import Topic
from throughcare.services.interventions.draft import model

Said = Annotated[str, Field(pattern=r"\S")]
"""Text that says something."""


class AmendLevel(Wire):
    """Another complexity level, and why."""

    complexity_level_id: UUID
    reason_for_change: Said


class AmendOutcomes(Wire):
    """Other desired outcomes, and why."""

    desired_outcomes_ids: list[UUID]
    reason_for_change: Said


class AmendNeeds(Wire):
    """Another answer to one question about needs, and why; the others are not read."""

    has_additional_responsibilities: bool | None = None
    when_unavailable: str | None = None
    accessibility_needs: str | None = None
    additional_needs_information: str | None = None
    needs_interpreter: bool | None = None
    interpreter_language: str | None = None
    reason_for_change: Said

    def given(self) -> model.Needs:
        """What was answered."""
        return model.Needs(**self.model_dump(exclude={"reason_for_change"}))


class AmendPrison(Wire):
    """Another prison, and why; the names are for the message to the caseworker."""

    person_custody_prison_id: Said
    reason_for_change: Said
    old_prison_establishment: str
    new_prison_establishment: str


class AmendRelease(Wire):
    """Another expected release date, or why it is not known."""

    expected_release_date: date | None = None
    expected_release_date_missing_reason: str | None = None


class Amendment(Wire):
    """A new value, of which nobody is told if ``preventEmailNotification``."""

    prevent_email_notification: bool | None = None

    @property
    def silent(self) -> bool:
        """Whether nobody is to be told."""
        return bool(self.prevent_email_notification)


class AmendOffice(Amendment):
    """Another probation office."""

    probation_office: Said


class AmendPractitionerName(Amendment):
    """Another name of the practitioner."""

    pp_name: Said


class AmendPractitionerEmail(Amendment):
    """Another address of the practitioner."""

    pp_email: Said


class AmendPractitionerPhoneNumber(Amendment):
    """Another number of the practitioner."""

    pp_phone_number: Said


class AmendPractitionerTeamPhoneNumber(Amendment):
    """Another number of the practitioner's team."""

    pp_team_phone_number: Said


class UpdateReferralDetails(Wire):
    """Fields of a new version, and why; those that are absent or null stay.

    The release date has a command of its own.
    """

    maximum_enforceable_days: int | None = Field(default=None, ge=-(2**31), lt=2**31)
    completion_deadline: date | None = None
    further_information: str | None = None
    reason_for_change: Said
    reason_for_referral: str | None = None
    reason_for_referral_further_information: str | None = None
    reason_for_referral_creation_before_allocation: str | None = None

    def given(self) -> AmendDetails:
        """The command."""
        details = model.Details(
            self.completion_deadline, self.further_information, self.maximum_enforceable_days,
            self.reason_for_referral, self.reason_for_referral_further_information,
            self.reason_for_referral_creation_before_allocation,
        )  # fmt: skip
        return AmendDetails(details, self.reason_for_change)


class ReferralDetails(Wire):
    """A version of the details."""

    referral_id: UUID
    maximum_enforceable_days: int | None
    completion_deadline: date | None
    further_information: str | None
    reason_for_change: str
    created_by_id: str
    created_at: datetime
    reason_for_referral: str | None
    reason_for_referral_further_information: str | None
    prison_establishment: None = None
    probation_office: None = None

    @classmethod
    def of(cls, referral_id: UUID, details: model.Details, *, reason: str, by: str, at: datetime) -> Self:
        """The version that ``by``, a user id, just made."""
        return cls(
            referral_id=referral_id, maximum_enforceable_days=details.maximum_enforceable_days,
            completion_deadline=details.completion_deadline, further_information=details.further_information,
            reason_for_change=reason, created_by_id=by, created_at=at,
            reason_for_referral=details.reason_for_referral,
            reason_for_referral_further_information=details.reason_for_referral_further_information,
        )  # fmt: skip


def practitioner(topic: Topic, value: str, body: Amendment) -> AmendPractitioner:
    """The command for one answer about the practitioner."""
    return AmendPractitioner(topic, value, body.silent)
