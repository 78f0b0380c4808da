"""Everything that is known of one prisoner, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from throughcare.kit.clock import london
from throughcare.services.prison.alert.model import Alert
from throughcare.services.prison.booking.model import (
    Booking,
    HeldFor,
    KeyDate,
    convicted_status,
    legal_status,
)
from throughcare.services.prison.movement.model import (
    Custody,
    Movement,
    custody_after,
    last_admission,
    previous_prison,
)
from throughcare.services.prison.person.model import Alias, Identifier, Prisoner
from throughcare.services.prison.reference.model import ImprisonmentStatus, imprisonment_statuses


@dataclass(frozen=True)
class PrisonerRecord:
    """A prisoner as seen through one of their bookings, the latest unless another was asked for.

    ``log`` holds the movements up to the end of that booking.
    """

    prisoner: Prisoner
    identifiers: Sequence[Identifier]
    aliases: Sequence[Alias]
    booking: Booking | None
    log: Sequence[Movement]
    held_for: HeldFor | None
    key_dates: Mapping[str, KeyDate]
    alerts: Sequence[Alert]

    @property
    def custody(self) -> Custody:
        """Where the prisoner is."""
        return custody_after(self.log[-1] if self.log else None)

    @property
    def imprisonment_status(self) -> ImprisonmentStatus | None:
        """What they are held for; None when that was never recorded."""
        return imprisonment_statuses()[self.held_for.status] if self.held_for else None

    @property
    def legal_status(self) -> str | None:
        """What the law calls them."""
        return legal_status(self.imprisonment_status) if self.imprisonment_status else None

    @property
    def convicted_status(self) -> str | None:
        """``Convicted`` or ``Remand``."""
        return convicted_status(self.imprisonment_status) if self.imprisonment_status else None

    @property
    def recall(self) -> bool | None:
        """Whether they were recalled; None when it is not known what they are held for."""
        return self.legal_status == "RECALL" if self.held_for else None

    @property
    def reception_date(self) -> date | None:
        """When the booking began."""
        return london(self.booking.began_at).date() if self.booking else None

    @property
    def left_previous_prison(self) -> Movement | None:
        """How they left the prison that they were in before, if their booking is active."""
        return previous_prison(self.log)

    @property
    def last_admitted_at(self) -> datetime | None:
        """When they were last admitted to a prison."""
        admitted = last_admission(self.log)
        return admitted.occurred_at if admitted else None

    @property
    def cell(self) -> str | None:
        """The place inside the prison, without its id."""
        return self.booking.cell if self.booking else None

    def newest_identifier(self, kind: str) -> str | None:
        """The identifier of a kind that was added last; None when there is none."""
        found = [one.value for one in self.identifiers if one.type == kind]
        return found[-1] if found else None


@dataclass(frozen=True)
class BasicDetails:
    """Who somebody is and where, in one row."""

    prisoner_number: str
    first_name: str
    middle_names: str | None
    last_name: str
    date_of_birth: date
    booking_id: int
    book_number: str
    agency_id: str | None
    cell: str | None
    active: bool
