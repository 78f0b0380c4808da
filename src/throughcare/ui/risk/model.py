"""How risk is told: levels of serious harm by group, and the texts of an assessment as a referral carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from throughcare.ui.peers.risks import Concern, Risk

GROUPS = ("Children", "Public", "Known Adult", "Staff", "Prisoners")
LEVELS: Mapping[str, tuple[str, str]] = {
    "LOW": ("Low", "green"), "MEDIUM": ("Medium", "yellow"), "HIGH": ("High", "red"),
    "VERY_HIGH": ("Very high", "purple"),
}  # fmt: skip
MEANINGS = (
    ("Low", "what is known now shows no likelihood of serious harm"),
    ("Medium", "there are signs of a risk of serious harm; it is unlikely unless circumstances change"),
    ("High", "there are signs of a risk of serious harm, which could happen at any time with serious impact"),
    ("Very high", "serious harm is imminent: more likely than not, and as soon as there is an opportunity"),
)
"""What the levels mean, after OASys."""
UNKNOWN = ("Unknown level", "grey")
ANSWERS = {"YES": "Yes", "NO": "No", "DK": "Don’t know", "NA": "Not applicable"}
NO_INFORMATION = "No information"


@dataclass(frozen=True)
class AtRisk:
    """A group of people, and the level of risk that they are at in each setting, as words with their colour."""

    group: str
    in_community: tuple[str, str] | None
    in_custody: tuple[str, str] | None


@dataclass(frozen=True)
class Rosh:
    """Levels of the risk of serious harm. ``in_custody`` tells whether there are levels for that setting, too."""

    overall: tuple[str, str]
    assessed_on: datetime
    groups: Sequence[AtRisk]
    in_custody: bool


def rosh_of(risk: Risk) -> Rosh | None:
    """The levels of an assessment; None without one."""
    if risk.assessed_on is None:
        return None
    summary = risk.summary
    community, custody = _by_group(summary.risk_in_community), _by_group(summary.risk_in_custody)
    groups = [
        AtRisk(group.capitalize(), community.get(group), custody.get(group))
        for group in GROUPS if group in community or group in custody
    ]  # fmt: skip
    return Rosh(LEVELS.get(summary.overall_risk_level or "", UNKNOWN), risk.assessed_on, groups, bool(custody))


def texts_of(risk: Risk) -> dict[str, str]:
    """What an assessment says in words, by the names that the texts have in a referral; empty where it says nothing."""
    summary, to_self = risk.summary, risk.risk_to_self
    return {
        "risk_summary_who_is_at_risk": summary.who_is_at_risk or "",
        "risk_summary_nature_of_risk": summary.nature_of_risk or "",
        "risk_summary_risk_imminence": summary.risk_imminence or "",
        "risk_to_self_self_harm": _told(to_self.self_harm),
        "risk_to_self_suicide": _told(to_self.suicide),
        "risk_to_self_hostel_setting": _told(to_self.hostel_setting),
        "risk_to_self_vulnerability": _told(to_self.vulnerability),
        "additional_information": "",
    }


def _by_group(levels: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, str]]:
    return {group: LEVELS.get(level, UNKNOWN) for level, groups in levels.items() for group in groups}


def _told(concern: Concern | None) -> str:
    """The answers about a concern, now and before, each with what was written of it."""
    if concern is None:
        return ""
    now = ANSWERS.get(concern.current or concern.risk or "")
    before = ANSWERS.get(concern.previous or "")
    said = [now, concern.current_concerns_text, f"Previously: {before}" if before else None,
            concern.previous_concerns_text]  # fmt: skip
    return "\n".join(filter(None, said))
