"""What prisoner search reads from prison."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Literal

from pydantic import field_validator

from throughcare.kit.http.peer import Peer, PeerRefused, PeerUnavailable
from throughcare.kit.web.schemas import Wire

NOT_FOUND = (404, "PRISONER_NOT_FOUND")
Status = Literal["ACTIVE IN", "ACTIVE OUT", "INACTIVE OUT", "INACTIVE TRN"]


class PhysicalAttributes(Wire):
    """Sex and ethnicity."""

    sex_code: str
    gender: str | None = None
    race_code: str | None = None
    ethnicity: str | None = None


class SentenceDetail(Wire):
    """The key dates of the latest booking."""

    sentence_expiry_date: date | None = None
    licence_expiry_date: date | None = None
    home_detention_curfew_eligibility_date: date | None = None
    home_detention_curfew_actual_date: date | None = None
    parole_eligibility_date: date | None = None
    actual_parole_date: date | None = None
    release_on_temporary_licence_date: date | None = None
    topup_supervision_expiry_date: date | None = None
    tariff_date: date | None = None
    confirmed_release_date: date | None = None
    automatic_release_date: date | None = None
    automatic_release_override_date: date | None = None
    conditional_release_date: date | None = None
    conditional_release_override_date: date | None = None
    non_parole_date: date | None = None
    non_parole_override_date: date | None = None
    post_recall_release_date: date | None = None
    post_recall_release_override_date: date | None = None
    non_dto_release_date: date | None = None
    non_dto_release_date_type: str | None = None
    release_date: date | None = None


class OffenderIdentifier(Wire):
    """An identifier of a prisoner."""

    type: str
    value: str
    issued_authority_text: str | None = None
    issued_date: date | None = None
    when_created: datetime


class OffenderAlias(Wire):
    """Another name of a prisoner."""

    title: str | None = None
    first_name: str
    middle_name: str | None = None
    last_name: str
    dob: date
    gender: str | None = None
    ethnicity: str | None = None
    race_code: str | None = None


class AlertFlag(Wire):
    """An alert, without its text."""

    alert_type: str
    alert_code: str
    active: bool
    expired: bool


class LogEntry(Wire):
    """A movement with the state that it led to."""

    sequence: int
    booking_id: int
    movement_type: str
    movement_reason: str
    from_agency: str | None = None
    to_agency: str | None = None
    occurred_at: datetime
    recorded_at: datetime
    status: Status
    agency_id: str


class SearchDetails(Wire):
    """Everything that the index needs of a prisoner; ``version`` moves on with every change to anything about them."""

    offender_no: str
    version: int
    title: str | None = None
    first_name: str
    middle_name: str | None = None
    last_name: str
    date_of_birth: date
    physical_attributes: PhysicalAttributes
    religion: str | None = None
    youth_offender: bool | None = None
    booking_id: int | None = None
    booking_no: str | None = None
    agency_id: str | None = None
    agency_name: str | None = None
    in_out_status: Literal["IN", "OUT", "TRN"] | None = None
    status: Status | None = None
    cell_location: str | None = None
    last_admission_date: date | None = None
    previous_prison_id: str | None = None
    previous_prison_leaving_date: date | None = None
    reception_date: date | None = None
    location_description: str | None = None
    last_prison_id: str | None = None
    legal_status: str | None = None
    recall: bool | None = None
    imprisonment_status: str | None = None
    imprisonment_status_description: str | None = None
    convicted_status: str | None = None
    sentence_detail: SentenceDetail | None = None
    identifiers: list[OffenderIdentifier] = []
    aliases: list[OffenderAlias] = []
    alerts: list[AlertFlag] = []
    movements: list[LogEntry] = []

    @field_validator("movements")
    @classmethod
    def _in_order(cls, log: list[LogEntry]) -> list[LogEntry]:
        if any(later.sequence <= earlier.sequence for earlier, later in pairwise(log)):
            raise ValueError("the log is not in order")
        return log

    @property
    def seen(self) -> tuple[int, int]:
        """How much of prison's record this is: its version, and the number of the last movement (0 without one)."""
        return self.version, self.movements[-1].sequence if self.movements else 0


class NumbersPage(Wire):
    """A page of prisoner numbers."""

    content: list[str]
    last: bool


class PrisonPeer(Peer, service="prison"):
    """The prison service's doors for the index."""

    async def search_details(self, prisoner_number: str) -> SearchDetails | None:
        """The prisoner; None when prison itself says that it has none.

        Raises PeerUnavailable, also for an answer that cannot be true; PeerRefused.
        """
        try:
            found = await self.get(f"/api/prisoner-search/offenders/{prisoner_number}", SearchDetails)
        except PeerRefused as refused:
            if (refused.peer_status, refused.peer_code) == NOT_FOUND:
                return None
            raise
        if found.offender_no != prisoner_number:
            raise PeerUnavailable(developer_message="prison: an answer about somebody else")
        return found

    async def prisoner_numbers(self, page: int, size: int) -> NumbersPage:
        """A page of all prisoner numbers, in order. Raises PeerUnavailable, PeerRefused."""
        return await self.get("/api/prisoners/prisoner-numbers", NumbersPage, params={"page": page, "size": size})
