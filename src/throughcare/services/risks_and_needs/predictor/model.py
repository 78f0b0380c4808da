"""Actuarial predictors: one canonical record a score, whichever generation of tools it came from.

Source: ministryofjustice/hmpps-assess-risks-and-needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from throughcare.kit.errors import BadRequest
from throughcare.services.risks_and_needs.assessment.model import Assessment
from throughcare.services.risks_and_needs.reference.model import Band, Basis

NEW_GENERATION = 6
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


class PredictorTwice(BadRequest):
    """A predictor was given twice on the same basis (400)."""

    code = "PREDICTOR_TWICE"
    title = "A predictor can be given once for each basis"


class Kind(StrEnum):
    """What a predictor predicts. The last two sexual ones are of older tools, before direct and indirect contact."""

    ALL_REOFFENDING = "ALL_REOFFENDING"
    VIOLENT_REOFFENDING = "VIOLENT_REOFFENDING"
    SERIOUS_VIOLENT_REOFFENDING = "SERIOUS_VIOLENT_REOFFENDING"
    DIRECT_CONTACT_SEXUAL = "DIRECT_CONTACT_SEXUAL"
    INDIRECT_IMAGE_SEXUAL = "INDIRECT_IMAGE_SEXUAL"
    CONTACT_SEXUAL = "CONTACT_SEXUAL"
    INDECENT_IMAGE_SEXUAL = "INDECENT_IMAGE_SEXUAL"
    COMBINED_SERIOUS = "COMBINED_SERIOUS"


@dataclass(frozen=True)
class Predictor:
    """A score in per cent over two years, with its band; the weights are told by the older tools only."""

    kind: Kind
    basis: Basis
    score: Decimal | None
    band: Band | None
    algorithm_version: str | None = None
    one_year: Decimal | None = None
    static_weight: Decimal | None = None
    dynamic_weight: Decimal | None = None
    total_weight: Decimal | None = None

    @property
    def calculated(self) -> bool:
        """Whether it says anything, if only that it does not apply."""
        return self.score is not None or self.band is not None


@dataclass(frozen=True)
class PredictorSet:
    """The predictors of one assessment."""

    assessment: Assessment
    predictors: Sequence[Predictor]

    def find(self, kind: Kind, basis: Basis) -> Predictor | None:
        """The predictor of this kind on this basis, or None."""
        return next((one for one in self.predictors if (one.kind, one.basis) == (kind, basis)), None)

    def best(self, kind: Kind) -> Predictor | None:
        """The dynamic predictor of this kind if it was calculated, else the static one, else None."""
        dynamic = self.find(kind, Basis.DYNAMIC)
        return dynamic if dynamic is not None and dynamic.calculated else self.find(kind, Basis.STATIC)

    @property
    def new_generation(self) -> bool:
        """Whether the combined serious reoffending predictor is of algorithm version 6 or later."""
        combined = self.best(Kind.COMBINED_SERIOUS)
        version = (combined.algorithm_version if combined else None) or ""
        return NUMBER.fullmatch(version) is not None and Decimal(version) >= NEW_GENERATION

    @property
    def has_whole_combined(self) -> bool:
        """Whether the combined predictor has score, basis, version and band."""
        combined = self.best(Kind.COMBINED_SERIOUS)
        return combined is not None and None not in {combined.score, combined.band, combined.algorithm_version}


def check(predictors: Iterable[Predictor]) -> None:
    """Raises PredictorTwice."""
    keys = [(one.kind, one.basis) for one in predictors]
    if len(keys) != len(set(keys)):
        raise PredictorTwice
