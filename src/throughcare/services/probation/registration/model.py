"""Registrations: flags on a case, each with a review date.

Source of the types: ministryofjustice/hmpps-manage-people-on-probation-ui.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date

from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.services.probation.reference.model import RegisterType, register_types


class RegistrationNotFound(NotFound):
    """The case has no such registration (404)."""

    code = "REGISTRATION_NOT_FOUND"
    title = "The case has no such registration"


class RegisterTypeUnknown(BadRequest):
    """There is no such register type (400)."""

    code = "REGISTER_TYPE_UNKNOWN"
    title = "There is no such register type"


class AlreadyRegistered(Conflict):
    """The case has an active registration of this type (409)."""

    code = "ALREADY_REGISTERED"
    title = "The case has an active registration of this type"


class AlreadyDeregistered(Conflict):
    """The registration has ended (409)."""

    code = "ALREADY_DEREGISTERED"
    title = "The registration has ended already"


class RegistrationDatesWrong(BadRequest):
    """A start in the future, or an end or review before the start (400)."""

    code = "REGISTRATION_DATES_WRONG"
    title = "The registration cannot start in the future, or end or be reviewed before it starts"


@dataclass(frozen=True)
class Registration:
    """A flag on a case. ``id`` is 0 until it is stored."""

    person_id: int
    type_code: str
    start_date: date
    next_review_date: date | None
    notes: str | None
    staff_code: str
    team_code: str
    end_date: date | None = None
    id: int = 0

    @property
    def active(self) -> bool:
        """Whether it holds."""
        return self.end_date is None

    def check(self, today: date) -> None:
        """Raises RegistrationDatesWrong."""
        later = [one for one in (self.next_review_date, self.end_date) if one is not None]
        if self.start_date > today or any(one < self.start_date for one in later):
            raise RegistrationDatesWrong

    def reviewed(self, next_review_date: date | None, notes: str | None) -> Registration:
        """With another review date and notes. Raises AlreadyDeregistered."""
        if not self.active:
            raise AlreadyDeregistered
        return replace(self, next_review_date=next_review_date, notes=notes)

    def ended(self, on: date) -> Registration:
        """Deregistered. Raises AlreadyDeregistered."""
        if not self.active:
            raise AlreadyDeregistered
        return replace(self, end_date=on, next_review_date=None)


def type_of(code: str) -> RegisterType:
    """The register type with this code. Raises RegisterTypeUnknown."""
    found = register_types().get(code)
    if found is None:
        raise RegisterTypeUnknown
    return found


def first_review(start: date, kind: RegisterType) -> date | None:
    """The suggested first review, so many months after the start; the last day of a shorter month."""
    if kind.review_months is None:
        return None
    years, month = divmod(start.month - 1 + kind.review_months, 12)
    year, month = start.year + years, month + 1
    if year > MAXYEAR:
        return None
    return date(year, month, min(start.day, monthrange(year, month)[1]))
