"""A referral as its readers see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.catalogue.schemas import ServiceProvider
from throughcare.services.interventions.draft.schemas import DraftReferral
from throughcare.services.interventions.report.schemas import EndOfServiceReport

Withdrawal = Literal["PRE_ICA_WITHDRAWAL", "POST_ICA_WITHDRAWAL", "POST_ICA_CLOSE_REFERRAL_EARLY"]


class SentReferral(Wire):
    """A sent referral.

    What follows from the facts (report due, kind of withdrawal) is computed on every answer.
    """

    id: UUID
    sent_at: datetime
    sent_by: AuthUser
    reference_number: str
    intervention_id: UUID
    service_user_crn: str = Field(alias="serviceUserCRN")
    relevant_sentence_id: int
    assigned_to: AuthUser | None
    referral: DraftReferral
    action_plan_id: UUID | None
    current_action_plan_id: UUID | None
    approved_action_plan_ids: list[UUID] | None
    end_requested_at: datetime | None
    end_requested_reason: None = Field(default=None, description="only on records of the old system")
    end_requested_comments: None = Field(default=None, description="only on records of the old system")
    end_of_service_report: EndOfServiceReport | None
    concluded_at: datetime | None
    supplementary_risk_id: UUID
    end_of_service_report_creation_required: bool
    created_by: AuthUser
    withdrawal_state: Withdrawal | None
    withdrawal_code: str | None
    withdrawal_comments: str | None


class SummarisedPerson(Wire):
    """Who a summary is about."""

    crn: str
    first_name: str | None
    last_name: str | None


class SentReferralSummary(Wire):
    """A line of a list of referrals. ``location`` is a prison, an office or a delivery unit."""

    id: UUID
    sent_at: datetime
    sent_by: AuthUser
    reference_number: str
    assigned_to: AuthUser | None
    service_user: SummarisedPerson
    service_provider: ServiceProvider
    intervention_title: str
    concluded_at: datetime | None
    expected_release_date: date | None
    location: str
    location_type: str | None
    referral_releasing_12_weeks: bool | None = Field(alias="isReferralReleasingIn12Weeks")


class ServiceProviderSummary(Wire):
    """A line of an older list of a provider's referrals."""

    referral_id: UUID
    sent_at: datetime
    reference_number: str
    intervention_title: str
    assigned_to_user_name: str | None
    service_user_first_name: str | None
    service_user_last_name: str | None
    has_end_of_service_report: bool
    end_of_service_report_submitted: bool
