"""Drafts on the wire. A sent referral carries the same shape, rebuilt from what was sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.catalogue.model import Intervention
from throughcare.services.interventions.catalogue.schemas import ServiceProvider
from throughcare.services.interventions.draft import model

RiskText = Annotated[str, Field(max_length=4000)]
"""As long as risks and needs takes it."""


class CreateDraft(Wire):
    """Who is to be referred to what."""

    service_user_crn: str = Field(pattern=r"^[A-Z]\d{6}$")
    intervention_id: UUID


class ServiceUser(Wire):
    """The person on probation."""

    crn: str | None = None
    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    ethnicity: str | None = None
    preferred_language: str | None = None
    religion_or_belief: str | None = None
    disabilities: list[str] | None = None


class ChosenLevel(Wire):
    """The complexity level of one category."""

    service_category_id: UUID
    complexity_level_id: UUID


class ChosenOutcomes(Wire):
    """The desired outcomes of one category."""

    service_category_id: UUID
    desired_outcomes_ids: list[UUID]


class ReferralFields(Wire):
    """What a practitioner writes, except for levels and outcomes, which have commands of their own."""

    relevant_sentence_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    additional_needs_information: str | None = None
    accessibility_needs: str | None = None
    needs_interpreter: bool | None = None
    interpreter_language: str | None = None
    has_additional_responsibilities: bool | None = None
    when_unavailable: str | None = None
    person_current_location_type: Literal["CUSTODY", "COMMUNITY"] | None = None
    person_custody_prison_id: str | None = None
    already_know_prison_name: bool | None = None
    expected_release_date: date | None = None
    expected_release_date_missing_reason: str | None = None
    referral_releasing_12_weeks: bool | None = Field(default=None, alias="isReferralReleasingIn12Weeks")
    allocated_community_pp: bool | None = Field(default=None, alias="allocatedCommunityPP")
    expected_probation_office: str | None = None
    expected_probation_office_unknown_reason: str | None = Field(
        default=None, alias="expectedProbationOfficeUnKnownReason"
    )
    ndelius_pp_name: str | None = Field(default=None, alias="ndeliusPPName")
    ndelius_pp_email_address: str | None = Field(default=None, alias="ndeliusPPEmailAddress")
    ndelius_pdu: str | None = Field(default=None, alias="ndeliusPDU")
    ndelius_phone_number: str | None = None
    ndelius_team_phone_number: str | None = None
    pp_name: str | None = None
    pp_email_address: str | None = None
    pp_pdu: str | None = None
    pp_probation_office: str | None = None
    pp_phone_number: str | None = None
    pp_team_phone_number: str | None = None
    has_main_point_of_contact_details: bool | None = None
    role_or_job_title: str | None = None
    pp_establishment: str | None = None
    completion_deadline: date | None = None
    further_information: str | None = None
    maximum_enforceable_days: int | None = Field(default=None, ge=-(2**31), le=2**31 - 1)
    reason_for_referral: str | None = None
    reason_for_referral_further_information: str | None = None
    reason_for_referral_before_allocation: str | None = Field(
        default=None, alias="reasonForReferralCreationBeforeAllocation"
    )


class PatchDraft(ReferralFields):
    """Any subset of a draft. Null or absent means unchanged."""

    service_user: ServiceUser | None = None
    service_category_ids: list[UUID] | None = None
    additional_risk_information: RiskText | None = None
    pp_location_type: Literal["establishment", "probation office"] | None = None
    has_expected_release_date: bool | None = None
    has_confirmed_personal_details: bool | None = None

    def changes(self) -> dict[str, object]:
        """The fields given, by the names of the model."""
        given = self.model_dump(exclude_unset=True)
        if self.service_user is not None and self.service_user.disabilities is not None:
            given["service_user"]["disabilities"] = tuple(self.service_user.disabilities)
        return given


class DraftReferral(ReferralFields):
    """A referral as its practitioner wrote it."""

    id: UUID
    created_at: datetime
    service_user: ServiceUser
    intervention_id: UUID
    service_provider: ServiceProvider
    contract_type_name: str
    dynamic_framework_contract_reference: str
    service_category_ids: list[UUID]
    complexity_levels: list[ChosenLevel]
    desired_outcomes: list[ChosenOutcomes]
    additional_risk_information: str | None = None
    has_valid_delius_pp_details: bool | None = Field(default=None, alias="hasValidDeliusPPDetails")

    @classmethod
    def of(cls, draft: model.Draft, intervention: Intervention) -> Self:
        """The draft as callers know it."""
        contract, selection = intervention.contract, draft.selection
        parts = (draft.needs, draft.location, draft.practitioner, draft.details, draft.flags)
        return cls(
            id=draft.id,
            created_at=draft.created_at,
            intervention_id=draft.intervention_id,
            relevant_sentence_id=draft.relevant_sentence_id,
            service_user=ServiceUser.model_validate({"crn": draft.crn, **vars(draft.service_user)}),
            service_provider=ServiceProvider.model_validate(contract.prime),
            contract_type_name=contract.type.name,
            dynamic_framework_contract_reference=contract.reference,
            service_category_ids=sorted(selection.categories),
            complexity_levels=[
                ChosenLevel(service_category_id=category, complexity_level_id=level)
                for category, level in sorted(selection.levels.items())
            ],
            desired_outcomes=[
                ChosenOutcomes(service_category_id=category, desired_outcomes_ids=sorted(chosen))
                for category, chosen in sorted(selection.outcomes.items())
            ],
            additional_risk_information=draft.additional_risk_information,
            **{name: value for part in parts for name, value in vars(part).items()},
        )


class UnsentDraft(DraftReferral):
    """A referral that is being written."""

    has_confirmed_personal_details: bool | None = None
    changed_at: datetime | None = Field(default=None, description="when something was last written in it")
    kept_until: datetime | None = Field(default=None, description="when it is deleted unless it is sent")


class DraftRisk(Wire):
    """The practitioner's redacted edit of the risk of serious harm texts. A request replaces all of them."""

    risk_summary_who_is_at_risk: RiskText | None = None
    risk_summary_nature_of_risk: RiskText | None = None
    risk_summary_risk_imminence: RiskText | None = None
    risk_to_self_suicide: RiskText | None = None
    risk_to_self_self_harm: RiskText | None = None
    risk_to_self_hostel_setting: RiskText | None = None
    risk_to_self_vulnerability: RiskText | None = None
    additional_information: RiskText | None = None
