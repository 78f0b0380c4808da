"""What a provider does about the end of service report."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.conclusion.usecases import conclude_if_due
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import Clash, NotThere
from throughcare.services.interventions.report.events import ReportSubmitted
from throughcare.services.interventions.report.model import Outcome, Report
from throughcare.services.interventions.report.store import ReportStore
from throughcare.services.interventions.settings import pages
from throughcare.services.interventions.summary.store import SummaryStore


async def create_report(uow: UnitOfWork, referral_id: UUID, *, by: Actor) -> Report:
    """The report on a referral, begun if there was none. Raises Clash (REPORT_NOT_DUE)."""
    async with uow:
        referral = await uow.store(ReferralStore).get(referral_id, lock=True)
        store = uow.store(ReportStore)
        existing = await store.find_of_referral(referral_id)
        if existing is not None:
            return existing
        delivery = await read_delivery(store, referral_id)
        if not delivery.report_due(has_report=False, end_requested=referral.withdrawal is not None):
            raise Clash("REPORT_NOT_DUE", "an end of service report is not due yet")
        await uow.store(ActorStore).note(by)
        report = Report(new_id(), referral_id, Mark(uow.now, by.id))
        await store.add(report)
        await uow.store(SummaryStore).refresh(referral_id)
    return report


async def change_report(
    uow: UnitOfWork,
    report_id: UUID,
    *,
    further_information: str | None,
    outcome: Outcome | None,
    catalogue: Catalogue,
) -> Report:
    """The draft with further information, one outcome new or replaced, or both.

    Raises Clash, NotThere, StaleVersion.
    """
    if outcome is not None and outcome.desired_outcome_id not in catalogue.outcomes:
        raise NotThere("OUTCOME_NOT_FOUND", "there is no such desired outcome")
    async with uow:
        store = uow.store(ReportStore)
        return await store.save((await store.get(report_id)).changed(further_information, outcome))


async def submit_report(ctx: Context, report_id: UUID, *, by: Actor) -> Report:
    """Submit the report, which concludes the referral when nothing else is left to do.

    Raises Clash, NotThere, StaleVersion.
    """
    async with ctx.uow as uow:
        store = uow.store(ReportStore)
        draft = await store.get(report_id)
        referral = await uow.store(ReferralStore).get(draft.referral_id, lock=True)
        await uow.store(ActorStore).note(by)
        mark = Mark(uow.now, by.id)
        report = await store.save(draft.submit(mark))
        await uow.store(SummaryStore).refresh(referral.id)
        uow.publish(
            ReportSubmitted(
                referral_id=referral.id, end_of_service_report_id=report.id, submitted_by=by.username,
                person=PersonReference.of(crn=referral.crn),
                detail_path=f"/end-of-service-report/{report.id}",
                occurred_at=mark.at,
            )
        )  # fmt: skip
        delivery = await read_delivery(store, referral.id)
        await conclude_if_due(uow, referral, delivery, report_submitted=True, pages=pages(ctx))
    return report
