"""What each column of the performance report says, as a table: of referrals that are there for as long as one looks."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, insert, select, text

from tests.unit.interventions.made_up import made_id
from tests.unit.interventions.reported import APPROVED, SENT, day, held, plan, reported
from throughcare.kit.db.database import Database
from throughcare.seeding.accounts import DEMO_CONTRACT, DEMO_PROVIDER
from throughcare.services.interventions.action_plan.store import ActionPlanStore
from throughcare.services.interventions.actor.store import actor
from throughcare.services.interventions.appointment.store import AppointmentStore
from throughcare.services.interventions.catalogue.store import (
    dynamic_framework_contract,
    intervention,
    withdrawal_reason,
)
from throughcare.services.interventions.performance_report.model import COLUMNS, HEADER, as_text
from throughcare.services.interventions.performance_report.views import PerformanceReportViews
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.referral.store import (
    referral,
    referral_assignment,
    referral_desired_outcome,
    referral_details,
)
from throughcare.services.interventions.report.store import end_of_service_report, end_of_service_report_outcome
from throughcare.services.interventions.reporting.model import Population, ReportedReferral

CLOSED = Closing(concluded_at=day(9))
SOMEBODY = made_id("caseworker")
ALONE = text("set local session_replication_role = replica")  # rows that refer to nobody


@pytest.fixture(scope="module")
async def kept(database: str) -> AsyncIterator[Database]:
    """The tables, as their owner reaches them."""
    made = Database(database, "interventions")
    yield made
    await made.close()


async def cell(kept: Database, one: ReportedReferral, column: str) -> str:
    """What the report says of a referral that is kept no longer than this."""
    async with kept.engine.connect() as connection, connection.begin() as begun:
        await connection.execute(ALONE)
        contract = dynamic_framework_contract.c
        demo = select(intervention.c.id).join(
            dynamic_framework_contract, contract.id == intervention.c.dynamic_framework_contract_id
        )
        chosen = await connection.scalar(demo.where(contract.contract_reference == DEMO_CONTRACT))
        assert chosen is not None
        await _put(connection, one, chosen)
        views = PerformanceReportViews(connection)
        lines, _ = await views.lines(Population(until=day(99), interventions=[chosen]), after=None, limit=9)
        await begun.rollback()
    [row] = csv.DictReader(StringIO(HEADER + as_text(lines)))
    return row[column]


async def _put(connection: Any, one: ReportedReferral, chosen: UUID) -> None:
    closing, by = one.closing, {"created_at": SENT, "created_by": SOMEBODY}
    rows: list[tuple[Table, dict[str, object]]] = [
        (referral, {
            **by, "id": one.id, "reference_number": one.reference, "sent_at": one.sent_at, "sent_by": SOMEBODY,
            "crn": one.crn, "intervention_id": chosen, "relevant_sentence_id": 7, "version": 1,
            "relevant_sentence_end_date": one.sentence_end, "supplementary_risk_id": made_id("risk"),
            "end_requested_at": closing.end_requested_at, "concluded_at": closing.concluded_at,
            "withdrawal_code": "TST" if one.withdrawal_reason else None,
        }),
        (referral_details, {
            **by, "id": made_id("details"), "referral_id": one.id, "reason_for_change": "",
            "completion_deadline": one.completion_deadline,
        }),
        (withdrawal_reason, {"code": "TST", "description": one.withdrawal_reason or "", "grouping": "other"}),
    ]  # fmt: skip
    for table, values in rows:
        await connection.execute(insert(table).values(**values))
    for number in range(one.desired_outcomes):
        outcome = {"service_category_id": made_id("category"), "desired_outcome_id": made_id(f"outcome {number}")}
        await connection.execute(insert(referral_desired_outcome).values(referral_id=one.id, **outcome))
    if one.caseworker:
        person = {"id": SOMEBODY, "auth_source": "auth", "user_name": one.caseworker, "user_id": "1"}
        await connection.execute(insert(actor).values(**person))
        assigned = {"assigned_at": SENT, "assigned_by": SOMEBODY, "assigned_to": SOMEBODY, "superseded": False}
        new = insert(referral_assignment).values(id=made_id("assignment"), referral_id=one.id, **assigned)
        await connection.execute(new)
    for each in one.plans:
        await ActionPlanStore(connection).add(each)
    for meeting in one.appointments:
        await AppointmentStore(connection).add(meeting)
    if closing.has_report or one.report_submitted_at:
        await _put_report(connection, one)


async def _put_report(connection: Any, one: ReportedReferral) -> None:
    submitted = one.report_submitted_at or (day(8) if one.closing.report_submitted else None)
    written = {"created_at": SENT, "created_by": SOMEBODY, "submitted_at": submitted, "version": 1}
    report_id = made_id("report")
    await connection.execute(insert(end_of_service_report).values(id=report_id, referral_id=one.id, **written))
    for number, level in enumerate(one.achieved):
        outcome = {"desired_outcome_id": made_id(f"outcome {number}"), "achievement_level": level}
        new = insert(end_of_service_report_outcome).values(end_of_service_report_id=report_id, **outcome)
        await connection.execute(new)


def iso(number: int) -> str:
    return day(number).isoformat().replace("+00:00", "Z")


def saa(at: int, attended: str | None = None, **options: Any) -> Any:
    return held(at, attended, of="saa", **options)


@pytest.mark.parametrize(
    ("column", "one", "expected"),
    [
        ("referral_ref", reported(), "AB1234CD"),
        ("referral_id", reported(), str(made_id("referral"))),
        ("contract_ref", reported(), DEMO_CONTRACT),
        ("organisation_id", reported(), DEMO_PROVIDER),
        ("caseworker_id", reported(), ""),
        ("caseworker_id", reported(caseworker="ALEX"), "ALEX"),
        ("service_user_crn", reported(), "X123456"),
        ("date_referral_received", reported(), "2024-03-04T12:00:00Z"),
        # the first one made, whenever it was to be; one that was replaced counts, one that was put aside does not
        ("date_saa_first_arranged", reported(), ""),
        (
            "date_saa_first_arranged",
            reported(saa(9, made=1, stale=True), saa(8, made=2, superseded=True), saa(1, made=3)),
            iso(2),
        ),
        ("date_saa_first_arranged", reported(held(1, made=1)), ""),
        # the first one made that still counts
        (
            "date_saa_first_scheduled_for",
            reported(saa(8, made=1, superseded=True), saa(9, made=2), saa(1, made=3)),
            iso(9),
        ),
        ("date_saa_first_scheduled_for", reported(saa(8, superseded=True)), ""),
        (
            "date_saa_first_not_attended",
            reported(saa(5, "NO"), saa(2, "NO", superseded=True), saa(1, "NO", stale=True)),
            iso(2),
        ),
        ("date_saa_first_not_attended", reported(saa(5, "YES"), held(1, "NO")), ""),
        (
            "date_saa_first_attended",
            reported(saa(1, "YES", final=False), saa(3, "LATE"), saa(2, "YES", superseded=True)),
            iso(2),
        ),
        ("date_saa_first_attended", reported(saa(1, "YES", stale=True), saa(2, "NO")), ""),
        # what was replaced or put aside was not completed, whether or not it says that a session happened
        (
            "date_saa_first_completed",
            reported(saa(1, "YES", happened=True, superseded=True), saa(4, "YES", happened=True)),
            iso(4),
        ),
        ("date_saa_first_completed", reported(saa(1, "YES", happened=True, stale=True), saa(4, "LATE")), iso(4)),
        ("date_saa_first_completed", reported(saa(1, "YES", happened=False)), ""),
        # empty without an attendance, and late is late
        ("saa_attended_on_time", reported(saa(1, "NO")), ""),
        ("saa_attended_on_time", reported(saa(1, "YES", late=False)), "true"),
        ("saa_attended_on_time", reported(saa(1, "YES")), "true"),
        ("saa_attended_on_time", reported(saa(1, "YES", late=True)), "false"),
        ("saa_attended_on_time", reported(saa(1, "LATE")), "false"),
        ("saa_attended_on_time", reported(saa(1, "YES", late=True), saa(2, "YES", late=False)), "false"),
        ("date_first_action_plan_submitted", reported(plans=[plan(3, submitted=6), APPROVED, plan(1)]), iso(3)),
        ("date_of_first_action_plan_approval", reported(plans=[plan(3, submitted=6, approved=7), APPROVED]), iso(4)),
        ("date_of_first_attended_session", reported(held(5, "YES", happened=True)), ""),
        (
            "date_of_first_attended_session",
            reported(
                saa(1, "YES", happened=True),
                held(2, "YES", happened=True, final=False),
                held(3, "YES", happened=True, stale=True),
                held(4, "YES", happened=False),
                held(5, "YES", happened=True, superseded=True),
                held(6, "YES", happened=True),
                plans=[APPROVED],
            ),
            iso(5),
        ),
        ("outcomes_to_be_achieved_count", reported(desired_outcomes=0), ""),
        ("outcomes_to_be_achieved_count", reported(desired_outcomes=3), "3"),
        ("outcomes_achieved", reported(), ""),
        ("outcomes_achieved", reported(closing=Closing(has_report=True, report_submitted=True)), "0.0"),
        ("outcomes_achieved", reported(closing=Closing(has_report=True), achieved=["ACHIEVED"]), "0.0"),
        (
            "outcomes_achieved",
            reported(
                closing=Closing(has_report=True, report_submitted=True),
                achieved=["ACHIEVED", "PARTIALLY_ACHIEVED", "PARTIALLY_ACHIEVED", "NOT_ACHIEVED"],
            ),
            "2.0",
        ),
        ("count_of_sessions_expected", reported(plans=[plan(9, submitted=9)]), ""),
        ("count_of_sessions_expected", reported(plans=[APPROVED, plan(5, submitted=6, approved=7)]), "5"),
        ("count_of_sessions_attended", reported(held(5, "YES", happened=True)), ""),
        ("count_of_sessions_attended", reported(plans=[APPROVED]), "0"),
        (
            "count_of_sessions_attended",
            reported(
                saa(1, "YES", happened=True),
                held(2, "YES", happened=True),
                held(3, "YES", happened=False),
                held(4, "YES", happened=True, superseded=True),
                held(5, "LATE"),
                plans=[APPROVED],
            ),
            "2",
        ),
        ("end_requested_by_pp_at", reported(closing=Closing(end_requested_at=day(8))), iso(8)),
        ("end_requested_by_pp_reason", reported(withdrawal_reason="Moved, away"), "Moved, away"),
        ("date_eosr_submitted", reported(report_submitted_at=day(8)), iso(8)),
        ("concluded_at", reported(closing=CLOSED), iso(9)),
        ("referral_end_state", reported(), ""),
        ("referral_end_state", reported(closing=CLOSED), "completed"),
        ("referral_end_state", reported(closing=Closing(day(9), day(8))), "cancelled"),
        ("referral_end_state", reported(closing=Closing(day(9), day(8), has_report=True)), "ended"),
        ("date_intervention_to_be_completed_by", reported(), "2024-09-01"),
        ("date_intervention_to_be_completed_by", reported(completion_deadline=None), ""),
        ("end_of_sentence_date", reported(), "2026-01-14"),
    ],
)
async def test_a_column_says(kept: Database, column: str, one: ReportedReferral, expected: str) -> None:
    assert await cell(kept, one, column) == expected


def test_every_column_is_in_the_table() -> None:
    [mark] = [one for one in test_a_column_says.pytestmark if one.name == "parametrize"]  # type: ignore[attr-defined]
    assert {column for column, *_ in mark.args[1]} == set(COLUMNS)
