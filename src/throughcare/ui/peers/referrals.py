"""Sent referrals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from throughcare.kit.http.peer import Peer, Query
from throughcare.kit.web.schemas import Wire
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.catalogue import Outcome, Provider
from throughcare.ui.peers.drafts import Written


class User(Wire):
    """Somebody who signed in."""

    username: str
    user_id: str
    auth_source: str


class ReportedOutcome(Wire):
    """How far one desired outcome was achieved."""

    desired_outcome: Outcome
    achievement_level: str
    progression_comments: str | None = None
    additional_task_comments: str | None = None


class Report(Wire):
    """An end of service report; ``submitted_at`` is None while it is written."""

    id: UUID
    referral_id: UUID
    submitted_at: datetime | None = None
    submitted_by: User | None = None
    further_information: str | None = None
    outcomes: list[ReportedOutcome] = []


class Referral(Wire):
    """A sent referral, ``referral`` being what its practitioner wrote."""

    id: UUID
    sent_at: datetime
    sent_by: User
    reference_number: str
    intervention_id: UUID
    relevant_sentence_id: int
    assigned_to: User | None = None
    referral: Written
    action_plan_id: UUID | None = None
    current_action_plan_id: UUID | None = None
    approved_action_plan_ids: list[UUID] | None = None
    end_requested_at: datetime | None = None
    end_of_service_report: Report | None = None
    concluded_at: datetime | None = None
    supplementary_risk_id: UUID
    report_required: bool = Field(False, alias="endOfServiceReportCreationRequired")
    withdrawal_state: str | None = None
    withdrawal_code: str | None = None
    withdrawal_comments: str | None = None

    @property
    def person(self) -> str:
        """The person's name."""
        return self.referral.service_user.name

    @property
    def contract(self) -> str:
        """What the service is for, as it stands in headings: ``Employment, training and education``."""
        return self.referral.contract_type_name

    @property
    def outcomes_are_fixed(self) -> bool:
        """Whether outcomes and complexity cannot be changed any more, since a plan was approved."""
        return bool(self.approved_action_plan_ids)


class SummarisedPerson(Wire):
    """Who a line of a list is about."""

    crn: str
    first_name: str | None = None
    last_name: str | None = None

    @property
    def name(self) -> str:
        """Forename and surname in title case, hyphens and apostrophes kept."""
        return " ".join(filter(None, (self.first_name, self.last_name))).title() or "Name not known"


class Summary(Wire):
    """A line of a list."""

    id: UUID
    sent_at: datetime
    sent_by: User
    reference_number: str
    assigned_to: User | None = None
    service_user: SummarisedPerson
    service_provider: Provider
    intervention_title: str
    concluded_at: datetime | None = None
    expected_release_date: date | None = None
    location: str | None = None
    location_type: str | None = None
    releasing_in_12_weeks: bool | None = Field(None, alias="isReferralReleasingIn12Weeks")


class Summaries(Wire):
    """A page of a list; ``number`` counts from 0."""

    content: list[Summary]
    total_elements: int
    total_pages: int
    number: int
    size: int


class Found(Summary):
    """A line of what was searched for; ``standing`` is OPEN, COMPLETED or CANCELLED."""

    date_of_birth: date | None = None
    standing: str


class FoundReferrals(Wire):
    """The best hits; ``more`` tells whether there are others."""

    content: list[Found]
    more: bool = False


class Referrals(Peer, service="interventions"):
    """The part of the interventions service that knows sent referrals. Every call may raise PeerRefused."""

    async def referral(self, referral_id: UUID) -> Referral:
        """One referral."""
        return await self.get(f"/sent-referral/{referral_id}", Referral)

    async def case(self, referral_id: UUID) -> CaseRecord:
        """The case record of the person who was referred."""
        return await self.get(f"/sent-referral/{referral_id}/case-record", CaseRecord)

    async def summaries(self, params: Query) -> Summaries:
        """A page of the referrals that the caller may see; ``page`` counts from 1."""
        return await self.get("/sent-referrals/summaries", Summaries, params=params)

    async def search(self, text: str) -> FoundReferrals:
        """Referrals by parts of a name, a CRN or a reference number. Raises PeerRefused (400) for too little of it."""
        return await self.get("/sent-referrals/search", FoundReferrals, params={"q": text})

    async def assign(self, referral_id: UUID, to: User, key: str) -> None:
        """Have a caseworker work on the referral, once for each ``key``."""
        body = {"assignedTo": to.model_dump(by_alias=True)}
        await self.post(f"/sent-referral/{referral_id}/assign", json=body, idempotency_key=key)

    async def amend(self, referral_id: UUID, what: str, values: Mapping[str, object], key: str) -> None:
        """Change a sent referral: ``what`` is the end of the address of an amendment."""
        await self.post(f"/sent-referral/{referral_id}/{what}", json=values, idempotency_key=key)

    async def withdraw(self, referral_id: UUID, code: str, comments: str, key: str) -> Referral:
        """End a referral before its time."""
        ended: Referral = await self.post(
            f"/sent-referral/{referral_id}/withdraw-referral", Referral, json={"code": code, "comments": comments},
            idempotency_key=key,
        )  # fmt: skip
        return ended

    async def report(self, report_id: UUID) -> Report:
        """An end of service report."""
        return await self.get(f"/end-of-service-report/{report_id}", Report)


def usernames(*users: User | None) -> Sequence[str]:
    """The user names of those who are somebody."""
    return [one.username for one in users if one is not None]
