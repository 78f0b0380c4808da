"""What each column of the performance report says, as a table."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import Any

import pytest

from tests.unit.interventions.made_up import PRIME, catalogue, contract, made_id
from tests.unit.interventions.reported import APPROVED, SENT, day, held, plan, reported
from throughcare.services.interventions.access.model import Scope
from throughcare.services.interventions.performance_report.model import (
    COLUMNS,
    HEADER,
    PerformanceReport,
    State,
    check_days,
    lines,
    new_file,
    outside,
)
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.refusal.model import Invalid
from throughcare.services.interventions.reporting.model import ReportedReferral

CLOSED = Closing(concluded_at=day(9))


def test_the_header_is_the_one_that_readers_know() -> None:
    assert HEADER == (
        "referral_ref,referral_id,contract_ref,organisation_id,caseworker_id,service_user_crn,date_referral_received,"
        "date_saa_first_arranged,date_saa_first_scheduled_for,date_saa_first_not_attended,date_saa_first_attended,"
        "date_saa_first_completed,saa_attended_on_time,date_first_action_plan_submitted,"
        "date_of_first_action_plan_approval,date_of_first_attended_session,outcomes_to_be_achieved_count,"
        "outcomes_achieved,count_of_sessions_expected,count_of_sessions_attended,end_requested_by_pp_at,"
        "end_requested_by_pp_reason,date_eosr_submitted,concluded_at,referral_end_state,"
        "date_intervention_to_be_completed_by,end_of_sentence_date\r\n"
    )


def cell(one: ReportedReferral, column: str) -> str:
    [row] = csv.DictReader(StringIO(HEADER + lines([one])))
    return row[column]


def iso(number: int) -> str:
    return day(number).isoformat().replace("+00:00", "Z")


def saa(at: int, attended: str | None = None, **options: Any) -> Any:
    return held(at, attended, of="saa", **options)


@pytest.mark.parametrize(
    ("column", "one", "expected"),
    [
        ("referral_ref", reported(), "AB1234CD"),
        ("referral_id", reported(), str(made_id("referral"))),
        ("contract_ref", reported(), "PRJ_1"),
        ("organisation_id", reported(), PRIME.id),
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
def test_a_column_says(column: str, one: ReportedReferral, expected: str) -> None:
    assert cell(one, column) == expected


def test_every_column_is_in_the_table() -> None:
    [mark] = [one for one in test_a_column_says.pytestmark if one.name == "parametrize"]  # type: ignore[attr-defined]
    assert {column for column, *_ in mark.args[1]} == set(COLUMNS)


def request(**changes: Any) -> PerformanceReport:
    values: dict[str, Any] = {
        "id": made_id("report"), "file": "x.csv", "requested_at": SENT, "requested_by": made_id("caseworker"),
        "from_date": date(2024, 3, 31), "to_date": date(2024, 3, 31), "interventions": [made_id("i PRJ_1")], "total": 2,
    }  # fmt: skip
    return PerformanceReport(**{**values, **changes})


def test_a_day_is_one_in_london_also_when_the_clocks_change() -> None:
    one = request()
    assert (one.since.isoformat(), one.until.isoformat()) == ("2024-03-31T00:00:00+00:00", "2024-03-31T23:00:00+00:00")


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (request(), State.WAITING),
        (request(parts=1, done=1), State.RUNNING),
        (request(parts=1, finished_at=SENT), State.READY),
        (request(parts=1, failed_at=SENT), State.FAILED),
    ],
)
def test_a_report_says_how_far_it_is(one: PerformanceReport, state: State) -> None:
    assert one.state is state


def test_days_in_disorder_are_refused() -> None:
    check_days(date(2024, 3, 1), date(2024, 3, 1))
    with pytest.raises(Invalid):
        check_days(date(2024, 3, 2), date(2024, 3, 1))


def test_a_file_name_is_never_the_same_twice_and_long_enough_not_to_be_guessed() -> None:
    names = {new_file() for _ in range(100)}
    assert len(names) == 100
    assert all(len(one) >= 43 for one in names)


def test_a_report_is_closed_to_whoever_lost_one_of_its_contracts() -> None:
    held = catalogue(contract("PRJ_1"), contract("PRJ_2"))
    both = request(interventions=[made_id("i PRJ_1"), made_id("i PRJ_2")])
    assert outside(both, Scope(frozenset({PRIME.id}), frozenset({"PRJ_1", "PRJ_2"})), held) == []
    reasons = outside(both, Scope(frozenset({PRIME.id}), frozenset({"PRJ_1"})), held)
    assert [one.code for one in reasons] == ["SP_CONTRACT_MISMATCH"]
