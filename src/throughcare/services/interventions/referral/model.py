"""A referral after it was sent. Its state is never stored: it follows from what happened, when, by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from throughcare.services.interventions.catalogue.model import Catalogue, Contract, Intervention
from throughcare.services.interventions.draft.model import (
    Details,
    Draft,
    DraftFlags,
    Location,
    Needs,
    PractitionerDetails,
    Selection,
    ServiceUser,
)
from throughcare.services.interventions.refusal.model import Clash, NotThere

INITIAL_DETAILS = "initial referral details"


@dataclass(frozen=True)
class Assignment:
    """Who works on the referral now."""

    assigned_to: UUID
    assigned_by: UUID
    assigned_at: datetime


@dataclass(frozen=True)
class Withdrawal:
    """A practitioner's request to end the referral.

    ``code`` is None on records older than withdrawal reasons.
    """

    requested_at: datetime
    requested_by: UUID
    code: str | None
    comments: str | None


@dataclass(frozen=True)
class Referral:
    """A sent referral. ``version`` counts its changes."""

    id: UUID
    reference_number: str
    created_at: datetime
    created_by: UUID
    sent_at: datetime
    sent_by: UUID
    crn: str
    intervention_id: UUID
    relevant_sentence_id: int
    relevant_sentence_end_date: date | None
    supplementary_risk_id: UUID
    selection: Selection
    service_user: ServiceUser
    needs: Needs
    location: Location
    practitioner: PractitionerDetails
    details: Details
    assignment: Assignment | None = None
    withdrawal: Withdrawal | None = None
    concluded_at: datetime | None = None
    version: int = 1

    @property
    def person_name(self) -> str:
        """First and last name, lower case with initial capitals, as messages show it."""
        return " ".join(word[:1].upper() + word[1:].lower() for word in self.service_user.full_name.split())

    @property
    def urn(self) -> str:
        """The name under which the probation case record knows the referral."""
        return f"urn:hmpps:interventions-referral:{self.id}"

    def intervention(self, catalogue: Catalogue) -> Intervention:
        """The intervention that was chosen."""
        return catalogue.interventions[self.intervention_id]

    def contract(self, catalogue: Catalogue) -> Contract:
        """The contract that delivers it."""
        return self.intervention(catalogue).contract

    def concluded(self, at: datetime) -> Referral:
        """The referral with no further work to do."""
        return replace(self, concluded_at=at)

    def withdrawn(self, withdrawal: Withdrawal) -> Referral:
        """The referral ended on request. Raises Clash (REFERRAL_CONCLUDED) when it is over already."""
        if self.concluded_at is not None:
            raise Clash("REFERRAL_CONCLUDED", "this referral is over already")
        return replace(self, withdrawal=withdrawal, concluded_at=withdrawal.requested_at)

    def as_draft(self) -> Draft:
        """What was sent, in the shape of a draft.

        What a draft's screens asked is answered from what is kept.
        """
        details = self.practitioner
        known = (details.ndelius_pp_name, details.ndelius_pp_email_address, details.ndelius_pdu)
        contact = (details.pp_name, details.role_or_job_title, details.pp_email_address)
        releasing = self.location.referral_releasing_12_weeks
        flags = DraftFlags(
            allocated_community_pp=None if releasing is None else not releasing,
            has_valid_delius_pp_details=_any(known),
            has_main_point_of_contact_details=_any(contact),
        )
        return Draft(
            self.id, self.created_at, self.created_by, self.crn, self.intervention_id,
            self.relevant_sentence_id,
            self.selection, self.service_user, self.needs, self.location, self.practitioner, self.details,
            flags,
        )  # fmt: skip


def _any(texts: Iterable[str | None]) -> bool:
    return any(texts)


def no_referral() -> NotThere:
    """The refusal of a referral that is not there."""
    return NotThere("REFERRAL_NOT_FOUND", "there is no such referral")
