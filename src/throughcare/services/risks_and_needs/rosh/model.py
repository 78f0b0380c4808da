"""Risk of serious harm (ROSH): levels for each group in each setting, and the answers behind them.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from throughcare.kit.errors import BadRequest
from throughcare.services.risks_and_needs.reference.model import GROUPS, LEVELS, Answer, Group, Level, Setting

Levels = Mapping[Setting, Mapping[Group, Level]]

TO_SELF = ("suicide", "self_harm", "custody", "hostel_setting", "vulnerability")
OTHER = ("escape_or_abscond", "control_issues_disruptive_behaviour", "breach_of_trust", "risk_to_other_prisoners")


class GroupNotInSetting(BadRequest):
    """A level was given for a group that is not at risk in that setting (400)."""

    code = "GROUP_NOT_IN_SETTING"
    title = "Prisoners are at risk in custody only"


@dataclass(frozen=True)
class Concern:
    """The answers about one risk to the person; texts count only where the answer is yes."""

    risk: Answer | None = None
    previous: Answer | None = None
    previous_text: str | None = None
    current: Answer | None = None
    current_text: str | None = None

    @property
    def shown_previous_text(self) -> str | None:
        """The text about the past, if there was a concern."""
        return self.previous_text if self.previous is Answer.YES else None

    @property
    def shown_current_text(self) -> str | None:
        """The text about the present, if there is a concern."""
        return self.current_text if self.current is Answer.YES else None


@dataclass(frozen=True)
class Texts:
    """What the assessor wrote."""

    who_is_at_risk: str | None = None
    nature_of_risk: str | None = None
    risk_imminence: str | None = None
    risk_increase_factors: str | None = None
    risk_mitigation_factors: str | None = None
    analysis_of_risk_factors: str | None = None


@dataclass(frozen=True)
class Rosh:
    """The risk of serious harm that an assessment found. Groups without a level are left out."""

    levels: Levels
    texts: Texts = Texts()
    to_self: Mapping[str, Concern] = field(default_factory=dict)
    other: Mapping[str, Answer] = field(default_factory=dict)

    def check(self) -> None:
        """Raises GroupNotInSetting."""
        for setting, groups in self.levels.items():
            if not set(groups) <= set(GROUPS[setting]):
                raise GroupNotInSetting

    def by_level(self, setting: Setting) -> dict[Level, list[Group]]:
        """The groups at each level in a setting, highest level first."""
        found = self.levels.get(setting, {})
        ordered = {level: [group for group in Group if found.get(group) is level] for level in reversed(LEVELS)}
        return {level: groups for level, groups in ordered.items() if groups}

    def by_group(self, setting: Setting) -> dict[Group, Level]:
        """The level of each group in a setting."""
        found = self.levels.get(setting, {})
        return {group: found[group] for group in Group if group in found}

    def overall(self, settings: Iterable[Setting]) -> Level | None:
        """The highest level in the given settings, or None when there is none."""
        found = [level for setting in settings for level in self.levels.get(setting, {}).values()]
        return max(found, key=LEVELS.index, default=None)


@dataclass(frozen=True)
class AssessedRosh:
    """The risk of serious harm, and when it was assessed."""

    rosh: Rosh
    assessed_on: datetime
