"""Recording an assessment."""

from __future__ import annotations

from throughcare.kit.db import UnitOfWork
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.risks_and_needs.assessment.model import Assessment
from throughcare.services.risks_and_needs.assessment.store import AssessmentStore
from throughcare.services.risks_and_needs.need.store import NeedStore
from throughcare.services.risks_and_needs.predictor.model import Kind
from throughcare.services.risks_and_needs.predictor.store import PredictorStore
from throughcare.services.risks_and_needs.rosh.store import RoshStore
from throughcare.services.risks_and_needs.summary.events import (
    AssessmentSummaryProduced,
    OgrsDetermined,
    RsrDetermined,
    ScoresDetermined,
)
from throughcare.services.risks_and_needs.summary.model import Findings


async def record_assessment(uow: UnitOfWork, found: Findings) -> Assessment:
    """The assessment on record.

    Raises CompletedInFuture, GroupNotInSetting, PredictorTwice, SectionUnknown, AssessmentExists.
    """
    found.check(uow.now)
    async with uow:
        one = await uow.store(AssessmentStore).add(found.assessment)
        await uow.store(RoshStore).add(one.id, found.rosh)
        await uow.store(PredictorStore).add(one.id, found.predictors)
        await uow.store(NeedStore).add(one.id, found.needs)
        _announce(uow, one, found)
    return one


def _announce(uow: UnitOfWork, one: Assessment, found: Findings) -> None:
    person = PersonReference.of(crn=one.crn, noms=one.noms_number)
    summary = f"/assessments/id/{one.id}/summary/{one.status}"
    uow.publish(AssessmentSummaryProduced(crn=one.crn, assessment_id=one.id, person=person, detail_path=summary))
    if not found.predictors:
        return
    scores = f"/assessments/id/{one.id}/risk/predictors/all"
    uow.publish(ScoresDetermined(crn=one.crn, assessment_id=one.id, person=person, detail_path=scores))
    if found.scores(Kind.ALL_REOFFENDING):
        uow.publish(OgrsDetermined(crn=one.crn, assessment_id=one.id, person=person, detail_path=scores))
    if found.scores(Kind.COMBINED_SERIOUS):
        uow.publish(RsrDetermined(crn=one.crn, assessment_id=one.id, person=person, detail_path=scores))
