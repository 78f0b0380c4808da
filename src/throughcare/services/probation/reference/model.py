"""Lists of codes that never change while the system runs, as the probation case record knows them.

Contact types, outcomes, NSI types and outcomes come from the public repositories
ministryofjustice/community-api and ministryofjustice/hmpps-probation-integration-services
(projects/refer-and-monitor-and-delius); register types from
ministryofjustice/hmpps-manage-people-on-probation-ui; offices and delivery units from
ministryofjustice/hmpps-interventions-ui. Descriptions are shortened.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

CASE_DETAIL = "ROLE_PROBATION_API__REFER_AND_MONITOR__CASE_DETAIL__RW"
HMPPS_API = "ROLE_PROBATION_API__HMPPS_API__CASE_DETAIL"
USER_ACCESS = "ROLE_PROBATION_API__ARNS__USER_ACCESS"
CASES = "ROLE_PROBATION_API__CASES__RW"
READERS = (CASE_DETAIL, CASES)
PLACES = (*READERS, "ROLE_PROBATION", "ROLE_CRS_PROVIDER")
"""Who may read offices and delivery units: whoever refers or books, too."""

CRS_PROVIDER, CRS_TEAM, CRS_STAFF = "CRS", "CRSUAT", "CRSUATU"
DEFAULT_PROVIDER, DEFAULT_TEAM, UNALLOCATED_STAFF = "N50", "N50UAT", "N50UATU"
EXTERNAL_LOCATION = "CRSEXTL"
RAR = "F"


@dataclass(frozen=True)
class Code:
    """A code with its description."""

    code: str
    description: str


C = TypeVar("C", bound=Code)


@dataclass(frozen=True)
class ContactType(Code):
    """A kind of contact. Failures at ``national_standards`` kinds count; ``attendance`` kinds can clash."""

    national_standards: bool
    attendance: bool


@dataclass(frozen=True)
class ContactOutcome(Code):
    """What came of an appointment."""

    attended: bool
    complied: bool


@dataclass(frozen=True)
class RegisterType(Code):
    """A kind of registration; ``review_months`` is the suggested time to a review, if there is one."""

    review_months: int | None
    group: str


@dataclass(frozen=True)
class SentenceType:
    """A kind of sentence. More than ``failure_limit`` failures to comply call for a review of enforcement.

    The limits follow the Sentencing Act 2020, schedules 10 and 16 (a warning, then breach proceedings), and
    the practice of warnings on licence.
    """

    description: str
    custodial: bool
    failure_limit: int


@dataclass(frozen=True)
class OfficeLocation(Code):
    """A probation office, by its location code."""

    address: str
    region: str


@dataclass(frozen=True)
class DeliveryUnit(Code):
    """A probation delivery unit (PDU)."""

    region: str


@cache
def contact_types() -> Mapping[str, ContactType]:
    """Contact types by code."""
    return _by_code(
        ContactType(row["code"], row["description"], row["national_standards"] == "Y", row["attendance"] == "Y")
        for row in _rows("contact_types")
    )


@cache
def contact_outcomes() -> Mapping[str, ContactOutcome]:
    """Contact outcomes by code."""
    return _by_code(
        ContactOutcome(row["code"], row["description"], row["attended"] == "Y", row["complied"] == "Y")
        for row in _rows("contact_outcomes")
    )


@cache
def nsi_types() -> Mapping[str, Code]:
    """NSI types by code."""
    return _by_code(Code(row["code"], row["description"]) for row in _rows("nsi_types"))


@cache
def nsi_outcomes() -> Mapping[str, Code]:
    """NSI outcomes by code: three ends of a referral, and the reasons for a withdrawal."""
    return _by_code(Code(row["code"], row["description"]) for row in _rows("nsi_outcomes"))


@cache
def nsi_type_of_contract() -> Mapping[str, str]:
    """The NSI type code for each type of commissioned contract."""
    return MappingProxyType({row["code"]: row["nsi_type"] for row in _rows("contract_types")})


@cache
def register_types() -> Mapping[str, RegisterType]:
    """Register types by code."""
    return _by_code(
        RegisterType(row["code"], row["description"], int(row["review_months"] or 0) or None, row["group"])
        for row in _rows("register_types")
    )


@cache
def sentence_types() -> Mapping[str, SentenceType]:
    """Sentence types by description."""
    return MappingProxyType({
        row["description"]: SentenceType(
            row["description"], row["custodial"] == "Y", int(row["failure_limit"])
        )
        for row in _rows("sentence_types")
    })  # fmt: skip


@cache
def office_locations() -> Mapping[str, OfficeLocation]:
    """Probation offices by location code."""
    return _by_code(OfficeLocation(**row) for row in _rows("office_locations"))


@cache
def delivery_units() -> Mapping[str, DeliveryUnit]:
    """Probation delivery units by code."""
    return _by_code(DeliveryUnit(**row) for row in _rows("delivery_units"))


def _rows(name: str) -> Sequence[dict[str, str]]:
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _by_code(codes: Iterable[C]) -> Mapping[str, C]:
    return MappingProxyType({one.code: one for one in codes})
