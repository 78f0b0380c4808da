"""What the home page shows of referrals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from throughcare.ui.peers.interventions import Draft, ReferralSummary, Summaries


@dataclass(frozen=True)
class Refused:
    """A part that is not shown, and why: a sentence for whoever looks."""

    why: str


@dataclass(frozen=True)
class Cases:
    """A person's referrals, part by part; a part may be refused. ``names`` are those of caseworkers."""

    ended: Sequence[ReferralSummary] | Refused
    open: Summaries | Refused | None = None
    unassigned: Summaries | Refused | None = None
    assigned: Summaries | Refused | None = None
    drafts: Sequence[Draft] | Refused | None = None
    names: Mapping[str, str] = field(default_factory=dict)


def caseworkers(*parts: Summaries | Sequence[ReferralSummary] | Refused) -> set[str]:
    """The user names of everybody to whom a referral of these parts is assigned."""
    found: set[str] = set()
    for part in parts:
        if not isinstance(part, Refused):
            referrals = part.content if isinstance(part, Summaries) else part
            found |= {one.assigned_to.username for one in referrals if one.assigned_to}
    return found
