"""Codes of assessments, and the roles that may read them.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

PROBATION, CRS_PROVIDER = "ROLE_PROBATION", "ROLE_CRS_PROVIDER"
RISKS_READ, ASSESSMENTS_WRITE = "ROLE_ARNS__RISKS__RO", "ROLE_ARNS__ASSESSMENTS__RW"
INTEGRATIONS, RESETTLEMENT = "ROLE_RISK_INTEGRATIONS_RO", "ROLE_RISK_RESETTLEMENT_PASSPORT_RO"
OFFENDER_RISK, PROGRAMMES = "ROLE_OFFENDER_RISK_RO", "ROLE_ACCREDITED_PROGRAMS_RO"
SUPERVISION, CATEGORISATION = "ROLE_ESUPERVISION_API_RISKS_RO", "ROLE_OFFENDER_CATEGORISATION_RO"
MANAGE_PEOPLE, SENTENCE_PLAN = "ROLE_ARNS__MANAGE_PEOPLE_ON_PROBATION__RO", "ROLE_SENTENCE_PLAN_READ"

DEFAULT_WEEKS = 55
CRN_PATTERN = r"^[A-Z][0-9]{6}$"


class Level(StrEnum):
    """A level of risk of serious harm, lowest first."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"


LEVELS = tuple(Level)


class Setting(StrEnum):
    """Where somebody is at risk."""

    COMMUNITY = "COMMUNITY"
    CUSTODY = "CUSTODY"


class Group(StrEnum):
    """Who is at risk; prisoners only in custody."""

    CHILDREN = "Children"
    PUBLIC = "Public"
    KNOWN_ADULT = "Known Adult"
    STAFF = "Staff"
    PRISONERS = "Prisoners"


GROUPS: Mapping[Setting, tuple[Group, ...]] = MappingProxyType({
    Setting.COMMUNITY: tuple(group for group in Group if group is not Group.PRISONERS),
    Setting.CUSTODY: tuple(Group),
})  # fmt: skip


class Answer(StrEnum):
    """The answer to a question of an assessment: yes, no, don't know, not applicable."""

    YES = "YES"
    NO = "NO"
    DK = "DK"
    NA = "NA"


class Band(StrEnum):
    """The band of a predictor's score."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"
    NOT_APPLICABLE = "NOT_APPLICABLE"


class Basis(StrEnum):
    """Whether a score rests on facts alone or also on an interview."""

    STATIC = "STATIC"
    DYNAMIC = "DYNAMIC"


class Layer(StrEnum):
    """The kind of an assessment: full, basic, or a score on its own."""

    LAYER3 = "LAYER3"
    LAYER1 = "LAYER1"
    STANDALONE = "STANDALONE"


class Status(StrEnum):
    """Where an assessment stands."""

    COMPLETE = "COMPLETE"
    LOCKED_INCOMPLETE = "LOCKED_INCOMPLETE"
    OPEN = "OPEN"


@dataclass(frozen=True)
class Section:
    """A section of criminogenic needs; a score from ``threshold`` on is a need. Without one it is not scored."""

    code: str
    name: str
    threshold: int | None


@cache
def sections() -> Mapping[str, Section]:
    """The sections by code, in their order."""
    text = files(__package__).joinpath("sections.csv").read_text(encoding="utf-8")
    return MappingProxyType({
        row["code"]: Section(row["code"], row["name"], int(row["threshold"]) if row["threshold"] else None)
        for row in csv.DictReader(text.splitlines())
    })  # fmt: skip
