"""An assessment as it is recorded."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.assessment.model import Assessment
from throughcare.services.risks_and_needs.need.model import Need
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor
from throughcare.services.risks_and_needs.reference.model import (
    Answer,
    Band,
    Basis,
    Group,
    Layer,
    Level,
    Setting,
    Status,
)
from throughcare.services.risks_and_needs.rosh.model import Concern, Rosh, Texts

Text = Annotated[str, Field(max_length=4000)]
Percentage = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Weight = Annotated[Decimal, Field(ge=-1000, le=1000)]


class TextsBody(Wire):
    """What the assessor wrote."""

    who_is_at_risk: Text | None = None
    nature_of_risk: Text | None = None
    risk_imminence: Text | None = None
    risk_increase_factors: Text | None = None
    risk_mitigation_factors: Text | None = None
    analysis_of_risk_factors: Text | None = None


class ConcernBody(Wire):
    """The answers about one risk to the person."""

    risk: Answer | None = None
    previous: Answer | None = None
    previous_concerns_text: Text | None = None
    current: Answer | None = None
    current_concerns_text: Text | None = None

    def concern(self) -> Concern:
        """The same as the rules want it."""
        return Concern(self.risk, self.previous, self.previous_concerns_text, self.current, self.current_concerns_text)


class ToSelfBody(Wire):
    """Risks to the person."""

    suicide: ConcernBody | None = None
    self_harm: ConcernBody | None = None
    custody: ConcernBody | None = None
    hostel_setting: ConcernBody | None = None
    vulnerability: ConcernBody | None = None


class OtherBody(Wire):
    """Risks of other kinds."""

    escape_or_abscond: Answer | None = None
    control_issues_disruptive_behaviour: Answer | None = None
    breach_of_trust: Answer | None = None
    risk_to_other_prisoners: Answer | None = None


class RoshBody(Wire):
    """Risk of serious harm: levels by group in each setting, and what was written and answered."""

    risk_in_community: dict[Group, Level] = Field(default={})
    risk_in_custody: dict[Group, Level] = Field(default={})
    texts: TextsBody = TextsBody()
    risk_to_self: ToSelfBody = ToSelfBody()
    other_risks: OtherBody = OtherBody()

    def rosh(self) -> Rosh:
        """The same as the rules want it."""
        concerns = {name: getattr(self.risk_to_self, name) for name in ToSelfBody.model_fields}
        answers = {name: getattr(self.other_risks, name) for name in OtherBody.model_fields}
        return Rosh(
            levels={Setting.COMMUNITY: self.risk_in_community, Setting.CUSTODY: self.risk_in_custody},
            texts=Texts(**self.texts.model_dump()),
            to_self={name: one.concern() for name, one in concerns.items() if one is not None},
            other={name: answer for name, answer in answers.items() if answer is not None},
        )


class PredictorBody(Wire):
    """A score."""

    type: Kind
    static_or_dynamic: Basis
    score: Percentage | None = None
    band: Band | None = None
    algorithm_version: Annotated[str, Field(max_length=20)] | None = None
    one_year_score: Percentage | None = None
    static_weighted_score: Weight | None = None
    dynamic_weighted_score: Weight | None = None
    total_weighted_score: Weight | None = None

    def predictor(self) -> Predictor:
        """The same as the rules want it."""
        return Predictor(
            kind=self.type, basis=self.static_or_dynamic, score=self.score, band=self.band,
            algorithm_version=self.algorithm_version, one_year=self.one_year_score,
            static_weight=self.static_weighted_score, dynamic_weight=self.dynamic_weighted_score,
            total_weight=self.total_weighted_score,
        )  # fmt: skip


class NeedBody(Wire):
    """A section with its score."""

    section: Annotated[str, Field(max_length=50)]
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    risk_of_harm: bool | None = None
    risk_of_reoffending: bool | None = None


class AssessmentBody(Wire):
    """An assessment to record; completed now unless another moment is given."""

    noms_number: Annotated[str, Field(pattern=r"^[A-Z][0-9]{4}[A-Z]{2}$")] | None = None
    assessment_type: Layer = Layer.LAYER3
    status: Status = Status.COMPLETE
    initiation_date: AwareDatetime | None = None
    completed_date: AwareDatetime | None = None
    version: Annotated[int, Field(ge=1, le=2)] = 1
    rosh: RoshBody = RoshBody()
    predictors: list[PredictorBody] = Field(default=[], max_length=20)
    needs: list[NeedBody] = Field(default=[], max_length=20)

    def assessment(self, crn: str, now: datetime) -> Assessment:
        """The same as the rules want it."""
        completed = (self.completed_date or now) if self.status is Status.COMPLETE else None
        return Assessment(
            crn=crn, noms_number=self.noms_number, layer=self.assessment_type, status=self.status,
            initiated_at=self.initiation_date or completed or now, completed_at=completed, version=self.version,
        )  # fmt: skip

    def all_needs(self) -> tuple[Need, ...]:
        """The sections."""
        return tuple(Need(one.section, one.score, one.risk_of_harm, one.risk_of_reoffending) for one in self.needs)
