"""Which referrals a list holds, and in what order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from throughcare.services.interventions.refusal.model import Refused

REFERENCE = re.compile(r"[A-Z]{2}[0-9]{4}[A-Z]{2}")
NO_LOCATION = "Not available"

SORT_KEYS = {
    "sentAt": "sent_at",
    "concludedAt": "concluded_at",
    "referenceNumber": "reference_number",
    "serviceUserData.lastName": "last_name",
    "intervention.title": "title",
    "intervention.dynamicFrameworkContract.primeProvider.name": "provider_name",
    "assignments.assignedTo.userName": "assignee",
    "referralLocation.expectedReleaseDate": "expected_release_date",
}


class Dashboard(StrEnum):
    """The older dashboards of a provider, as callers name them."""

    MINE = "MyCases"
    OPEN = "OpenCases"
    UNASSIGNED = "UnassignedCases"
    COMPLETED = "CompletedCases"

    @classmethod
    def named(cls, name: str | None) -> Dashboard | None:
        """The dashboard of that name; None for all referrals. Raises Refused (DASHBOARD_TYPE_UNKNOWN)."""
        if name is None:
            return None
        if name not in {one.value for one in cls}:
            raise Refused("DASHBOARD_TYPE_UNKNOWN", "there is no such dashboard")
        return cls(name)


@dataclass(frozen=True)
class Reach:
    """Which referrals the caller may see: those of contracts, or those of cases."""

    interventions: frozenset[UUID] = frozenset()
    crns: frozenset[str] = frozenset()
    created_by: UUID | None = None


@dataclass(frozen=True)
class Filters:
    """What the caller asks for; None means any."""

    completed: bool | None = None
    cancelled: bool | None = None
    unassigned: bool | None = None
    assigned_to: str | None = None
    search: str | None = None

    @property
    def reference(self) -> str | None:
        """The reference number searched for, when the search is one."""
        return self.search if self.search and REFERENCE.fullmatch(self.search) else None

    @property
    def name(self) -> str | None:
        """The whole name searched for, in lower case, when the search is not a reference number."""
        return None if self.search is None or self.reference else self.search.strip().lower()


def sort_order(sort: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The columns to sort by, each with whether it descends; oldest first unless asked. Raises Refused."""
    parts = [part for one in sort for part in one.split(",") if part]
    order: list[tuple[str, bool]] = []
    for part in parts:
        if part.lower() in {"asc", "desc"} and order:
            order[-1] = (order[-1][0], part.lower() == "desc")
        elif part in SORT_KEYS:
            order.append((SORT_KEYS[part], False))
        else:
            raise Refused("SORT_UNKNOWN", "the list cannot be sorted by this")
    return order or [("sent_at", False)]
