"""Contacts: the entries of a case record, appointments among them.

Rules: ministryofjustice/hmpps-probation-integration-services, projects/refer-and-monitor-and-delius.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from throughcare.kit.clock import london
from throughcare.kit.errors import Conflict
from throughcare.services.probation.reference.model import (
    CRS_PROVIDER,
    CRS_STAFF,
    CRS_TEAM,
    contact_outcomes,
    contact_types,
)


class ReferenceTaken(Conflict):
    """Another contact has this external reference (409)."""

    code = "REFERENCE_TAKEN"
    title = "Another entry of a case record has this reference"


class Kind(StrEnum):
    """The contact types that this service writes."""

    APPOINTMENT = "CRSAPT"
    SUPPLIER_ASSESSMENT = "CRSSAA"
    NOTIFICATION = "CRSNOTE"
    NSI_REFERRAL = "NREF"
    NSI_COMMENCED = "NCOM"
    NSI_TERMINATED = "NTER"
    NSI_IN_PROGRESS = "C091"
    NSI_COMPLETED = "C092"
    ENFORCEMENT_REFERRAL = "AROM"
    ENFORCEMENT_REVIEW = "ARWS"
    RELEASED = "EREL"
    RETURNED_TO_CUSTODY = "ERCL"
    CUSTODY_LOCATION_CHANGED = "ETCP"
    RESPONSIBLE_OFFICER_CHANGED = "ROC"
    COMMUNITY_MANAGER_CHANGED = "ETOM"
    PRISON_MANAGER_ALLOCATED = "EPOMIN"


class Outcome(StrEnum):
    """The contact outcomes that this service writes."""

    COMPLIED = "ATTC"
    FAILED_TO_COMPLY = "AFTC"
    FAILED_TO_ATTEND = "AFTA"
    DEEMED_ACCEPTABLE = "AFDA"
    SENT_HOME = "ATSS"
    WITHDRAWN = "APPW"
    RESCHEDULED_BY_SERVICE = "RSSR"
    RESCHEDULED_BY_PERSON = "RSOF"


@dataclass(frozen=True)
class Assignment:
    """The provider, team and member of staff to whom a contact belongs."""

    provider_code: str
    team_code: str
    staff_code: str


CRS = Assignment(CRS_PROVIDER, CRS_TEAM, CRS_STAFF)


@dataclass(frozen=True)
class Contact:
    """An entry in a case record. ``id`` is 0 until it is stored."""

    person_id: int
    type_code: str
    start_time: datetime
    assignment: Assignment
    end_time: datetime | None = None
    conviction_id: int | None = None
    nsi_id: int | None = None
    location_code: str | None = None
    notes: str | None = None
    outcome_code: str | None = None
    attended: bool | None = None
    complied: bool | None = None
    rar_activity: bool | None = None
    hours_credited: Decimal | None = None
    enforcement: bool = False
    external_reference: str | None = None
    linked_contact_id: int | None = None
    id: int = 0

    @property
    def date(self) -> date:
        """The day in London on which it starts."""
        return london(self.start_time).date()

    @property
    def attendance(self) -> bool:
        """Whether the person is expected to come, so that two at one time clash."""
        return contact_types()[self.type_code].attendance

    def with_outcome(self, outcome: Outcome) -> Contact:
        """The appointment with what came of it; hours are credited when the person complied."""
        meaning = contact_outcomes()[outcome]
        hours = self._hours() if outcome is Outcome.COMPLIED else None
        return replace(
            self,
            outcome_code=str(outcome),
            attended=meaning.attended,
            complied=meaning.complied,
            hours_credited=hours,
        )

    def with_notes(self, text: str | None) -> Contact:
        """The contact with ``text`` below its notes, unless they say that already."""
        if not text or text in (self.notes or ""):
            return self
        return replace(self, notes=f"{self.notes}\n\n{text}" if self.notes else text)

    def follow_up(self, kind: Kind, *, at: datetime, notes: str | None = None) -> Contact:
        """An entry that follows from this one and points back to it."""
        return Contact(
            person_id=self.person_id, conviction_id=self.conviction_id, nsi_id=self.nsi_id,
            type_code=str(kind),
            start_time=at, assignment=self.assignment, location_code=self.location_code, notes=notes,
            linked_contact_id=self.id,
        )  # fmt: skip

    def _hours(self) -> Decimal | None:
        length = self.end_time - self.start_time if self.end_time else timedelta()
        if length <= timedelta():
            return None
        minutes = Decimal(int(length.total_seconds() // 60))
        return (minutes / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
