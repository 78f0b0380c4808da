"""A referral as both sides look at it: whose pages these are, and what every page of it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.web.pages import NavigationItem
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.referrals import Referral


class Side(StrEnum):
    """Whose page it is; the value begins its address."""

    PRACTITIONER = "probation-practitioner"
    PROVIDER = "service-provider"

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may see pages of this side."""
        return ("ROLE_PROBATION",) if self is Side.PRACTITIONER else ("ROLE_CRS_PROVIDER",)

    @property
    def other(self) -> Side:
        """The other side."""
        return Side.PROVIDER if self is Side.PRACTITIONER else Side.PRACTITIONER

    @property
    def people(self) -> str:
        """Those who are of this side."""
        return "probation practitioners" if self is Side.PRACTITIONER else "service providers"

    @property
    def dashboard(self) -> str:
        """The list that this side comes from."""
        return f"/{self.value}/dashboard"

    def of(self, referral_id: UUID, page: str = "progress") -> str:
        """The path of a page of a referral."""
        return f"/{self.value}/referrals/{referral_id}/{page}"


SIDES = (Side.PRACTITIONER, Side.PROVIDER)
TABS = (
    ("progress", "Progress", "Progress"), ("details", "View or change referral", "Referral details"),
    ("case-notes", "Case notes", "Case notes"), ("changelog", "Change log", "Change log"),
    ("timeline", "Timeline", "Timeline"),
)  # fmt: skip
"""The pages about a referral: the end of the address, and what a practitioner and a provider call it."""


@dataclass(frozen=True)
class Frame:
    """What every page about a referral shows. ``case`` is empty where the case record could not be had."""

    side: Side
    referral: Referral
    case: CaseRecord
    names: dict[str, str]

    def path(self, page: str = "progress") -> str:
        """The path of another page about this referral, for the same side."""
        return self.side.of(self.referral.id, page)

    def tabs(self, current: str) -> Sequence[NavigationItem]:
        """The pages about a referral, ``current`` marked."""
        first = self.side is Side.PRACTITIONER
        return [NavigationItem(mine if first else theirs, self.path(end), end == current) for end, mine, theirs in TABS]

    @property
    def caseworker(self) -> str | None:
        """The name of the caseworker; None while nobody is assigned."""
        to = self.referral.assigned_to
        return self.names[to.username] if to else None

    @property
    def may_withdraw(self) -> bool:
        """Whether the practitioner can end the referral now."""
        one = self.referral
        return bool(one.withdrawal_state and not one.concluded_at and not one.report_required)


def equivalent(path: str, user: Principal, has_page: Callable[[str], bool]) -> tuple[Side, str] | None:
    """The page by which somebody of one side sees what ``path`` shows to the other, and the side that it is of.

    A page that one side alone has is answered by the progress of its referral. None when ``path`` is of no side, when
    nothing of the user's side tells the same, or when the user is not of it. ``has_page`` says what there is.
    """
    parts = path.split("/")
    if len(parts) < 3 or parts[1] not in set(Side):
        return None
    side = Side(parts[1]).other
    if not user.has_any(side.roles):
        return None
    same = "/".join(["", side.value, *parts[2:]])
    progress = "/".join(["", side.value, "referrals", *parts[3:4], "progress"]) if parts[2] == "referrals" else same
    return next(((side, one) for one in (same, progress) if has_page(one)), None)


def side_of(user: Principal) -> Side:
    """The side that a user is on; practitioners first."""
    return Side.PRACTITIONER if user.has_any(Side.PRACTITIONER.roles) else Side.PROVIDER
