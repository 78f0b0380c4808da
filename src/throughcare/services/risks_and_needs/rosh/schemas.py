"""Risk of serious harm as it goes over the wire."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.access.model import SETTINGS, Audience
from throughcare.services.risks_and_needs.access.schemas import Trimmed
from throughcare.services.risks_and_needs.reference.model import Answer, Group, Level, Setting
from throughcare.services.risks_and_needs.rosh.model import OTHER, TO_SELF, AssessedRosh, Concern


class RoshSummary(Trimmed):
    """The summary of an assessment of serious harm."""

    who_is_at_risk: str | None = None
    nature_of_risk: str | None = None
    risk_imminence: str | None = None
    risk_increase_factors: str | None = None
    risk_mitigation_factors: str | None = None
    analysis_of_risk_factors: str | None = None
    risk_in_community: dict[Level, list[Group]] | None = None
    risk_in_custody: dict[Level, list[Group]] | None = None
    overall_risk_level: Level | None = None
    assessed_on: datetime | None = None

    @classmethod
    def of(cls, found: AssessedRosh | None, audience: Audience) -> RoshSummary:
        """What ``audience`` may see of it; empty when nothing was found."""
        if found is None:
            return cls()
        whole = cls(
            **vars(found.rosh.texts), risk_in_community=found.rosh.by_level(Setting.COMMUNITY),
            risk_in_custody=found.rosh.by_level(Setting.CUSTODY),
            overall_risk_level=found.rosh.overall(SETTINGS[audience]), assessed_on=found.assessed_on,
        )  # fmt: skip
        return whole.shown_to(audience, "summary")


class ConcernRead(Wire):
    """The answers about one risk to the person."""

    risk: Answer | None = None
    previous: Answer | None = None
    previous_concerns_text: str | None = None
    current: Answer | None = None
    current_concerns_text: str | None = None

    @classmethod
    def of(cls, one: Concern) -> ConcernRead:
        """The wire form."""
        return cls(
            risk=one.risk, previous=one.previous, previous_concerns_text=one.shown_previous_text,
            current=one.current, current_concerns_text=one.shown_current_text,
        )  # fmt: skip


class RiskToSelf(Wire):
    """The risks to the person, each from its own question."""

    suicide: ConcernRead | None = None
    self_harm: ConcernRead | None = None
    custody: ConcernRead | None = None
    hostel_setting: ConcernRead | None = None
    vulnerability: ConcernRead | None = None
    assessed_on: datetime | None = None


class OtherRisks(Wire):
    """Risks of other kinds."""

    escape_or_abscond: Answer | None = None
    control_issues_disruptive_behaviour: Answer | None = None
    breach_of_trust: Answer | None = None
    risk_to_other_prisoners: Answer | None = None
    assessed_on: datetime | None = None


class AllRosh(Trimmed):
    """Everything that was found about serious harm."""

    risk_to_self: RiskToSelf | None = None
    other_risks: OtherRisks | None = None
    summary: RoshSummary | None = None
    assessed_on: datetime | None = None

    @classmethod
    def of(cls, found: AssessedRosh | None, audience: Audience) -> AllRosh:
        """What ``audience`` may see of it; empty when nothing was found."""
        if found is None:
            return cls()
        concerns = {name: ConcernRead.of(one) for name, one in found.rosh.to_self.items() if name in TO_SELF}
        others = {name: answer for name, answer in found.rosh.other.items() if name in OTHER}
        whole = cls(
            risk_to_self=RiskToSelf(**concerns, assessed_on=found.assessed_on),
            other_risks=OtherRisks(**others, assessed_on=found.assessed_on),
            summary=RoshSummary.of(found, audience), assessed_on=found.assessed_on,
        )  # fmt: skip
        return whole.shown_to(audience, "rosh")


class RiskWidget(Trimmed):
    """The levels in short."""

    overall_risk: Level | None = None
    assessed_on: datetime | None = None
    risk_in_community: dict[Group, Level] | None = None
    risk_in_custody: dict[Group, Level] | None = None

    @classmethod
    def of(cls, found: AssessedRosh | None, audience: Audience) -> RiskWidget:
        """What ``audience`` may see of it; empty when nothing was found."""
        if found is None:
            return cls()
        whole = cls(
            overall_risk=found.rosh.overall(SETTINGS[audience]), assessed_on=found.assessed_on,
            risk_in_community=found.rosh.by_group(Setting.COMMUNITY),
            risk_in_custody=found.rosh.by_group(Setting.CUSTODY),
        )  # fmt: skip
        return whole.shown_to(audience, "widget")
