"""Thousands of referrals at once: they are what the product would have written, and reading them walks no table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from tests.service.interventions.journey import CASEWORKER, PRACTITIONER, ok, signed_in
from tests.statements import Executed, analyse, recorded, walks
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT, MANAGERS
from throughcare.seeding.people import synthetic_people
from throughcare.services.interventions.appointment.model import YES, Appointment
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.dev.load import AlreadyThere, seed_referrals
from throughcare.services.interventions.performance_report.model import COLUMNS
from throughcare.services.interventions.performance_report.views import PerformanceReportViews
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.progress.views import read_delivery
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.report.store import ReportStore
from throughcare.services.interventions.reporting.model import Population, ReportedReferral
from throughcare.services.interventions.reporting.views import ReportingViews
from throughcare.services.interventions.summary.store import SummaryStore
from throughcare.services.probation.dev.seeds import seed as seed_probation

pytestmark = pytest.mark.long

HOW_MANY, PEOPLE = 4000, 100
# Tables of a few hundred rows at most, however many referrals there are.
SMALL = {"reference_version", "intervention", "dynamic_framework_contract", "service_provider", "actor"}
# What messages left behind: a load sends none, and an empty table is read at once.
EMPTY = {"referral_message", "notification_request"}
OPEN = "completed=false&cancelled=false"
LISTS, SEARCH, DUE = "/sent-referrals/summaries", "/sent-referrals/search", "/sent-referrals/due"


@pytest.fixture(scope="module")
async def load(world: World) -> Mapping[str, Any]:
    """A referral with everything, under the contract of the demonstration and by the practitioner, among thousands."""
    people = list(synthetic_people(PEOPLE, today=world.clock.today(), managers=MANAGERS))
    await seed_probation(world.context("probation"), people, lambda _: None)
    await seed_referrals(world.context("interventions"), HOW_MANY, people, lambda _: None)
    await analyse(world, "interventions")
    [found] = await world.fetch(
        """
        select s.*, p.id as plan_id, e.id as report_id, n.id as note_id, l.id as change_id
          from interventions.referral_summary s
          join interventions.action_plan p using (referral_id)
          join interventions.end_of_service_report e using (referral_id)
          join interventions.case_note n using (referral_id)
          join interventions.actor a on a.id = s.created_by
          join interventions.intervention i on i.id = s.intervention_id
          join interventions.dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id
          left join interventions.changelog l using (referral_id)
         where a.user_name = $1 and c.contract_reference = $2 and s.report_submitted
         order by l.id nulls last, n.id limit 1
        """,
        PRACTITIONER.username, DEMO_CONTRACT,
    )  # fmt: skip
    return found


async def test_a_load_holds_referrals_in_every_state(world: World, load: Mapping[str, Any]) -> None:
    rows = await world.fetch(
        """
        select standing, assigned_to is null as unassigned, started, has_report, report_submitted, count(*) as many
          from interventions.referral_summary group by 1, 2, 3, 4, 5
        """
    )
    assert sum(one["many"] for one in rows) == HOW_MANY
    found = {(one["standing"], one["unassigned"], one["started"], one["report_submitted"]) for one in rows}
    assert found >= {
        ("OPEN", True, False, False), ("OPEN", False, False, False), ("OPEN", False, True, False),
        ("COMPLETED", False, True, True), ("CANCELLED", True, False, False), ("CANCELLED", False, False, False),
    }  # fmt: skip
    withdrawn_with_a_report_due = "standing = 'OPEN' and end_requested_at is not null and started"
    assert await world.fetch(f"select 1 from interventions.referral_summary where {withdrawn_with_a_report_due}")
    later = await world.fetch("select 1 from interventions.appointment where appointment_time > $1", world.clock.now())
    assert later, "somebody has an appointment to come"
    for fact in ("created_at", "attendance_submitted_at", "appointment_feedback_submitted_at"):
        early = f"select 1 from interventions.appointment where {fact} > $1"
        assert not await world.fetch(early, world.clock.now()), fact


async def test_a_load_is_made_once(world: World, load: Mapping[str, Any]) -> None:
    with pytest.raises(AlreadyThere):
        await seed_referrals(world.context("interventions"), 1, [], lambda _: None)


async def test_the_line_of_a_referral_is_the_one_that_the_product_writes(world: World, load: Mapping[str, Any]) -> None:
    seen = "select * from interventions.referral_summary order by md5(referral_id::text) limit 100"
    before = await world.fetch(seen)
    async with world.context("interventions").uow as uow:
        for row in before:
            sent = await uow.store(ReferralStore).get(row["referral_id"])
            delivery = await read_delivery(uow.store(ReferralStore), sent.id)
            report = await uow.store(ReportStore).find_of_referral(sent.id)
            requested = sent.withdrawal.requested_at if sent.withdrawal else None
            closing = Closing(
                sent.concluded_at, requested, has_report=report is not None,
                report_submitted=report is not None and report.submitted is not None,
            )  # fmt: skip
            standing = "COMPLETED" if closing.completed else "CANCELLED"
            standing = "OPEN" if closing.open(delivery.stage) else standing
            assert (row["standing"], row["started"]) == (standing, delivery.started)
            assert row["full_name"] == sent.service_user.full_name.lower()
            await uow.store(SummaryStore).refresh(sent.id)
    assert await world.fetch(seen) == before


def _first(appointments: Iterable[Appointment]) -> datetime | None:
    return min((one.booking.appointment_time for one in appointments), default=None)


def _came_on_time(one: ReportedReferral) -> bool | None:
    came = [each for each in one.assessments if each.attended]
    if not came:
        return None
    first = min(came, key=lambda each: each.booking.appointment_time)
    return first.attendance.attended == YES and not first.feedback.late


RULES: dict[str, Callable[[ReportedReferral], object]] = {
    "referral_ref": lambda one: one.reference,
    "contract_ref": lambda one: one.intervention.contract.reference,
    "organisation_id": lambda one: one.intervention.contract.prime.id,
    "caseworker_id": lambda one: one.caseworker,
    "date_saa_first_arranged": lambda one: min((each.created.at for each in one.assessments), default=None),
    "date_saa_first_scheduled_for": lambda one: next(
        (each.booking.appointment_time for each in one.assessments if each.live), None
    ),
    "date_saa_first_not_attended": lambda one: _first(each for each in one.assessments if each.not_attended),
    "date_saa_first_attended": lambda one: _first(each for each in one.assessments if each.attended),
    "date_saa_first_completed": lambda one: _first(each for each in one.assessments if each.live and each.completed),
    "saa_attended_on_time": _came_on_time,
    "date_first_action_plan_submitted": lambda one: one.first_submitted,
    "date_of_first_action_plan_approval": lambda one: one.first_approved,
    "date_of_first_attended_session": lambda one: (
        _first(each for each in one.sessions if each.feedback_final and each.completed) if one.plan else None
    ),
    "outcomes_to_be_achieved_count": lambda one: one.desired_outcomes or None,
    "outcomes_achieved": lambda one: one.score,
    "count_of_sessions_expected": lambda one: one.plan.number_of_sessions if one.plan else None,
    "count_of_sessions_attended": lambda one: one.completed_sessions if one.plan else None,
    "end_requested_by_pp_at": lambda one: one.closing.end_requested_at,
    "end_requested_by_pp_reason": lambda one: one.withdrawal_reason,
    "date_eosr_submitted": lambda one: one.report_submitted_at,
    "concluded_at": lambda one: one.closing.concluded_at,
    "referral_end_state": lambda one: one.closing.end_state,
    "date_intervention_to_be_completed_by": lambda one: one.completion_deadline,
    "end_of_sentence_date": lambda one: one.sentence_end,
}


async def test_the_report_says_of_each_referral_what_the_rules_say(world: World, load: Mapping[str, Any]) -> None:
    ctx = world.context("interventions")
    catalogue = await current_catalogue(ctx)
    everything = Population(until=world.clock.now(), interventions=[*catalogue.interventions])
    async with ctx.reading(ReportingViews) as views:
        expected = await views.page(everything, catalogue, after=None, limit=HOW_MANY)
        lines, last = await PerformanceReportViews(views.connection).lines(everything, after=None, limit=HOW_MANY)
        rest, _ = await PerformanceReportViews(views.connection).lines(everything, after=last, limit=HOW_MANY)
    assert len(lines) == len(expected) == HOW_MANY
    assert not rest
    told = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
    for name, rule in RULES.items():
        values = {one["referral_id"]: one[name] for one in told}
        assert values == {one.id: rule(one) for one in expected}, name
        assert len(set(values.values())) > 1, f"{name}: says the same of everybody"


Case = tuple[str, str, int]


def cases(one: Mapping[str, Any]) -> dict[str, Case]:
    """Who asks for what, and how many statements of the service's own that may take."""
    about, plan = f"/sent-referral/{one['referral_id']}", f"/action-plan/{one['plan_id']}"
    provider, practitioner = CASEWORKER.username, PRACTITIONER.username
    names = "sort=serviceUserData.lastName,ASC&sort=sentAt,ASC"
    return {
        "mine": (provider, f"{LISTS}?{OPEN}&assignedTo={CASEWORKER.user_id}&sort=sentAt,DESC", 2),
        "open": (provider, f"{LISTS}?{OPEN}&sort=sentAt,DESC", 3),
        "unassigned": (provider, f"{LISTS}?{OPEN}&unassigned=true&sort=sentAt,DESC", 2),
        "completed": (provider, f"{LISTS}?completed=true&sort=concludedAt,DESC", 4),
        "cancelled": (provider, f"{LISTS}?cancelled=true&sort=concludedAt,DESC", 3),
        "all": (provider, LISTS, 4),
        "counted already": (provider, LISTS, 2),
        "by surname": (provider, f"{LISTS}?completed=true&{names}", 2),
        "by reference": (provider, f"{LISTS}?{OPEN}&sort=referenceNumber,DESC", 3),
        "by title": (provider, f"{LISTS}?{OPEN}&sort=intervention.title", 3),
        "a reference": (provider, f"{LISTS}?search={one['reference_number']}", 2),
        "a name": (provider, f"{LISTS}?search={one['full_name']}", 2),
        "part of a CRN": (provider, f"{SEARCH}?q={one['crn'][2:]}", 2),
        "part of a name": (provider, f"{SEARCH}?q={one['last_name'][:4]}", 2),
        "practitioner's search": (practitioner, f"{SEARCH}?q={one['first_name']} {one['last_name'][:-1]}x", 4),
        "due to me": (provider, f"{DUE}?mine=true", 2),
        "due": (provider, DUE, 2),
        "older dashboard": (provider, "/sent-referrals/summary/service-provider?dashboardType=OpenCases", 2),
        "practitioner's open": (practitioner, f"{LISTS}?{OPEN}&{names}", 3),
        "practitioner's completed": (practitioner, f"{LISTS}?completed=true&{names}", 4),
        "referral": (provider, about, 9),
        "practitioner's referral": (practitioner, about, 9),
        "assessment": (provider, f"{about}/supplier-assessment", 5),
        "plan": (provider, plan, 5),
        "sessions": (provider, f"{plan}/appointments", 5),
        "session": (provider, f"{plan}/appointments/1", 5),
        "session of a referral": (provider, f"/referral/{one['referral_id']}/sessions/1", 5),
        "approved plans": (provider, f"{about}/approved-action-plans", 4),
        "timeline": (provider, f"{about}/timeline", 11),
        "notes": (provider, f"{about}/case-notes", 5),
        "note": (provider, f"/case-note/{one['note_id']}", 4),
        "changes": (provider, f"{about}/change-log", 5),
        "change": (provider, f"/sent-referral/change-log/{one['change_id']}", 4),
        "report": (provider, f"/end-of-service-report/{one['report_id']}", 5),
        "report of a referral": (provider, f"/end-of-service-report?referralId={one['referral_id']}", 5),
        "finder": (practitioner, "/interventions", 1),
        "finder by region": (practitioner, "/interventions?pccRegionIds=kent&allowsMale=false", 1),
        "intervention": (practitioner, f"/intervention/{one['intervention_id']}", 1),
        "own interventions": (provider, "/my-interventions", 1),
        "regions": (practitioner, "/pcc-regions", 1),
        "reasons": (practitioner, "/referral-withdrawal-reasons", 1),
    }  # fmt: skip


@pytest.fixture(scope="module")
async def asked(world: World, load: Mapping[str, Any]) -> dict[str, list[Executed]]:
    """What each request asks the database."""
    found = {}
    for name, (who, path, _) in cases(load).items():
        client = await signed_in(world, who)
        with recorded(world, "interventions") as noted:
            ok(await client.get(path))
        found[name] = noted
    return found


def test_a_read_takes_as_many_statements_as_it_needs(asked: dict[str, list[Executed]], load: Mapping[str, Any]) -> None:
    expected = {name: statements for name, (_, _, statements) in cases(load).items()}
    taken = {name: len(noted) for name, noted in asked.items()}
    assert {name: taken[name] for name in taken if taken[name] != expected[name]} == {}


async def test_no_read_walks_a_whole_table(world: World, asked: dict[str, list[Executed]]) -> None:
    walked = {name: set().union(*await walks(world, noted)) - SMALL - EMPTY for name, noted in asked.items()}
    assert {name: tables for name, tables in walked.items() if tables} == {}


async def test_a_part_of_a_report_walks_no_table(world: World, load: Mapping[str, Any]) -> None:
    ctx = world.context("interventions")
    ids: list[UUID] = [*(await current_catalogue(ctx)).interventions]
    with recorded(world, "interventions") as noted:
        async with ctx.reading(PerformanceReportViews) as views:
            lines, _ = await views.lines(Population(until=world.clock.now(), interventions=ids), after=None, limit=200)
    assert (len(lines), len(noted)) == (200, 1)
    assert set().union(*await walks(world, noted)) <= {*SMALL, "withdrawal_reason"}
