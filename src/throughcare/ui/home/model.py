"""Where people work, and what a practitioner's first page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import Forbidden
from throughcare.ui.page import (
    CONSOLE_ROLES,
    EDITOR_ROLES,
    INBOX_ROLES,
    PRACTITIONER_ROLES,
    PROVIDER_ROLES,
    SUPPORT_ROLES,
)
from throughcare.ui.peers.drafts import Written

SYSTEM = "/console"


class NoWorkplace(Forbidden):
    """Somebody has an account and no role in this service (403)."""

    code = "NO_WORKPLACE"


@dataclass(frozen=True)
class Workplace:
    """What somebody may come for, and where that is."""

    path: str
    title: str
    text: str
    roles: tuple[str, ...]


WORKPLACES = (
    Workplace(
        "/crs-homepage", "Make and follow referrals",
        "Find an intervention, refer a person and see how they are doing.", PRACTITIONER_ROLES,
    ),
    Workplace(
        "/service-provider/dashboard", "Deliver referrals to your organisation",
        "Assign caseworkers, book appointments, write action plans and reports.", PROVIDER_ROLES,
    ),
    Workplace("/service-editor/dashboard", "My services", "The services that are commissioned.", EDITOR_ROLES),
    Workplace("/support", "Support", "Find out what became of a referral and its messages.", SUPPORT_ROLES),
    Workplace(
        SYSTEM, "Console", "How every service is, what waits on the queues, and what could not be handled.",
        (*CONSOLE_ROLES, *INBOX_ROLES),
    ),
)  # fmt: skip


def workplaces(user: Principal) -> list[Workplace]:
    """Where ``user`` may work. Raises NoWorkplace when there is no such place."""
    found = [one for one in WORKPLACES if user.has_any(one.roles)]
    if not found:
        raise NoWorkplace
    return found


@dataclass(frozen=True)
class Landing:
    """What a practitioner has in hand: numbers and newest drafts, each None when it could not be had."""

    open: int | None
    unassigned: int | None
    drafts: Sequence[Written] | None

    @property
    def newest(self) -> list[Written]:
        """The three drafts that were begun last."""
        return sorted(self.drafts or (), key=lambda one: one.created_at, reverse=True)[:3]
