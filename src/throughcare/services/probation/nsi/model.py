"""NSIs (non-statutory interventions): the mirror of a referral in the case record.

Rules: ministryofjustice/hmpps-probation-integration-services, projects/refer-and-monitor-and-delius.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.services.probation.contact.model import CRS, Contact, Kind
from throughcare.services.probation.reference.model import nsi_outcomes, nsi_type_of_contract

REFERRAL_URN = "urn:hmpps:interventions-referral:{}"


class ReferralNotFound(NotFound):
    """The case has no NSI for this referral (404)."""

    code = "REFERRAL_NOT_FOUND"
    title = "The case has no record of this referral"


class ReferralElsewhere(Conflict):
    """Another case has the NSI of this referral (409)."""

    code = "REFERRAL_ELSEWHERE"
    title = "Another case has the record of this referral"


class ContractTypeUnknown(BadRequest):
    """No NSI type belongs to this type of contract (400)."""

    code = "CONTRACT_TYPE_UNKNOWN"
    title = "There is no such type of contract"


class Status(StrEnum):
    """Where an NSI stands."""

    IN_PROGRESS = "INPROG"
    COMPLETED = "COMP"

    @property
    def contact_kind(self) -> Kind:
        """The contact that records the change to this status."""
        return {Status.IN_PROGRESS: Kind.NSI_IN_PROGRESS, Status.COMPLETED: Kind.NSI_COMPLETED}[self]


class End(StrEnum):
    """How a referral ended, with the outcome code of its NSI."""

    CANCELLED = "CRS01"
    PREMATURELY_ENDED = "CRS02"
    COMPLETED = "CRS03"


@dataclass(frozen=True)
class Start:
    """What the interventions service says of a referral that was sent."""

    referral_id: UUID
    contract_type: str
    started_at: datetime
    sentence_id: int
    notes: str | None

    @property
    def nsi_type(self) -> str:
        """The NSI type of the contract; of a type that came later, that of its family, such as ``DNR`` of ``DNR-W``.

        Raises ContractTypeUnknown.
        """
        known, family = nsi_type_of_contract(), self.contract_type.partition("-")[0]
        alike = {kind for code, kind in known.items() if code.partition("-")[0] == family}
        found = {known[self.contract_type]} if self.contract_type in known else alike
        if len(found) != 1:
            raise ContractTypeUnknown
        return found.pop()


@dataclass(frozen=True)
class Ending:
    """What the interventions service says of a referral that ended."""

    referral_id: UUID
    ended_at: datetime
    outcome_code: str
    notes: str
    report_submitted_at: datetime | None
    report_heading: str
    report_notes: str


@dataclass(frozen=True)
class Nsi:
    """A referral in the case record. ``id`` is 0 until it is stored."""

    person_id: int
    conviction_id: int
    requirement_id: int | None
    type_code: str
    status: Status
    status_at: datetime
    referral_date: date
    started_at: datetime
    external_reference: str
    notes: str | None = None
    ended_at: datetime | None = None
    outcome_code: str | None = None
    id: int = 0

    @classmethod
    def of(cls, start: Start, *, person_id: int, requirement_id: int | None) -> Nsi:
        """The NSI for a referral that was sent. Raises ContractTypeUnknown."""
        return cls(
            person_id=person_id, conviction_id=start.sentence_id, requirement_id=requirement_id,
            type_code=start.nsi_type, status=Status.IN_PROGRESS, status_at=start.started_at,
            referral_date=london(start.started_at).date(), started_at=start.started_at,
            external_reference=reference_of(start.referral_id), notes=start.notes,
        )  # fmt: skip

    def refreshed(self, start: Start) -> Nsi:
        """The NSI after the same referral was sent again: notes and start follow, but not once it is over."""
        if self.status is Status.COMPLETED:
            return self
        return replace(self, notes=start.notes, started_at=start.started_at)

    def ended(self, ending: Ending) -> Nsi:
        """The NSI once its referral is over; saying so again changes nothing but what differs."""
        notes = "\n\n".join(part for part in (self.notes, ending.notes) if part)
        over = self
        if self.status is not Status.COMPLETED:
            over = replace(self, status=Status.COMPLETED, status_at=ending.ended_at, notes=notes)
        return replace(over, outcome_code=ending.outcome_code, ended_at=ending.ended_at)

    def contact(self, kind: Kind, at: datetime, notes: str | None = None) -> Contact:
        """An entry about this NSI."""
        return Contact(
            person_id=self.person_id, conviction_id=self.conviction_id, nsi_id=self.id, type_code=str(kind),
            start_time=at, assignment=CRS, notes=notes,
        )  # fmt: skip

    def opening_contacts(self) -> list[Contact]:
        """The entries that a new NSI leaves: referral, status and commencement."""
        return [
            self.contact(Kind.NSI_REFERRAL, self.status_at),
            self.contact(self.status.contact_kind, self.status_at),
            self.contact(Kind.NSI_COMMENCED, self.started_at),
        ]

    def closing_contacts(self, before: Nsi) -> list[Contact]:
        """The entries that this NSI owes after it was ``before``: a changed status, a changed outcome."""
        owed = []
        if self.status is not before.status:
            owed.append(self.contact(self.status.contact_kind, self.status_at))
        if self.outcome_code and self.outcome_code != before.outcome_code:
            outcome = nsi_outcomes()[self.outcome_code].description
            owed.append(self.contact(Kind.NSI_TERMINATED, self.status_at, f"NSI terminated: {outcome}"))
        return owed


def reference_of(referral_id: UUID) -> str:
    """The external reference of a referral's NSI."""
    return REFERRAL_URN.format(referral_id)


def outcome_of(end: End, withdrawal_code: str | None, *, withdrawals: bool) -> str:
    """The NSI outcome of an end: the reason of a withdrawal where those are recorded, else how it ended."""
    if withdrawals and withdrawal_code in nsi_outcomes():
        return str(withdrawal_code)
    return str(end)
