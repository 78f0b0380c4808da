"""People as they go over the wire."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from throughcare.kit.web.schemas import Wire


class Name(Wire):
    """A name."""

    forename: str
    surname: str


class MainAddress(Wire):
    """Where a person lives."""

    building_name: str | None = None
    address_number: str | None = None
    street_name: str | None = None
    district: str | None = None
    town: str | None = None
    county: str | None = None
    postcode: str | None = None


class DisabilityRead(Wire):
    """A disability."""

    type: str
    start_date: date
    notes: str | None = None


class Profile(Wire):
    """What a person said of themselves."""

    primary_language: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    disabilities: list[DisabilityRead] = Field(default=[])


class ContactDetails(Wire):
    """How to reach a person."""

    no_fixed_abode: bool = False
    main_address: MainAddress | None = None
    email_address: str | None = None
    telephone_number: str | None = None
    mobile_number: str | None = None


class CaseDetail(Wire):
    """A person, briefly."""

    crn: str
    name: Name
    date_of_birth: date


class CaseDetails(CaseDetail):
    """A person, as a referral needs to know them."""

    gender: str
    profile: Profile
    contact_details: ContactDetails


class CaseIdentifiers(Wire):
    """The identifiers of a person; ``noms_id`` is their NOMS number."""

    crn: str
    noms_id: str | None = None


class CaseExistence(Wire):
    """Whether a case exists."""

    crn: str
    exists_in_delius: bool
