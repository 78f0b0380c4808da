"""What is said about people over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from throughcare.kit.clock import london
from throughcare.kit.web.schemas import Day, LocalDateTime, Wire
from throughcare.services.prison.person.model import Alias, Identifier
from throughcare.services.prison.reference.model import described

WrittenNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{4}[A-Z]{2}$")]
ReadNumber = Annotated[str, StringConstraints(to_upper=True, max_length=10)]
_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
PersonName = Annotated[
    str,
    StringConstraints(
        pattern=f"^['\u2019]?[{_LETTERS}][{_LETTERS} ,.'\u2019-]*$", max_length=35, strip_whitespace=True
    ),
]
CodeText = Annotated[str, StringConstraints(max_length=12)]


class NameBody(Wire):
    """A name and what belongs to it, as a request gives it."""

    last_name: PersonName
    first_name: PersonName
    middle_name1: PersonName | None = None
    middle_name2: PersonName | None = None
    title: CodeText | None = None
    date_of_birth: Day
    gender: CodeText
    ethnicity: CodeText | None = None

    @property
    def middle_names(self) -> str | None:
        """Both middle names in one."""
        return " ".join(filter(None, (self.middle_name1, self.middle_name2))) or None


class RequestToCreate(NameBody):
    """A person to be given a prisoner number."""

    suffix: CodeText | None = None
    pnc_number: str | None = Field(None, max_length=20)
    cro_number: str | None = Field(None, max_length=20)

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """Type and value of the identifiers that were given."""
        given = (("PNC", self.pnc_number), ("CRO", self.cro_number))
        return [(kind, value) for kind, value in given if value]


class RequestToAddIdentifier(Wire):
    """An identifier to be added."""

    identifier_type: CodeText
    identifier: str = Field(min_length=1, max_length=20)
    issued_authority_text: str | None = Field(None, max_length=240)


class OffenderIdentifier(Wire):
    """An identifier of a prisoner."""

    type: str
    value: str
    offender_no: str
    issued_authority_text: str | None
    issued_date: date | None
    when_created: LocalDateTime

    @classmethod
    def of(cls, one: Identifier) -> OffenderIdentifier:
        """The identifier as it goes out; times are London's, without a zone."""
        return cls(
            type=one.type, value=one.value, offender_no=one.prisoner_number,
            issued_authority_text=one.issued_authority, issued_date=one.issued_date,
            when_created=london(one.created_at).replace(tzinfo=None),
        )  # fmt: skip


class AliasOut(Wire):
    """Another name of a prisoner."""

    title: str | None
    first_name: str
    middle_name: str | None
    last_name: str
    dob: date
    gender: str | None
    ethnicity: str | None
    race_code: str | None
    create_date: date

    @classmethod
    def of(cls, one: Alias) -> AliasOut:
        """The alias as it goes out."""
        return cls(
            title=described("TITLE", one.title), first_name=one.first_name, middle_name=one.middle_names,
            last_name=one.last_name, dob=one.date_of_birth, gender=described("SEX", one.sex),
            ethnicity=described("ETHNICITY", one.ethnicity), race_code=one.ethnicity,
            create_date=london(one.created_at).date(),
        )  # fmt: skip
