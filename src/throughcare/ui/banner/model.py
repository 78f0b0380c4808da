"""What everybody, or everybody of one side, is told at the top of each page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import NotFound


class Kind(StrEnum):
    """What a banner is for."""

    OUTAGE = "outage"
    BROADCAST = "broadcast"
    NEWS = "whats_new"


class Audience(StrEnum):
    """Who sees a banner."""

    EVERYBODY = "everybody"
    PRACTITIONERS = "practitioners"
    PROVIDERS = "providers"


ROLES = {Audience.PRACTITIONERS: ("ROLE_PROBATION",), Audience.PROVIDERS: ("ROLE_CRS_PROVIDER",)}


@dataclass(frozen=True)
class Banner:
    """A banner, shown from ``starts_at`` until ``ends_at``, or for good; ``written_by`` is a user name."""

    id: UUID
    kind: Kind
    audience: Audience
    title: str
    body: str
    starts_at: datetime
    ends_at: datetime | None
    dismissible: bool
    written_by: str
    written_at: datetime

    def shown_at(self, now: datetime) -> bool:
        """Whether it is on show."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def state(self, now: datetime) -> str:
        """``On show``, ``Later`` or ``Over``."""
        return "On show" if self.shown_at(now) else "Later" if now < self.starts_at else "Over"

    def meant_for(self, user: Principal) -> bool:
        """Whether this user is among those who see it."""
        roles = ROLES.get(self.audience)
        return roles is None or user.has_any(roles)


def no_banner() -> NotFound:
    """The refusal of a banner that is not there."""
    return NotFound("there is no such banner")


def for_page(banners: Iterable[Banner], user: Principal, dismissed: Sequence[str]) -> list[Banner]:
    """Of those on show the newest of each kind that this user has not put away; outages come first."""
    seen: dict[Kind, Banner] = {}
    for one in sorted(banners, key=lambda one: one.starts_at, reverse=True):
        if one.meant_for(user) and one.kind not in seen and not (one.dismissible and str(one.id) in dismissed):
            seen[one.kind] = one
    return [seen[kind] for kind in Kind if kind in seen]
