"""Requests for performance reports."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.interventions.made_up import PRIME, catalogue, contract, made_id
from tests.unit.interventions.reported import SENT
from throughcare.services.interventions.access.model import Scope
from throughcare.services.interventions.performance_report.model import (
    HEADER,
    PerformanceReport,
    State,
    check_days,
    new_file,
    outside,
)
from throughcare.services.interventions.refusal.model import Invalid


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
