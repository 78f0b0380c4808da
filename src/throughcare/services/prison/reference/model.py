"""Lists that never change while the system runs: agencies, codes and the rules that read a code.

Agencies, courts, alert types and codes come from the public repositories ministryofjustice/prison-register,
whereabouts-api and hmpps-alerts-api; movement, imprisonment status, identifier and person codes from the test
data of ministryofjustice/prison-api, which is representative, not the production list.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from throughcare.kit.errors import BadRequest

OUTSIDE, IN_TRANSIT = "OUT", "TRN"
PRISON, COURT = "INST", "CRT"


@dataclass(frozen=True)
class Code:
    """A code with its description."""

    code: str
    description: str
    active: bool


@dataclass(frozen=True)
class Agency:
    """A prison, a court, or one of the two pseudo agencies: outside (``OUT``) and in transit (``TRN``)."""

    agency_id: str
    description: str
    agency_type: str
    active: bool = True
    male: bool = False
    female: bool = False
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    operator: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class MovementReason(Code):
    """Why somebody is moved; ``escape`` marks those who went without leave."""

    movement_type: str
    escape: bool


@dataclass(frozen=True)
class AlertType(Code):
    """A group of alert codes."""

    sequence: int


@dataclass(frozen=True)
class AlertCode(Code):
    """What an alert warns of."""

    alert_type: str
    sequence: int


@dataclass(frozen=True)
class ImprisonmentStatus(Code):
    """What somebody is held for; ``band`` orders statuses from the gravest."""

    band: int


def check_all(*checks: Callable[[], object]) -> None:
    """Run every check, so that the caller hears of every wrong field at once. Raises what the first refusal raised."""
    refused: list[BadRequest] = []
    for check in checks:
        try:
            check()
        except BadRequest as error:
            refused.append(error)
    if refused:
        first, fields = refused[0], [field for one in refused for field in one.errors]
        raise type(first)(first.message, code=first.code, errors=fields)


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("throughcare.services.prison") / "data" / f"{name}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def _yes(value: str) -> bool:
    return value == "yes"


def _code(row: dict[str, str]) -> Code:
    return Code(row["code"], row["description"], _yes(row["active"]))


def _prison(row: dict[str, str]) -> Agency:
    return Agency(
        row["id"], row["name"], PRISON, _yes(row["active"]), _yes(row["male"]), _yes(row["female"]),
        tuple(row["types"].split()), tuple(row["categories"].split()),
        row["operator"], row["town"], row["county"], row["postcode"],
    )  # fmt: skip


@cache
def agencies() -> Mapping[str, Agency]:
    """Every agency by its id."""
    pseudo = (Agency(OUTSIDE, "OUTSIDE", "OUT"), Agency(IN_TRANSIT, "IN TRANSIT", "TRN"))
    courts = (Agency(row["id"], row["name"], COURT) for row in _rows("courts"))
    known = (*map(_prison, _rows("prisons")), *courts, *pseudo)
    return MappingProxyType({one.agency_id: one for one in known})


@cache
def prisons() -> Mapping[str, Agency]:
    """Every prison by its id, closed ones too."""
    return MappingProxyType({one.agency_id: one for one in agencies().values() if one.agency_type == PRISON})


def agency_name(agency_id: str | None) -> str | None:
    """The name of an agency; None for None or an unknown id."""
    known = agencies().get(agency_id or "")
    return known.description if known else None


@cache
def movement_types() -> Mapping[str, Code]:
    """Every movement type by its code."""
    return MappingProxyType({row["code"]: _code(row) for row in _rows("movement_types")})


@cache
def movement_reasons() -> Mapping[tuple[str, str], MovementReason]:
    """Every movement reason by movement type and code."""
    rows = ((row, _code(row)) for row in _rows("movement_reasons"))
    reasons = (
        MovementReason(one.code, one.description, one.active, row["type"], _yes(row["escape"])) for row, one in rows
    )
    return MappingProxyType({(one.movement_type, one.code): one for one in reasons})


@cache
def alert_types() -> Mapping[str, AlertType]:
    """Every alert type by its code."""
    rows = ((row, _code(row)) for row in _rows("alert_types"))
    types = (AlertType(one.code, one.description, one.active, int(row["sequence"])) for row, one in rows)
    return MappingProxyType({one.code: one for one in types})


@cache
def alert_codes() -> Mapping[str, AlertCode]:
    """Every alert code by its code, which is unique across types."""
    rows = ((row, _code(row)) for row in _rows("alert_codes"))
    codes = (AlertCode(one.code, one.description, one.active, row["type"], int(row["sequence"])) for row, one in rows)
    return MappingProxyType({one.code: one for one in codes})


@cache
def imprisonment_statuses() -> Mapping[str, ImprisonmentStatus]:
    """Every imprisonment status by its code."""
    rows = ((row, _code(row)) for row in _rows("imprisonment_statuses"))
    statuses = (ImprisonmentStatus(one.code, one.description, one.active, int(row["band"])) for row, one in rows)
    return MappingProxyType({one.code: one for one in statuses})


@cache
def identifier_types() -> Mapping[str, Code]:
    """Every type of identifier by its code."""
    return MappingProxyType({row["code"]: _code(row) for row in _rows("identifier_types")})


@cache
def person_codes(domain: str) -> Mapping[str, Code]:
    """The codes of ``SEX``, ``ETHNICITY``, ``TITLE``, ``SUFFIX`` or ``RELIGION``."""
    rows = (row for row in _rows("person_codes") if row["domain"] == domain)
    return MappingProxyType({row["code"]: _code(row) for row in rows})


def described(domain: str, code: str | None) -> str | None:
    """The description of a person code; None for None or an unknown code."""
    known = person_codes(domain).get(code or "")
    return known.description if known else None
