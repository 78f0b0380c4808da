"""Needs as they go over the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from throughcare.kit.web.schemas import Wire
from throughcare.services.risks_and_needs.assessment.model import VERSIONS, Assessment
from throughcare.services.risks_and_needs.need.model import Need, Standing


class Threshold(Wire):
    """The score from which a section is a need."""

    standard: int


class NeedRead(Wire):
    """A section with its score."""

    section: str
    name: str
    risk_of_harm: bool | None
    risk_of_reoffending: bool | None
    score: int | None
    oasys_threshold: Threshold | None

    @classmethod
    def of(cls, one: Need) -> NeedRead:
        """The wire form."""
        threshold = one.section.threshold
        return cls(
            section=one.section.code, name=one.section.name, risk_of_harm=one.risk_of_harm,
            risk_of_reoffending=one.risk_of_reoffending, score=one.score,
            oasys_threshold=Threshold(standard=threshold) if threshold is not None else None,
        )  # fmt: skip


class Needs(Wire):
    """The needs that an assessment identified, did not identify, and left unanswered."""

    identified_needs: list[NeedRead]
    not_identified_needs: list[NeedRead]
    unanswered_needs: list[NeedRead]
    assessment_version: str
    assessed_on: datetime

    @classmethod
    def of(cls, assessment: Assessment, needs: Sequence[Need]) -> Needs:
        """The needs by standing."""

        def standing(wanted: Standing) -> list[NeedRead]:
            return [NeedRead.of(one) for one in needs if one.standing is wanted]

        return cls(
            identified_needs=standing(Standing.IDENTIFIED), not_identified_needs=standing(Standing.NOT_IDENTIFIED),
            unanswered_needs=standing(Standing.UNANSWERED), assessment_version=VERSIONS[assessment.version],
            assessed_on=assessment.dated,
        )  # fmt: skip
