"""What the probation case record says of a person, for whoever works on a referral of theirs."""

from __future__ import annotations

from datetime import date

from throughcare.kit.web.schemas import Wire


class PersonName(Wire):
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


class Disability(Wire):
    """A disability."""

    type: str


class Profile(Wire):
    """What a person said of themselves."""

    primary_language: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    disabilities: list[Disability] = []


class ContactDetails(Wire):
    """How to reach a person."""

    no_fixed_abode: bool = False
    main_address: MainAddress | None = None
    email_address: str | None = None
    telephone_number: str | None = None
    mobile_number: str | None = None


class CasePerson(Wire):
    """A person on probation as the case record knows them today."""

    crn: str
    name: PersonName
    date_of_birth: date
    gender: str | None = None
    profile: Profile = Profile()
    contact_details: ContactDetails = ContactDetails()


class Unit(Wire):
    """A probation delivery unit, or a team."""

    description: str
    email: str | None = None
    telephone_number: str | None = None


class Office(Wire):
    """A probation office."""

    description: str


class CaseOfficer(Wire):
    """The manager who is responsible for a person now; ``unallocated`` when nobody is yet."""

    name: PersonName | None = None
    email: str | None = None
    telephone_number: str | None = None
    pdu: Unit | None = None
    team: Unit | None = None
    office_locations: list[Office] = []
    unallocated: bool = False


class Sentence(Wire):
    """A sentence."""

    description: str
    expected_end_date: date | None = None


class Offence(Wire):
    """A main offence."""

    category: str
    sub_category: str


class CaseSentence(Wire):
    """A conviction with its sentence; ``id`` is what a referral calls its relevant sentence."""

    id: int
    sentence: Sentence
    main_offence: Offence


class CaseRecord(Wire):
    """A person, who is responsible for them, and their sentences: every active one, or the one that matters.

    A part is null when the case record could not be asked; ``sentences`` is empty when there are none.
    """

    person: CasePerson | None
    officer: CaseOfficer | None
    sentences: list[CaseSentence] | None
