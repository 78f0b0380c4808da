"""What the home page shows of referrals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from throughcare.ui.peers.interventions import Draft, Summaries


@dataclass(frozen=True)
class Refused:
    """A part that is not shown, and why: a sentence for whoever looks."""

    why: str


@dataclass(frozen=True)
class Cases:
    """A person's referrals, part by part; a part may be refused. ``names`` are those of caseworkers."""

    ended: Summaries | Refused
    open: Summaries | Refused | None = None
    unassigned: Summaries | Refused | None = None
    assigned: Summaries | Refused | None = None
    drafts: Sequence[Draft] | Refused | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> Refused | None:
        """Why nothing at all is shown; None when there is a part to show, or the reasons differ."""
        parts = [one for one in (self.ended, self.open, self.unassigned, self.assigned, self.drafts) if one is not None]
        reasons = {one.why for one in parts if isinstance(one, Refused)}
        alike = len(reasons) == 1 and all(isinstance(one, Refused) for one in parts)
        return Refused(reasons.pop()) if alike else None


def caseworkers(*parts: Summaries | Refused) -> set[str]:
    """The user names of everybody to whom a referral of these parts is assigned."""
    shown = [one for part in parts if isinstance(part, Summaries) for one in part.content]
    return {one.assigned_to.username for one in shown if one.assigned_to}
