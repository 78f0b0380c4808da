"""The parts of the probation case record that people read with a referral."""

from __future__ import annotations

from datetime import date

from throughcare.kit.http.peer import Peer
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


class _Manager(CaseOfficer):
    responsible_officer: bool = False


class _Managers(Wire):
    community_manager: _Manager
    prison_manager: _Manager | None = None


class _Sentences(Wire):
    convictions: list[CaseSentence]


class _Sentence(Wire):
    conviction: CaseSentence


class CaseRecordPeer(Peer, service="probation"):
    """The probation integration service, as a reader of cases."""

    async def person(self, crn: str) -> CasePerson | None:
        """Who a CRN stands for; None when the case is not known."""
        return await self.get(f"/probation-case/{crn}/details", CasePerson, missing=None)

    async def officer(self, crn: str) -> CaseOfficer | None:
        """The manager who is responsible now, the one in the community when neither is marked."""
        both = await self.get(f"/probation-case/{crn}/responsible-officer", _Managers, missing=None)
        if both is None:
            return None
        inside, outside = both.prison_manager, both.community_manager
        return inside if inside and inside.responsible_officer and not outside.responsible_officer else outside

    async def sentences(self, crn: str) -> list[CaseSentence]:
        """A person's active sentences."""
        found = await self.get(f"/probation-case/{crn}/convictions", _Sentences, missing=None)
        return found.convictions if found else []

    async def sentence(self, crn: str, sentence_id: int) -> list[CaseSentence]:
        """One sentence of a person's; none when it is not known."""
        found = await self.get(f"/probation-case/{crn}/convictions/{sentence_id}", _Sentence, missing=None)
        return [found.conviction] if found else []
