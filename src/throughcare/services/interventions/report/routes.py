"""End of service reports: written by the provider, read by both sides."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from throughcare.kit.context import Context
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.access.model import PROVIDER, READERS
from throughcare.services.interventions.access.usecases import allow_referral, allow_report
from throughcare.services.interventions.actor.model import GATE
from throughcare.services.interventions.actor.store import named
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.refusal.model import AccessRefused, Clash, NotThere
from throughcare.services.interventions.report import model, usecases
from throughcare.services.interventions.report.model import no_report
from throughcare.services.interventions.report.schemas import (
    ChangeReport,
    CreateReport,
    EndOfServiceReport,
    people_of_report,
)
from throughcare.services.interventions.report.store import ReportStore

router = Router(tag="End of service reports")

ERRORS = [AccessRefused, NotThere, Clash]


@router.post("/draft-end-of-service-report", status=201, roles=GATE, errors=ERRORS)
async def create_report(body: CreateReport, ctx: Ctx, response: Response) -> EndOfServiceReport:
    """Begin the report on a referral; the one that was begun before is answered again."""
    entry = await allow_referral(ctx, body.referral_id, PROVIDER)
    report = await usecases.create_report(ctx.uow, body.referral_id, by=entry.actor)
    response.headers["Location"] = f"/end-of-service-report/{report.id}"
    return await _shown(ctx, report)


@router.patch("/draft-end-of-service-report/{report_id}", roles=GATE, errors=ERRORS)
async def change_report(report_id: UUID, body: ChangeReport, ctx: Ctx) -> EndOfServiceReport:
    """Write further information, one outcome, or both."""
    await allow_report(ctx, report_id, PROVIDER)
    report = await usecases.change_report(
        ctx.uow, report_id, further_information=body.further_information,
        outcome=body.outcome.given() if body.outcome else None, catalogue=await current_catalogue(ctx),
    )  # fmt: skip
    return await _shown(ctx, report)


@router.post("/draft-end-of-service-report/{report_id}/submit", roles=GATE, errors=ERRORS)
async def submit_report(report_id: UUID, ctx: Ctx) -> EndOfServiceReport:
    """Submit the report."""
    entry = await allow_report(ctx, report_id, PROVIDER)
    return await _shown(ctx, await usecases.submit_report(ctx, report_id, by=entry.actor))


@router.get("/end-of-service-report/{report_id}", roles=GATE, errors=[AccessRefused, NotThere])
async def get_report(report_id: UUID, ctx: Ctx) -> EndOfServiceReport:
    """One report."""
    await allow_report(ctx, report_id, READERS)
    async with ctx.reading(ReportStore) as store:
        report = await store.get(report_id)
    return await _shown(ctx, report)


@router.get("/end-of-service-report", roles=GATE, errors=[AccessRefused, NotThere])
async def find_report(referral_id: Annotated[UUID, Query(alias="referralId")], ctx: Ctx) -> EndOfServiceReport:
    """The report on a referral."""
    await allow_referral(ctx, referral_id, READERS)
    async with ctx.reading(ReportStore) as store:
        report = await store.find_of_referral(referral_id)
    if report is None:
        raise no_report()
    return await _shown(ctx, report)


async def _shown(ctx: Context, report: model.Report) -> EndOfServiceReport:
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(ReportStore) as store:
        return EndOfServiceReport.of(report, catalogue, await named(store, people_of_report(report)))
