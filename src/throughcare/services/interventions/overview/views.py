"""Reads referrals for their readers: one in full, and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from throughcare.kit.context import Context
from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.model import newest
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.actor.store import actor, named
from throughcare.services.interventions.appointment.model import LATE, YES
from throughcare.services.interventions.appointment.store import appointment
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.catalogue.schemas import ServiceProvider
from throughcare.services.interventions.catalogue.store import (
    dynamic_framework_contract,
    intervention,
    service_provider,
)
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.draft.model import CUSTODY
from throughcare.services.interventions.draft.schemas import DraftReferral
from throughcare.services.interventions.overview.model import NO_LOCATION, Filters, Reach
from throughcare.services.interventions.overview.schemas import (
    SentReferral,
    SentReferralSummary,
    SummarisedPerson,
)
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import (
    probation_practitioner_details,
    referral,
    referral_assignment,
    referral_location,
    referral_service_user_data,
)
from throughcare.services.interventions.report.schemas import EndOfServiceReport, people_of_report
from throughcare.services.interventions.report.store import ReportStore, end_of_service_report

person, place = referral_service_user_data, referral_location
practitioner = probation_practitioner_details
report = end_of_service_report


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
        mine = or_(referral.c.created_by == reach.created_by, referral.c.crn.in_(reach.crns))
        return [row["crn"] for row in await self.all(select(referral.c.crn).where(mine).distinct())]

    async def summaries(
        self, reach: Reach, filters: Filters, order: Sequence[tuple[str, bool]], *, limit: int, offset: int
    ) -> tuple[list[SentReferralSummary], int]:
        """The lines of one page, and how many there are in all."""
        found = _listed().where(_within(reach), *_conditions(filters))
        total = await self.count(select(func.count()).select_from(found.subquery()))
        by = [_sorted(found, name, descending) for name, descending in order]
        rows = await self.all(found.order_by(*by, referral.c.id).limit(limit).offset(offset))
        actors = await named(self, {one for row in rows for one in (row["sent_by"], row["assigned_to"])})
        return [_summary(row, actors) for row in rows], total


def _listed() -> Select[Any]:
    joined = (
        referral.join(person, person.c.referral_id == referral.c.id)
        .join(place, place.c.referral_id == referral.c.id)
        .join(practitioner, practitioner.c.referral_id == referral.c.id)
        .join(intervention, intervention.c.id == referral.c.intervention_id)
        .join(
            dynamic_framework_contract,
            dynamic_framework_contract.c.id == intervention.c.dynamic_framework_contract_id,
        )
        .join(service_provider, service_provider.c.id == dynamic_framework_contract.c.prime_provider_id)
        .outerjoin(
            referral_assignment,
            and_(referral_assignment.c.referral_id == referral.c.id, ~referral_assignment.c.superseded),
        )
        .outerjoin(actor, actor.c.id == referral_assignment.c.assigned_to)
        .outerjoin(report, report.c.referral_id == referral.c.id)
    )
    return select(
        referral.c.id, referral.c.sent_at, referral.c.sent_by, referral.c.reference_number, referral.c.crn,
        referral.c.concluded_at, person.c.first_name, person.c.last_name, intervention.c.title,
        service_provider.c.id.label("provider_id"), service_provider.c.name.label("provider_name"),
        referral_assignment.c.assigned_to, actor.c.user_name.label("assignee"), place.c.expected_release_date,
        place.c.person_current_location_type, place.c.person_custody_prison_id,
        place.c.referral_releasing_12_weeks,
        practitioner.c.pp_probation_office, practitioner.c.pp_pdu, practitioner.c.ndelius_pdu,
    ).select_from(joined)  # fmt: skip


def _sorted(found: Select[Any], name: str, descending: bool) -> ColumnElement[Any]:
    column = found.selected_columns[name]
    return column.desc().nulls_last() if descending else column.asc().nulls_last()


def _within(reach: Reach) -> ColumnElement[bool]:
    if reach.interventions:
        return referral.c.intervention_id.in_(reach.interventions)
    return referral.c.crn.in_(reach.crns) if reach.crns else false()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    submitted = report.c.submitted_at.is_not(None)
    completed = and_(referral.c.concluded_at.is_not(None), submitted)
    cancelled = and_(
        referral.c.concluded_at.is_not(None),
        referral.c.end_requested_at.is_not(None),
        ~submitted,
        ~_started(),
    )
    unassigned = referral_assignment.c.assigned_to.is_(None)
    asked = ((filters.completed, completed), (filters.cancelled, cancelled), (filters.unassigned, unassigned))
    conditions = [condition if wanted else ~condition for wanted, condition in asked if wanted is not None]
    if filters.assigned_to is not None:
        conditions.append(actor.c.user_id == filters.assigned_to)
    if filters.reference is not None:
        conditions.append(referral.c.reference_number == filters.reference)
    if filters.name is not None:
        full_name = func.lower(person.c.first_name + " " + person.c.last_name)
        conditions.append(full_name == filters.name if filters.name else false())
    return conditions or [true()]


def _started() -> ColumnElement[bool]:
    one = appointment.c
    return exists(
        select(one.id).where(
            one.referral_id == referral.c.id, one.delivery_session_id.is_not(None), ~one.stale,
            one.appointment_feedback_submitted_at.is_not(None), one.attended.in_([YES, LATE]),
        )
    )  # fmt: skip


def _summary(row: RowMapping, actors: dict[Any, Actor]) -> SentReferralSummary:
    offices = (row["pp_probation_office"], row["pp_pdu"], row["ndelius_pdu"])
    kind = row["person_current_location_type"]
    where = row["person_custody_prison_id"] if kind == CUSTODY else next(filter(None, offices), None)
    provider = ServiceProvider(id=row["provider_id"], name=row["provider_name"])
    return SentReferralSummary(
        id=row["id"], sent_at=row["sent_at"], sent_by=AuthUser.of(actors[row["sent_by"]]),
        reference_number=row["reference_number"], assigned_to=AuthUser.find(actors, row["assigned_to"]),
        service_user=SummarisedPerson(crn=row["crn"], first_name=row["first_name"],
        last_name=row["last_name"]),
        service_provider=provider, intervention_title=row["title"], concluded_at=row["concluded_at"],
        expected_release_date=row["expected_release_date"], location=where or NO_LOCATION, location_type=kind,
        referral_releasing_12_weeks=row["referral_releasing_12_weeks"],
    )  # fmt: skip
