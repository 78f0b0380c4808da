"""The case record of a person, as the interventions service tells it of a referral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire


class Name(Wire):
    """A name."""

    forename: str
    surname: str

    @property
    def full(self) -> str:
        """Forename and surname in title case, hyphens and apostrophes kept."""
        return f"{self.forename} {self.surname}".title()


class MainAddress(Wire):
    """Where a person lives."""

    building_name: str | None = None
    address_number: str | None = None
    street_name: str | None = None
    district: str | None = None
    town: str | None = None
    county: str | None = None
    postcode: str | None = None

    @property
    def lines(self) -> Sequence[str]:
        """The address as it is written on a letter."""
        street = " ".join(filter(None, (self.address_number, self.street_name)))
        every = (self.building_name, street, self.district, self.town, self.county, self.postcode)
        return [one for one in every if one]


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
    name: Name
    date_of_birth: date
    gender: str | None = None
    profile: Profile = Profile()
    contact_details: ContactDetails = ContactDetails()

    @property
    def described(self) -> Mapping[str, object]:
        """The person as a referral describes them: its field ``serviceUser``. What is not known is empty text."""
        profile = self.profile
        return {
            "firstName": self.name.forename, "lastName": self.name.surname,
            "dateOfBirth": self.date_of_birth.isoformat(), "gender": self.gender or "",
            "ethnicity": profile.ethnicity or "", "preferredLanguage": profile.primary_language or "",
            "religionOrBelief": profile.religion or "", "disabilities": [one.type for one in profile.disabilities],
        }  # fmt: skip


class Unit(Wire):
    """A probation delivery unit, or a team."""

    description: str
    email: str | None = None
    telephone_number: str | None = None


class Office(Wire):
    """A probation office."""

    description: str


class Officer(Wire):
    """The manager who is responsible for a person now."""

    name: Name | None = None
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
    """A conviction with its sentence."""

    id: int
    sentence: Sentence
    main_offence: Offence


class CaseRecord(Wire):
    """A person, their officer and their sentences; a part is None when it could not be had."""

    person: CasePerson | None = None
    officer: Officer | None = None
    sentences: list[CaseSentence] | None = None


class Prisoner(Wire):
    """Who a person is in prison, and where and until when they are held."""

    prisoner_number: str
    prison_id: str | None = None
    release_date: date | None = None


class Cases(Peer, service="interventions"):
    """Case records before a referral is begun."""

    async def case(self, crn: str) -> CaseRecord:
        """The record of a case that the practitioner may see. Raises PeerRefused."""
        return await self.get(f"/case-record/{crn}", CaseRecord)

    async def prisoner(self, crn: str) -> Prisoner | None:
        """A person in prison; None when they are not known to be there. Raises PeerRefused."""
        return await self.get(f"/intervention/prisoner/details/{crn}", Prisoner, missing=None)
