"""Reads referrals for their readers: one in full, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, false, func, or_, select

from throughcare.kit.context import Context
from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.model import newest
from throughcare.services.interventions.action_plan.store import ActionPlanStore, action_plan
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.actor.store import actor, named
from throughcare.services.interventions.appointment.store import appointment
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.schemas import ServiceProvider
from throughcare.services.interventions.catalogue.store import (
    dynamic_framework_contract,
    intervention,
    service_provider,
)
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.draft.schemas import DraftReferral
from throughcare.services.interventions.overview.model import NO_LOCATION, Dashboard, Filters, Reach
from throughcare.services.interventions.overview.schemas import (
    SentReferral,
    SentReferralSummary,
    ServiceProviderSummary,
    SummarisedPerson,
)
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.report.schemas import EndOfServiceReport, people_of_report
from throughcare.services.interventions.report.store import ReportStore
from throughcare.services.interventions.summary.store import referral_summary

line = referral_summary.c
# The two lists beside the open one, as ``Closing.completed`` and ``Closing.cancelled`` have them.
COMPLETED = and_(line.concluded_at.is_not(None), line.report_submitted)
CANCELLED = and_(
    line.concluded_at.is_not(None), line.end_requested_at.is_not(None), ~line.report_submitted, ~line.started
)


async def show_referral(ctx: Context, sent: Referral) -> SentReferral:
    """A referral in full."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(OverviewViews) as views:
        return await views.whole(sent, catalogue)


class OverviewViews(Views):
    """Referrals for their readers."""

    async def whole(self, sent: Referral, catalogue: Catalogue) -> SentReferral:
        """A referral in full, with everything that follows from its facts."""
        plans = await ActionPlanStore(self.connection).of_referral(sent.id)
        delivery = await read_delivery(self, sent.id)
        written = await ReportStore(self.connection).find_of_referral(sent.id)
        assigned, requested = sent.assignment, sent.withdrawal
        people = {sent.sent_by, sent.created_by, *(people_of_report(written) if written else ())}
        actors = await named(self, {*people, assigned.assigned_to if assigned else None})
        due = delivery.report_due(has_report=written is not None, end_requested=requested is not None)
        approved = [one for one in plans if one.approved is not None]
        latest = newest(plans)
        return SentReferral(
            id=sent.id, sent_at=sent.sent_at, sent_by=AuthUser.of(actors[sent.sent_by]),
            reference_number=sent.reference_number, intervention_id=sent.intervention_id,
            service_user_crn=sent.crn, relevant_sentence_id=sent.relevant_sentence_id,
            assigned_to=AuthUser.find(actors, assigned.assigned_to if assigned else None),
            referral=DraftReferral.of(sent.as_draft(), sent.intervention(catalogue)),
            action_plan_id=latest.id if latest else None,
            current_action_plan_id=latest.id if latest else None,
            approved_action_plan_ids=[one.id for one in approved] or None,
            end_requested_at=requested.requested_at if requested else None,
            end_of_service_report=EndOfServiceReport.of(written, catalogue, actors) if written else None,
            concluded_at=sent.concluded_at, supplementary_risk_id=sent.supplementary_risk_id,
            end_of_service_report_creation_required=due, created_by=AuthUser.of(actors[sent.created_by]),
            withdrawal_state=delivery.withdrawal(report_due=due).value,
            withdrawal_code=requested.code if requested else None,
            withdrawal_comments=requested.comments if requested else None,
        )  # fmt: skip

    async def crns_of(self, reach: Reach) -> list[str]:
        """The people whose referrals a practitioner may want to see: their own referrals and their cases."""
        mine = or_(line.created_by == reach.created_by, line.crn.in_(reach.crns))
        return [row["crn"] for row in await self.all(select(line.crn).where(mine).distinct())]

    async def summaries(
        self, reach: Reach, filters: Filters, order: Sequence[tuple[str, bool]], catalogue: Catalogue, *,
        limit: int, offset: int,
    ) -> tuple[list[SentReferralSummary], int]:  # fmt: skip
        """The lines of one page, and how many there are in all."""
        conditions = [_within(reach), *_conditions(filters)]
        total = await self.count(select(func.count()).select_from(referral_summary).where(*conditions))
        lines = _sortable([name for name, _ in order]).where(*conditions)
        by = [_sorted(lines, name, descending) for name, descending in order]
        rows = await self.all(lines.order_by(*by, line.referral_id).limit(limit).offset(offset))
        actors = await named(self, {one for row in rows for one in (row["sent_by"], row["assigned_to"])})
        return [_summary(row, actors, catalogue) for row in rows], total

    async def provider_lines(
        self, reach: Reach, dashboard: Dashboard | None, caseworker: UUID, catalogue: Catalogue
    ) -> list[ServiceProviderSummary]:
        """Every referral of an older dashboard, oldest first; those given up before anything happened are left out."""
        conditions = [_within(reach), ~and_(CANCELLED, ~_assessed(), ~_planned()), *_shown(dashboard, caseworker)]
        lines = select(referral_summary).where(*conditions).order_by(line.sent_at, line.referral_id)
        return [
            ServiceProviderSummary(
                referral_id=row["referral_id"], sent_at=row["sent_at"], reference_number=row["reference_number"],
                intervention_title=catalogue.interventions[row["intervention_id"]].title,
                assigned_to_user_name=row["assignee"], service_user_first_name=row["first_name"],
                service_user_last_name=row["last_name"], has_end_of_service_report=row["has_report"],
                end_of_service_report_submitted=row["report_submitted"],
            )
            for row in await self.all(lines)
        ]  # fmt: skip


def _sortable(names: Sequence[str]) -> Select[Any]:
    """The lines, with what the reference data says only where it is sorted by."""
    lines = select(referral_summary)
    if "title" not in names and "provider_name" not in names:
        return lines
    contract = dynamic_framework_contract.c
    joined = (
        referral_summary.join(intervention, intervention.c.id == line.intervention_id)
        .join(dynamic_framework_contract, contract.id == intervention.c.dynamic_framework_contract_id)
        .join(service_provider, service_provider.c.id == contract.prime_provider_id)
    )
    return lines.add_columns(intervention.c.title, service_provider.c.name.label("provider_name")).select_from(joined)


def _sorted(lines: Select[Any], name: str, descending: bool) -> ColumnElement[Any]:
    column = lines.selected_columns[name]
    return column.desc().nulls_last() if descending else column.asc().nulls_last()


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.interventions:
        return line.intervention_id.in_(reach.interventions)
    return line.crn.in_(reach.crns) if reach.crns else false()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    unassigned = line.assigned_to.is_(None)
    asked = ((filters.completed, COMPLETED), (filters.cancelled, CANCELLED), (filters.unassigned, unassigned))
    conditions = [condition if wanted else ~condition for wanted, condition in asked if wanted is not None]
    if filters.assigned_to is not None:
        conditions.append(line.assigned_to.in_(select(actor.c.id).where(actor.c.user_id == filters.assigned_to)))
    if filters.reference is not None:
        conditions.append(line.reference_number == filters.reference)
    if filters.name is not None:
        conditions.append(line.full_name == filters.name if filters.name else false())
    return conditions


def _shown(dashboard: Dashboard | None, caseworker: UUID) -> list[ColumnElement[bool]]:
    if dashboard is None:
        return []
    if dashboard is Dashboard.COMPLETED:
        return [line.concluded_at.is_not(None)]
    shown: list[ColumnElement[bool]] = [line.concluded_at.is_(None)]
    if dashboard is Dashboard.MINE:
        shown.append(line.assigned_to == caseworker)
    if dashboard is Dashboard.UNASSIGNED:
        shown.append(line.assigned_to.is_(None))
    return shown


def _assessed() -> ColumnElement[bool]:
    one = appointment.c
    mine = (one.referral_id == line.referral_id, one.supplier_assessment_id.is_not(None))
    return exists(select(one.id).where(*mine, one.attendance_submitted_at.is_not(None)))


def _planned() -> ColumnElement[bool]:
    one = action_plan.c
    return exists(select(one.id).where(one.referral_id == line.referral_id, one.submitted_at.is_not(None)))


def _summary(row: RowMapping, actors: dict[UUID, Actor], catalogue: Catalogue) -> SentReferralSummary:
    chosen = catalogue.interventions[row["intervention_id"]]
    return SentReferralSummary(
        id=row["referral_id"], sent_at=row["sent_at"], sent_by=AuthUser.of(actors[row["sent_by"]]),
        reference_number=row["reference_number"], assigned_to=AuthUser.find(actors, row["assigned_to"]),
        service_user=SummarisedPerson(
            crn=row["crn"], first_name=row["first_name"], last_name=row["last_name"]
        ),
        service_provider=ServiceProvider.model_validate(chosen.contract.prime), intervention_title=chosen.title,
        concluded_at=row["concluded_at"], expected_release_date=row["expected_release_date"],
        location=row["location"] or NO_LOCATION, location_type=row["location_type"],
        referral_releasing_12_weeks=row["referral_releasing_12_weeks"],
    )  # fmt: skip
