"""Reads referrals for their readers: one in full, and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Pool,
    RowMapping,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
)

from throughcare.kit.context import Context
from throughcare.kit.db.database import Views
from throughcare.services.interventions.action_plan.model import newest
from throughcare.services.interventions.action_plan.store import ActionPlanStore, action_plan
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
from throughcare.services.interventions.progress.views import delivered
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.report.schemas import EndOfServiceReport, people_of_report
from throughcare.services.interventions.report.store import ReportStore
from throughcare.services.interventions.summary.store import CANCELLED, COMPLETED, OPEN, referral_summary

line = referral_summary.c
NEVER_EMPTY = {"sent_at", "reference_number", "title", "provider_name"}
COUNTED, COUNT_SECONDS, MOST_COUNTS = 1000, 60.0, 1000


async def show_referral(ctx: Context, sent: Referral) -> SentReferral:
    """A referral in full."""
    catalogue = await current_catalogue(ctx)
    async with ctx.reading(OverviewViews) as views:
        return await views.whole(sent, catalogue)


class OverviewViews(Views):
    """Referrals for their readers."""

    _counts: ClassVar[WeakKeyDictionary[Pool, dict[tuple[Reach, Filters], tuple[float, int]]]] = WeakKeyDictionary()

    async def whole(self, sent: Referral, catalogue: Catalogue) -> SentReferral:
        """A referral in full, with everything that follows from its facts."""
        plans = await ActionPlanStore(self.connection).outlines(sent.id)
        delivery = await delivered(self, sent.id, plans)
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
        mine = or_(line.created_by == reach.created_by, line.crn == any_(literal([*reach.crns], ARRAY(Text))))
        return [row["crn"] for row in await self.all(select(line.crn).where(mine).distinct())]

    async def summaries(
        self, reach: Reach, filters: Filters, order: Sequence[tuple[str, bool]], catalogue: Catalogue, *,
        limit: int, offset: int,
    ) -> tuple[list[SentReferralSummary], int]:  # fmt: skip
        """The lines of one page, and how many there are in all: of a long list, how many there were a minute ago."""
        shape, values = _asked(reach, filters)
        bounds = {"limit": limit, "offset": offset, "many": limit + offset}
        rows = await self._rows(_page(shape, tuple(order)), {**values, **bounds})
        whole = len(rows) < limit and (rows or not offset)
        total = offset + len(rows) if whole else await self._count(reach, filters)
        return [summary_of(row, catalogue) for row in rows], total

    async def _rows(self, statement: Select[Any], values: Mapping[str, object]) -> Sequence[RowMapping]:
        rows: Sequence[RowMapping] = (await self.connection.execute(statement, values)).mappings().all()
        return rows

    async def _count(self, reach: Reach, filters: Filters) -> int:
        held = self._counts.setdefault(self.connection.sync_engine.pool, {})
        then, total = held.get((reach, filters), (-COUNT_SECONDS, 0))
        if monotonic() - then < COUNT_SECONDS:
            return total
        shape, values = _asked(reach, filters)
        total = int(await self.connection.scalar(_number(shape), {**values, "many": COUNTED + 1}) or 0)
        if total > COUNTED:
            total = int(await self.connection.scalar(_number(shape), {**values, "many": None}) or 0)
            if len(held) >= MOST_COUNTS:
                held.clear()
            held[reach, filters] = (monotonic(), total)
        return total

    async def provider_lines(
        self, reach: Reach, dashboard: Dashboard | None, caseworker: UUID, catalogue: Catalogue
    ) -> list[ServiceProviderSummary]:
        """Every referral of an older dashboard, oldest first; those given up before anything happened are left out."""
        given_up = and_(line.standing == CANCELLED, ~_assessed(), ~_planned())
        conditions = [_within(reach), ~given_up, *_shown(dashboard, caseworker)]
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


@dataclass(frozen=True)
class _Shape:
    """What a list is found by: its statement is made once for each shape, since making it takes longer than running."""

    by_contract: bool
    unassigned: bool | None
    by_caseworker: bool
    by_reference: bool
    by_name: bool


def _asked(reach: Reach, filters: Filters) -> tuple[_Shape, dict[str, object]]:
    by_caseworker, by_reference = filters.assigned_to is not None, filters.reference is not None
    shape = _Shape(bool(reach.interventions), filters.unassigned, by_caseworker, by_reference, filters.name is not None)
    return shape, {
        "within": [*(reach.interventions or reach.crns)], "standings": _standings(filters),
        "caseworker": filters.assigned_to, "reference": filters.reference, "name": filters.name,
    }  # fmt: skip


WITHIN_CONTRACTS, WITHIN_CASES = bindparam("within", type_=ARRAY(Uuid)), bindparam("within", type_=ARRAY(Text))
STANDINGS = bindparam("standings", type_=ARRAY(Text))


@lru_cache(maxsize=256)
def _page(shape: _Shape, order: tuple[tuple[str, bool], ...]) -> Select[Any]:
    """One page with the actors of each line; those that the order does not tell apart come as they were sent."""
    asked, last = [name for name, _ in order], order[-1][1]
    keys = [*order, *((name, last) for name in ("sent_at", "referral_id") if name not in asked)]
    first = _first(shape, [key for key in keys if key[0] in line]).subquery("first_lines")
    named = _with_titles(first) if {"title", "provider_name"} & {*asked} else select(first)
    limit, offset = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)
    page = named.order_by(*_by(named.selected_columns, keys)).limit(limit).offset(offset).subquery("page")
    return with_people(page).order_by(*_by(page.c, keys))


def with_people(lines: Subquery) -> Select[Any]:
    """Lines of referrals with who sent each and who works on it, as ``summary_of`` reads them."""
    sender, caseworker = actor.alias("sender"), actor.alias("caseworker")
    people = [one.label(f"{who.name}_{one.name}") for who in (sender, caseworker) for one in who.c]
    joined = lines.join(sender, sender.c.id == lines.c.sent_by).outerjoin(
        caseworker, caseworker.c.id == lines.c.assigned_to
    )
    return select(lines, *people).select_from(joined)


def _first(shape: _Shape, keys: Sequence[tuple[str, bool]]) -> Select[Any]:
    """The first lines of a list. Of a provider's list they are the first of each contract and standing, by index."""
    many = bindparam("many", type_=Integer)
    if not shape.by_contract or shape.by_reference or shape.by_name:
        return select(referral_summary).where(*_conditions(shape)).order_by(*_by(line, keys)).limit(many)
    one = func.unnest(WITHIN_CONTRACTS).table_valued("id", name="contracts").render_derived()
    state = func.unnest(STANDINGS).table_valued("name", name="states").render_derived()
    there = (line.intervention_id == one.c.id, line.standing == state.c.name, *_narrowed(shape))
    top = select(referral_summary).where(*there).order_by(*_by(line, keys)).limit(many).lateral("top")
    return select(top).select_from(one.join(state, true()).join(top, true()))


@lru_cache(maxsize=256)
def _number(shape: _Shape) -> Select[Any]:
    some = select(line.referral_id).where(*_conditions(shape)).limit(bindparam("many", type_=Integer)).subquery()
    return select(func.count()).select_from(some)


def _with_titles(lines: FromClause) -> Select[Any]:
    contract = dynamic_framework_contract.c
    joined = (
        lines.join(intervention, intervention.c.id == lines.c.intervention_id)
        .join(dynamic_framework_contract, contract.id == intervention.c.dynamic_framework_contract_id)
        .join(service_provider, service_provider.c.id == contract.prime_provider_id)
    )
    provider_name = service_provider.c.name.label("provider_name")
    return select(lines, intervention.c.title, provider_name).select_from(joined)


def _by(columns: Any, keys: Sequence[tuple[str, bool]]) -> list[ColumnElement[Any]]:
    found = []
    for name, descending in keys:
        direction = columns[name].desc() if descending else columns[name].asc()
        found.append(direction if name in NEVER_EMPTY else direction.nulls_last())
    return found


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    within = line.intervention_id == any_(WITHIN_CONTRACTS) if shape.by_contract else line.crn == any_(WITHIN_CASES)
    return [within, line.standing == any_(STANDINGS), *_narrowed(shape)]


def _within(reach: Reach) -> ColumnElement[bool]:
    return line.intervention_id == any_(literal([*reach.interventions], ARRAY(Uuid)))


def _standings(filters: Filters) -> list[str]:
    asked = ((COMPLETED, filters.completed), (CANCELLED, filters.cancelled))
    kept = {OPEN, COMPLETED, CANCELLED}
    for standing, wanted in asked:
        if wanted is not None:
            kept &= {standing} if wanted else kept - {standing}
    return sorted(kept)


def _narrowed(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if shape.unassigned is not None:
        conditions.append(line.assigned_to.is_(None) if shape.unassigned else line.assigned_to.is_not(None))
    if shape.by_caseworker:
        conditions.append(line.assigned_to.in_(select(actor.c.id).where(actor.c.user_id == bindparam("caseworker"))))
    if shape.by_reference:
        conditions.append(line.reference_number == bindparam("reference"))
    if shape.by_name:
        conditions += [line.full_name == bindparam("name"), bindparam("name", type_=Text) != ""]
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


# Looked up one by one, since as ``exists`` PostgreSQL would rather read the tables whole.
def _assessed() -> ColumnElement[bool]:
    one = appointment.c
    mine = (one.referral_id == line.referral_id, one.supplier_assessment_id.is_not(None))
    return select(one.id).where(*mine, one.attendance_submitted_at.is_not(None)).limit(1).scalar_subquery().is_not(None)


def _planned() -> ColumnElement[bool]:
    one = action_plan.c
    mine = (one.referral_id == line.referral_id, one.submitted_at.is_not(None))
    return select(one.id).where(*mine).limit(1).scalar_subquery().is_not(None)


def summary_of(row: RowMapping, catalogue: Catalogue) -> SentReferralSummary:
    """The line of a list that a row of ``with_people`` holds."""
    chosen = catalogue.interventions[row["intervention_id"]]
    return SentReferralSummary(
        id=row["referral_id"], sent_at=row["sent_at"], sent_by=_user(row, "sender"),
        reference_number=row["reference_number"],
        assigned_to=_user(row, "caseworker") if row["assigned_to"] else None,
        service_user=SummarisedPerson(crn=row["crn"], first_name=row["first_name"], last_name=row["last_name"]),
        service_provider=ServiceProvider.model_validate(chosen.contract.prime), intervention_title=chosen.title,
        concluded_at=row["concluded_at"], expected_release_date=row["expected_release_date"],
        location=row["location"] or NO_LOCATION, location_type=row["location_type"],
        referral_releasing_12_weeks=row["referral_releasing_12_weeks"],
    )  # fmt: skip


def _user(row: RowMapping, who: str) -> AuthUser:
    return AuthUser(
        username=row[f"{who}_user_name"], auth_source=row[f"{who}_auth_source"], user_id=row[f"{who}_user_id"]
    )
