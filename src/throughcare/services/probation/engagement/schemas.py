"""Cases as they are opened and searched."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.probation.conviction.model import Sentence
from throughcare.services.probation.engagement.model import NewCase
from throughcare.services.probation.person.model import (
    CRN_PATTERN,
    NOMS_PATTERN,
    Address,
    Details,
    Disability,
)
from throughcare.services.probation.person.schemas import ContactDetails, Name, Profile

Crn = Annotated[str, Field(pattern=CRN_PATTERN)]
NomsNumber = Annotated[str, Field(pattern=NOMS_PATTERN)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class NewName(Name):
    """A name, as it is first recorded."""

    forename: Text
    surname: Text
    middle_names: Text | None = None


class NewOffence(Wire):
    """The main offence."""

    category: Text
    sub_category: Text


class NewSentence(Wire):
    """The sentence with which a case begins."""

    description: Text
    start_date: date
    expected_end_date: date | None = None
    conviction_date: date | None = None
    main_offence: NewOffence
    has_rar: bool = False

    def sentence(self) -> Sentence:
        """The same as the rules want it; convicted on the day it starts unless another is given."""
        return Sentence(
            description=self.description, conviction_date=self.conviction_date or self.start_date,
            start_date=self.start_date, expected_end_date=self.expected_end_date,
            offence_category=self.main_offence.category, offence_sub_category=self.main_offence.sub_category,
        )  # fmt: skip


class OpenCase(Wire):
    """A person who comes under probation."""

    crn: Crn | None = None
    noms_number: NomsNumber | None = None
    name: NewName
    date_of_birth: date
    gender: Text
    profile: Profile = Profile()
    contact_details: ContactDetails = ContactDetails()
    sentence: NewSentence | None = None
    manager_username: Annotated[str, Field(min_length=1, max_length=240)] | None = None

    def new_case(self) -> NewCase:
        """The same as the rules want it."""
        main = self.contact_details.main_address
        return NewCase(
            crn=self.crn, noms_number=self.noms_number, details=self._details(),
            address=Address(**main.model_dump()) if main else None,
            disabilities=tuple(Disability(**one.model_dump()) for one in self.profile.disabilities),
            sentence=self.sentence.sentence() if self.sentence else None,
            has_rar=bool(self.sentence and self.sentence.has_rar), manager_username=self.manager_username,
        )  # fmt: skip

    def _details(self) -> Details:
        reached, said = self.contact_details, self.profile
        return Details(
            forename=self.name.forename, surname=self.name.surname, middle_names=self.name.middle_names,
            date_of_birth=self.date_of_birth, gender=self.gender, ethnicity=said.ethnicity,
            religion=said.religion,
            primary_language=said.primary_language, no_fixed_abode=reached.no_fixed_abode,
            email=reached.email_address, telephone_number=reached.telephone_number,
            mobile_number=reached.mobile_number,
        )  # fmt: skip


class OpenedCase(Wire):
    """The identifiers of a case that was opened."""

    crn: str
    noms_number: str | None


class LinkToPrison(Wire):
    """The NOMS number of the same person."""

    noms_number: NomsNumber


class CaseSearch(Wire):
    """Which case is looked for: by one of its identifiers."""

    crn: Annotated[str, Field(max_length=20)] | None = None
    noms_number: Annotated[str, Field(max_length=20)] | None = None


class OtherIds(Wire):
    """The identifiers of a case."""

    crn: str
    noms_number: str | None


class FoundCase(Wire):
    """A case that was found."""

    first_name: str
    surname: str
    date_of_birth: date
    gender: str
    other_ids: OtherIds
    current_exclusion: bool
    current_restriction: bool
    active_probation_managed_sentence: bool
