"""A person on probation, as the case record knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.kit.messaging.envelope import PersonReference

CRN_PATTERN, NOMS_PATTERN = r"^[A-Z][0-9]{6}$", r"^[A-Z][0-9]{4}[A-Z]{2}$"


class CaseNotFound(NotFound):
    """No case has this CRN (404)."""

    code = "CASE_NOT_FOUND"
    title = "There is no case with this CRN"


class NomsNumberNotFound(NotFound):
    """No case has this NOMS number (404)."""

    code = "NOMS_NUMBER_NOT_FOUND"
    title = "There is no case with this NOMS number"


class CaseExists(Conflict):
    """Another case has this CRN already (409)."""

    code = "CASE_EXISTS"
    title = "There is a case with this CRN already"


class NomsNumberTaken(Conflict):
    """Another case has this NOMS number, or this case has another one (409)."""

    code = "NOMS_NUMBER_TAKEN"
    title = "The NOMS number belongs to another case, or the case has another NOMS number"


class BornInFuture(BadRequest):
    """The date of birth has not come yet (400)."""

    code = "DATE_OF_BIRTH_IN_FUTURE"
    title = "The date of birth is in the future"


@dataclass(frozen=True)
class Address:
    """Where a person lives."""

    building_name: str | None = None
    address_number: str | None = None
    street_name: str | None = None
    district: str | None = None
    town: str | None = None
    county: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class Disability:
    """A disability that the person told about."""

    type: str
    start_date: date
    notes: str | None = None


@dataclass(frozen=True)
class Details:
    """What the record says of a person beside their identifiers."""

    forename: str
    surname: str
    date_of_birth: date
    gender: str
    middle_names: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    primary_language: str | None = None
    no_fixed_abode: bool = False
    email: str | None = None
    telephone_number: str | None = None
    mobile_number: str | None = None

    def check(self, today: date) -> None:
        """Raises BornInFuture."""
        if self.date_of_birth > today:
            raise BornInFuture


@dataclass(frozen=True)
class Person:
    """A case: one person with their identifiers."""

    id: int
    crn: str
    noms_number: str | None
    details: Details

    @property
    def reference(self) -> PersonReference | None:
        """The identifiers, for events."""
        return PersonReference.of(crn=self.crn, noms=self.noms_number)

    def with_noms_number(self, noms_number: str) -> Person:
        """The case once it is linked to a prison record. Raises NomsNumberTaken."""
        if self.noms_number not in {None, noms_number}:
            raise NomsNumberTaken
        return replace(self, noms_number=noms_number)
