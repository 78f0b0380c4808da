"""Appointments that a provider books, and what their feedback means for the case record.

Rules: ministryofjustice/hmpps-probation-integration-services, projects/refer-and-monitor-and-delius.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.services.probation.contact.model import CRS, Contact, Kind, Outcome
from throughcare.services.probation.nsi.model import Nsi
from throughcare.services.probation.reference.model import office_locations

APPOINTMENT_URN = "urn:hmpps:interventions-appointment:{}"
ENFORCEMENT_ACTION = "ROM"
RESPONSE_DAYS = 7
PROVIDER_ASKED = "service provider"


class AppointmentInPast(BadRequest):
    """The appointment began already and no outcome came with it (400)."""

    code = "APPOINTMENT_IN_PAST"
    title = "The appointment started in the past and no outcome was provided"


class AppointmentSpansDays(BadRequest):
    """The appointment does not end on the day on which it starts (400)."""

    code = "APPOINTMENT_SPANS_DAYS"
    title = "The appointment must end on the day on which it starts"


class OfficeLocationUnknown(BadRequest):
    """No office has this location code (400)."""

    code = "OFFICE_LOCATION_UNKNOWN"
    title = "There is no such office location"


class OutcomeUnclear(BadRequest):
    """The feedback does not say why a session that was attended did not happen (400)."""

    code = "OUTCOME_UNCLEAR"
    title = "The feedback does not say why the session did not happen"


class AppointmentClash(Conflict):
    """The person has another appointment at that time (409)."""

    code = "APPOINTMENT_CLASH"
    title = "The appointment conflicts with another future appointment"


class AppointmentNotFound(NotFound):
    """The referral has no such appointment (404)."""

    code = "APPOINTMENT_NOT_FOUND"
    title = "The case has no record of this appointment"


class Attended(StrEnum):
    """Whether the person came."""

    YES = "YES"
    LATE = "LATE"
    NO = "NO"


class NoSessionReason(StrEnum):
    """Why a session did not happen although the person came."""

    LOGISTICS = "LOGISTICS"
    POP_ACCEPTABLE = "POP_ACCEPTABLE"
    POP_UNACCEPTABLE = "POP_UNACCEPTABLE"


NO_SESSION_OUTCOMES = {
    NoSessionReason.LOGISTICS: Outcome.SENT_HOME,
    NoSessionReason.POP_ACCEPTABLE: Outcome.DEEMED_ACCEPTABLE,
    NoSessionReason.POP_UNACCEPTABLE: Outcome.FAILED_TO_COMPLY,
}


@dataclass(frozen=True)
class Feedback:
    """What came of an appointment; ``did_session_happen`` is None in feedback of the older kind."""

    attended: Attended
    did_session_happen: bool | None = None
    no_session_reason: NoSessionReason | None = None
    notify_of_behaviour: bool = False

    @property
    def session_happened(self) -> bool:
        """Whether there was a session."""
        if self.did_session_happen is None:
            return self.attended is not Attended.NO
        return self.did_session_happen

    @property
    def outcome(self) -> Outcome:
        """The outcome in the case record. Raises OutcomeUnclear."""
        if self.session_happened:
            return Outcome.FAILED_TO_COMPLY if self.notify_of_behaviour else Outcome.COMPLIED
        if self.attended is Attended.NO:
            return Outcome.FAILED_TO_ATTEND
        if self.no_session_reason is None:
            raise OutcomeUnclear
        return NO_SESSION_OUTCOMES[self.no_session_reason]

    def apply(self, contact: Contact) -> Contact:
        """The appointment with its outcome; without a session it does not count towards a requirement."""
        given = contact.with_outcome(self.outcome)
        return given if self.session_happened else replace(given, rar_activity=False)


@dataclass(frozen=True)
class Booking:
    """An appointment as the interventions service asks for it."""

    appointment_id: UUID
    referral_id: UUID
    start: datetime
    duration: timedelta
    counts_towards_rar: bool
    notes: str | None = None
    office_location_code: str | None = None
    feedback: Feedback | None = None
    previous_id: UUID | None = None
    delius_id: int | None = None
    reschedule_requested_by: str | None = None

    @property
    def end(self) -> datetime:
        """When it ends."""
        return self.start + self.duration

    @property
    def reference(self) -> str:
        """Its external reference."""
        return reference_of(self.appointment_id)

    @property
    def rescheduled(self) -> Outcome:
        """The outcome of the appointment that this one replaces."""
        asked = (self.reschedule_requested_by or PROVIDER_ASKED).strip().lower()
        return Outcome.RESCHEDULED_BY_SERVICE if asked == PROVIDER_ASKED else Outcome.RESCHEDULED_BY_PERSON

    def check(self) -> None:
        """Raises AppointmentSpansDays, OfficeLocationUnknown, OutcomeUnclear."""
        if london(self.end).date() != london(self.start).date():
            raise AppointmentSpansDays
        if self.office_location_code is not None and self.office_location_code not in office_locations():
            raise OfficeLocationUnknown
        if self.feedback is not None:
            _ = self.feedback.outcome

    def check_start(self, now: datetime) -> None:
        """Raises AppointmentInPast: what is over by now needs an outcome to be recorded."""
        if self.feedback is None and self.start < now:
            raise AppointmentInPast

    def contact(self, nsi: Nsi) -> Contact:
        """The new entry in the case record."""
        kind = Kind.APPOINTMENT if self.counts_towards_rar else Kind.SUPPLIER_ASSESSMENT
        return Contact(
            person_id=nsi.person_id, conviction_id=nsi.conviction_id, nsi_id=nsi.id, type_code=str(kind),
            start_time=self.start, end_time=self.end, assignment=CRS, location_code=self.office_location_code,
            notes=self.notes, rar_activity=self.counts_towards_rar and nsi.requirement_id is not None,
            external_reference=self.reference,
        )  # fmt: skip

    def keeps_time_of(self, contact: Contact) -> bool:
        """Whether nothing but the reference, notes or place differs."""
        return (contact.start_time, contact.end_time) == (self.start, self.end)

    def moved(self, contact: Contact) -> Contact:
        """An appointment at the same time, under this reference."""
        noted = contact.with_notes(self.notes)
        return replace(noted, external_reference=self.reference, location_code=self.office_location_code)

    def replaced(self, contact: Contact) -> Contact:
        """The appointment that this one replaces, kept as history."""
        given = contact.with_outcome(self.rescheduled) if contact.outcome_code is None else contact
        kept = None if contact.external_reference == self.reference else contact.external_reference
        return replace(given, rar_activity=False, external_reference=kept)


def reference_of(appointment_id: UUID) -> str:
    """The external reference of an appointment."""
    return APPOINTMENT_URN.format(appointment_id)
