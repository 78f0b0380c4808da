"""Risks and needs: assessments of risk of serious harm, scores, needs, and what practitioners add for providers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from throughcare.kit.service import Service
from throughcare.services.risks_and_needs.dev.seeds import seed
from throughcare.services.risks_and_needs.summary.events import (
    AssessmentSummaryProduced,
    OgrsDetermined,
    RsrDetermined,
    ScoresDetermined,
)
from throughcare.services.risks_and_needs.supplementary_risk.events import SupplementaryRiskCreated

if TYPE_CHECKING:
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.risks_and_needs.assessment import routes as assessment
    from throughcare.services.risks_and_needs.need import routes as need
    from throughcare.services.risks_and_needs.predictor import routes as predictor
    from throughcare.services.risks_and_needs.rosh import routes as rosh
    from throughcare.services.risks_and_needs.summary import routes as summary
    from throughcare.services.risks_and_needs.supplementary_risk import routes as supplementary_risk

    return [feature.router for feature in (supplementary_risk, predictor, rosh, need, assessment, summary)]


SERVICE = Service(
    name="risks_and_needs",
    path="/assess-risks-and-needs",
    title="Risks and needs",
    routers=_routers,
    publishes=[
        SupplementaryRiskCreated,
        AssessmentSummaryProduced,
        ScoresDetermined,
        OgrsDetermined,
        RsrDetermined,
    ],
    client_roles=("ROLE_PROBATION_API__ARNS__USER_ACCESS",),
    seed=seed,
)
