"""Who may see what of a person's risk: an audience for each kind of caller, and the fields that each may see.

A field that is not named for an audience is not shown to it. Source of the fields for providers:
ministryofjustice/hmpps-assess-risks-and-needs; the reasons for what differs: docs/risks-and-needs.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from throughcare.kit.errors import Forbidden, NotFound
from throughcare.services.risks_and_needs.reference.model import CRN_PATTERN, CRS_PROVIDER, PROBATION, Setting


class CaseNotFound(NotFound):
    """The probation case record knows no such case (404)."""

    code = "CASE_NOT_FOUND"
    title = "There is no case with this CRN"


class CaseLimited(Forbidden):
    """The caller is excluded from the case, or it is restricted to others (403)."""

    code = "CASE_LIMITED"
    title = "You are not permitted to see this case"


class UserNeeded(Forbidden):
    """A practitioner's role came without a practitioner (403)."""

    code = "USER_NEEDED"
    title = "This needs the token of a person"


class NoReferral(Forbidden):
    """The provider holds no referral of this person (403)."""

    code = "NO_REFERRAL"
    title = "Your organisation holds no referral for this person"


class Audience(StrEnum):
    """For whom an answer is made."""

    PRACTITIONER = "PRACTITIONER"
    PROVIDER = "PROVIDER"
    SYSTEM = "SYSTEM"


EVERYTHING = frozenset({"*"})
VISIBLE: Mapping[Audience, Mapping[str, frozenset[str]]] = MappingProxyType({
    Audience.PRACTITIONER: {"summary": EVERYTHING, "rosh": EVERYTHING, "widget": EVERYTHING},
    Audience.SYSTEM: {"summary": EVERYTHING, "rosh": EVERYTHING, "widget": EVERYTHING},
    Audience.PROVIDER: {
        "summary": frozenset({"risk_in_community", "overall_risk_level", "assessed_on"}),
        "rosh": frozenset({"risk_to_self", "summary", "assessed_on"}),
        "widget": frozenset({"overall_risk", "risk_in_community", "assessed_on"}),
    },
})  # fmt: skip
SETTINGS: Mapping[Audience, tuple[Setting, ...]] = MappingProxyType({
    Audience.PRACTITIONER: tuple(Setting),
    Audience.SYSTEM: tuple(Setting),
    Audience.PROVIDER: (Setting.COMMUNITY,),
})  # fmt: skip


def audience_of(roles: Iterable[str]) -> Audience:
    """The audience of a caller; whoever holds the provider's role sees no more than a provider."""
    held = frozenset(roles)
    if CRS_PROVIDER in held:
        return Audience.PROVIDER
    return Audience.PRACTITIONER if PROBATION in held else Audience.SYSTEM


def is_crn(text: str) -> bool:
    """Whether ``text`` could be the CRN of a case."""
    return re.fullmatch(CRN_PATTERN, text) is not None


def shows(audience: Audience, document: str, field: str) -> bool:
    """Whether ``audience`` may see ``field`` of ``document``; what is not listed is hidden."""
    fields = VISIBLE[audience].get(document, frozenset())
    return field in fields or "*" in fields
