"""Predictors of a person. For practitioners the case record is asked first."""

from __future__ import annotations

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.risks_and_needs.access.model import CaseLimited, CaseNotFound, UserNeeded
from throughcare.services.risks_and_needs.access.usecases import check_reader
from throughcare.services.risks_and_needs.assessment.model import AssessmentNotFound, IdentifierTypeUnknown
from throughcare.services.risks_and_needs.assessment.schemas import AssessmentId
from throughcare.services.risks_and_needs.predictor.model import PredictorSet
from throughcare.services.risks_and_needs.predictor.schemas import VersionedPredictors, VersionedRsr
from throughcare.services.risks_and_needs.predictor.views import PredictorViews
from throughcare.services.risks_and_needs.reference.model import (
    INTEGRATIONS,
    MANAGE_PEOPLE,
    PROBATION,
    PROGRAMMES,
    RESETTLEMENT,
    RISKS_READ,
)

router = Router(tag="Predictors")

CRN = "crn"
READERS = [PROBATION, RESETTLEMENT, INTEGRATIONS, PROGRAMMES, MANAGE_PEOPLE]
REFUSALS = [IdentifierTypeUnknown, CaseNotFound, CaseLimited, UserNeeded]


@router.get("/risks/predictors/all/{kind}/{value}", roles=READERS, errors=REFUSALS, response_model_exclude_none=True)
async def list_predictors(kind: str, value: str, ctx: Ctx) -> list[VersionedPredictors]:
    """Every set of predictors of a person, by ``crn``, newest first."""
    return [VersionedPredictors.of(one) for one in await _checked(kind, value, ctx)]


@router.get(
    "/risks/predictors/rsr/{kind}/{value}", roles=[PROBATION], errors=REFUSALS, response_model_exclude_none=True
)
async def list_serious_predictors(kind: str, value: str, ctx: Ctx) -> list[VersionedRsr]:
    """The sets with a whole combined serious reoffending predictor, by ``crn``, newest first."""
    return [VersionedRsr.of(one) for one in await _checked(kind, value, ctx) if one.has_whole_combined]


@router.get(
    "/risks/predictors/unsafe/all/{kind}/{value}", roles=[RISKS_READ], errors=[IdentifierTypeUnknown],
    response_model_exclude_none=True,
)  # fmt: skip
async def list_predictors_for_system(kind: str, value: str, ctx: Ctx) -> list[VersionedPredictors]:
    """The same for systems, which answer for their own users."""
    return [VersionedPredictors.of(one) for one in await _sets(kind, value, ctx)]


@router.get(
    "/assessments/id/{assessment_id}/risk/predictors/all", roles=[RISKS_READ], errors=[AssessmentNotFound],
    response_model_exclude_none=True,
)  # fmt: skip
async def get_predictors(assessment_id: AssessmentId, ctx: Ctx) -> VersionedPredictors:
    """The predictors of one assessment."""
    async with ctx.reading(PredictorViews) as views:
        return VersionedPredictors.of(await views.of_assessment(assessment_id))


async def _checked(kind: str, value: str, ctx: Ctx) -> list[PredictorSet]:
    if kind.lower() == CRN:
        await check_reader(ctx, value)
    return await _sets(kind, value, ctx)


async def _sets(kind: str, value: str, ctx: Ctx) -> list[PredictorSet]:
    if kind.lower() != CRN:
        raise IdentifierTypeUnknown
    async with ctx.reading(PredictorViews) as views:
        return await views.of_person(CRN, value)
