"""What an assessor records in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from throughcare.services.risks_and_needs.assessment.model import Assessment
from throughcare.services.risks_and_needs.need import model as need
from throughcare.services.risks_and_needs.need.model import Need
from throughcare.services.risks_and_needs.predictor import model as predictor
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor
from throughcare.services.risks_and_needs.rosh.model import Rosh


@dataclass(frozen=True)
class Findings:
    """An assessment with everything that it found."""

    assessment: Assessment
    rosh: Rosh
    predictors: tuple[Predictor, ...]
    needs: tuple[Need, ...]

    def check(self, now: datetime) -> None:
        """Raises CompletedInFuture, GroupNotInSetting, PredictorTwice, SectionUnknown."""
        self.assessment.check(now)
        self.rosh.check()
        predictor.check(self.predictors)
        need.check(self.needs)

    def scores(self, kind: Kind) -> bool:
        """Whether there is a score of this kind."""
        return any(one.kind is kind and one.score is not None for one in self.predictors)
