"""Referrals that are being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.catalogue import Provider


class ServiceUser(Wire):
    """The person on probation as the draft has them."""

    crn: str
    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    ethnicity: str | None = None
    preferred_language: str | None = None
    religion_or_belief: str | None = None
    disabilities: list[str] | None = None

    @property
    def name(self) -> str:
        """Forename and surname in title case, hyphens and apostrophes kept; ``Name not known`` without either."""
        return " ".join(filter(None, (self.first_name, self.last_name))).title() or "Name not known"


class ChosenLevel(Wire):
    """The complexity level of a category."""

    service_category_id: UUID
    complexity_level_id: UUID


class ChosenOutcomes(Wire):
    """The desired outcomes of a category."""

    service_category_id: UUID
    desired_outcomes_ids: list[UUID]


class Written(Wire):
    """What a practitioner wrote; a sent referral has the same."""

    id: UUID
    created_at: datetime
    intervention_id: UUID
    service_user: ServiceUser
    service_provider: Provider
    contract_type_name: str
    dynamic_framework_contract_reference: str
    service_category_ids: list[UUID] = []
    complexity_levels: list[ChosenLevel] = []
    desired_outcomes: list[ChosenOutcomes] = []
    relevant_sentence_id: int | None = None
    maximum_enforceable_days: int | None = None
    completion_deadline: date | None = None
    further_information: str | None = None
    reason_for_referral: str | None = None
    reason_for_referral_further_information: str | None = None
    reason_for_referral_before_allocation: str | None = Field(None, alias="reasonForReferralCreationBeforeAllocation")
    additional_risk_information: str | None = None
    additional_needs_information: str | None = None
    accessibility_needs: str | None = None
    needs_interpreter: bool | None = None
    interpreter_language: str | None = None
    has_additional_responsibilities: bool | None = None
    when_unavailable: str | None = None
    person_current_location_type: str | None = None
    person_custody_prison_id: str | None = None
    already_know_prison_name: bool | None = None
    expected_release_date: date | None = None
    expected_release_date_missing_reason: str | None = None
    releasing_in_12_weeks: bool | None = Field(None, alias="isReferralReleasingIn12Weeks")
    allocated_community_pp: bool | None = Field(None, alias="allocatedCommunityPP")
    expected_probation_office: str | None = None
    expected_probation_office_unknown_reason: str | None = Field(None, alias="expectedProbationOfficeUnKnownReason")
    ndelius_pp_name: str | None = Field(None, alias="ndeliusPPName")
    ndelius_pp_email_address: str | None = Field(None, alias="ndeliusPPEmailAddress")
    ndelius_pdu: str | None = Field(None, alias="ndeliusPDU")
    ndelius_phone_number: str | None = None
    ndelius_team_phone_number: str | None = None
    pp_name: str | None = None
    pp_email_address: str | None = None
    pp_pdu: str | None = None
    pp_probation_office: str | None = None
    pp_phone_number: str | None = None
    pp_team_phone_number: str | None = None
    role_or_job_title: str | None = None
    pp_establishment: str | None = None
    has_main_point_of_contact_details: bool | None = None
    has_valid_delius_pp_details: bool | None = Field(None, alias="hasValidDeliusPPDetails")
    has_confirmed_personal_details: bool | None = None
    changed_at: datetime | None = None
    kept_until: datetime | None = None

    def level_of(self, category_id: UUID) -> UUID | None:
        """The complexity level that was chosen in a category."""
        found = (one.complexity_level_id for one in self.complexity_levels if one.service_category_id == category_id)
        return next(found, None)

    def outcomes_of(self, category_id: UUID) -> Sequence[UUID]:
        """The outcomes that were chosen in a category."""
        found = (one.desired_outcomes_ids for one in self.desired_outcomes if one.service_category_id == category_id)
        return next(found, [])


class DraftRisk(Wire):
    """The risk texts that will go to the provider."""

    risk_summary_who_is_at_risk: str | None = None
    risk_summary_nature_of_risk: str | None = None
    risk_summary_risk_imminence: str | None = None
    risk_to_self_self_harm: str | None = None
    risk_to_self_suicide: str | None = None
    risk_to_self_hostel_setting: str | None = None
    risk_to_self_vulnerability: str | None = None
    additional_information: str | None = None


class Sent(Wire):
    """A referral that was just sent."""

    id: UUID
    reference_number: str


class Drafts(Peer, service="interventions"):
    """The part of the interventions service in which referrals are written. Every call may raise PeerRefused."""

    async def begin(self, crn: str, intervention_id: UUID, key: UUID) -> Written:
        """A new draft; the same one again for the same ``key``."""
        body = {"serviceUserCrn": crn, "interventionId": str(intervention_id)}
        begun: Written = await self.post("/draft-referral", Written, json=body, idempotency_key=str(key))
        return begun

    async def mine(self) -> list[Written]:
        """The practitioner's drafts, oldest first."""
        return await self.get("/draft-referrals", list[Written])

    async def draft(self, draft_id: UUID) -> Written:
        """One draft."""
        return await self.get(f"/draft-referral/{draft_id}", Written)

    async def change(self, draft_id: UUID, **fields: object) -> Written:
        """Change fields by the names that they have in answers; None leaves one as it is."""
        changed: Written = await self.patch(f"/draft-referral/{draft_id}", Written, json=fields)
        return changed

    async def remove(self, draft_id: UUID) -> None:
        """Delete a draft with everything that was written in it."""
        await self.delete(f"/draft-referral/{draft_id}")

    async def choose_level(self, draft_id: UUID, category_id: UUID, level_id: str) -> None:
        """Choose a category's complexity level."""
        body = {"serviceCategoryId": str(category_id), "complexityLevelId": level_id}
        await self.patch(f"/draft-referral/{draft_id}/complexity-level", json=body)

    async def choose_outcomes(self, draft_id: UUID, category_id: UUID, outcome_ids: Sequence[str]) -> None:
        """Choose a category's desired outcomes, in place of those chosen before."""
        body = {"serviceCategoryId": str(category_id), "desiredOutcomesIds": list(outcome_ids)}
        await self.patch(f"/draft-referral/{draft_id}/desired-outcomes", json=body)

    async def case(self, draft_id: UUID) -> CaseRecord:
        """The case record of the person whom a draft is about."""
        return await self.get(f"/draft-referral/{draft_id}/case-record", CaseRecord)

    async def risk(self, draft_id: UUID) -> DraftRisk | None:
        """The risk texts of a draft; None before they were written."""
        return await self.get(f"/draft-referral/{draft_id}/oasys-risk-information", DraftRisk, missing=None)

    async def write_risk(self, draft_id: UUID, risk: Mapping[str, object]) -> None:
        """Write the risk texts, in place of those written before."""
        await self.patch(f"/draft-referral/{draft_id}/oasys-risk-information", json=risk)

    async def send(self, draft_id: UUID, key: UUID) -> Sent:
        """Send the referral; once, however often it is asked with the same ``key``."""
        sent: Sent = await self.post(f"/draft-referral/{draft_id}/send", Sent, idempotency_key=str(key))
        return sent
