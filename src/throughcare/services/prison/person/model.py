"""People known to the prisons: who they are, their other names, and the numbers that others gave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from throughcare.kit.errors import BadRequest, FieldError, NotFound
from throughcare.services.prison.numbering.model import Cro, Pnc
from throughcare.services.prison.reference.model import identifier_types, person_codes

YOUNGEST, OLDEST = 16, 110
CHECKED = {"PNC": Pnc.of, "CRO": Cro.of}


class PrisonerNotFound(NotFound):
    """No prisoner has this number (404)."""

    code = "PRISONER_NOT_FOUND"
    title = "There is no prisoner with this number"


class PrisonerAlreadyExists(BadRequest):
    """Somebody holds these identifiers, or this name and date of birth, already (400)."""

    code = "PRISONER_ALREADY_EXIST"
    title = "A prisoner with these details exists already"


class UnknownCode(BadRequest):
    """A code is not on its list, or is no longer used (400)."""

    code = "UNKNOWN_CODE"
    title = "A code is not known or no longer used"


class IdentifierNotValid(BadRequest):
    """The identifier's shape or check letter is wrong (400)."""

    code = "IDENTIFIER_NOT_VALID"
    title = "The identifier is not valid"


class IdentifierExists(BadRequest):
    """The prisoner has this identifier already (400)."""

    code = "IDENTIFIER_EXISTS"
    title = "The prisoner has this identifier already"


class WrongAge(BadRequest):
    """The date of birth makes somebody too young or too old for prison (400)."""

    code = "DATE_OF_BIRTH_NOT_VALID"
    title = f"The date of birth must make the person {YOUNGEST} to {OLDEST} years old"


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name with the facts that belong to it, as somebody gave them. Capitals throughout."""

    last_name: str
    first_name: str
    date_of_birth: date
    sex: str
    middle_names: str | None = None
    title: str | None = None
    ethnicity: str | None = None


@dataclass(frozen=True, kw_only=True)
class Prisoner(Name):
    """A person known to the prisons. ``version`` moves on with every change to anything about them."""

    prisoner_number: str
    suffix: str | None = None
    religion: str | None = None
    created_at: datetime
    created_by: str
    version: int = 1


@dataclass(frozen=True, kw_only=True)
class Alias(Name):
    """Another name that somebody has used."""

    id: UUID
    prisoner_number: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class Identifier:
    """A number or name by which another body knows a prisoner."""

    id: UUID
    prisoner_number: str
    type: str
    value: str
    issued_authority: str | None
    issued_date: date | None
    created_at: datetime
    created_by: str


def capitals(name: str | None) -> str | None:
    """A name as the prisons write it: capitals, single spaces inside and none around; None for nothing."""
    return " ".join(name.split()).upper() or None if name else None


def age_on(day: date, date_of_birth: date) -> int:
    """Full years on ``day``."""
    return day.year - date_of_birth.year - ((day.month, day.day) < (date_of_birth.month, date_of_birth.day))


def check_age(day: date, date_of_birth: date) -> None:
    """Let those pass who may be in prison. Raises WrongAge. Source: ministryofjustice/prison-api."""
    if date_of_birth > day or not YOUNGEST <= age_on(day, date_of_birth) <= OLDEST:
        raise WrongAge(errors=[FieldError("dateOfBirth", WrongAge.code, WrongAge.title)])


def check_code(domain: str, code: str | None, field: str) -> None:
    """Let None and active codes pass; ``field`` is where the code stands in the request. Raises UnknownCode."""
    known = person_codes(domain).get(code) if code is not None else None
    if code is not None and not (known and known.active):
        message = f"the code for {domain.lower()} is not known or no longer used"
        raise UnknownCode(message, errors=[FieldError(field, UnknownCode.code, message)])


def check_identifier_type(kind: str, field: str) -> None:
    """Let types of identifiers pass that are in use. Raises UnknownCode. Source: ministryofjustice/prison-api."""
    known = identifier_types().get(kind)
    if known is None or not known.active:
        message = "the type of identifier is not known or no longer used"
        raise UnknownCode(message, errors=[FieldError(field, UnknownCode.code, message)])


def check_identifier(kind: str, value: str, field: str) -> None:
    """Let PNC and CRO numbers pass with the right shape and check letter, and whatever else. Raises IdentifierNotValid.

    Source: ministryofjustice/prison-api.
    """
    reads = CHECKED.get(kind)
    if reads is not None and reads(value) is None:
        message = f"this is not a {kind} number: look at its shape and its check letter"
        raise IdentifierNotValid(message, errors=[FieldError(field, IdentifierNotValid.code, message)])
