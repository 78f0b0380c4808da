"""What the lines of the weekly extracts say, as tables, and when they are made."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from tests.unit.interventions.made_up import PRIME, SINGLE
from tests.unit.interventions.reported import APPROVED, day, held, plan, reported
from throughcare.services.interventions.extract.jobs import extract_jobs
from throughcare.services.interventions.extract.model import REFERRAL_COLUMNS, Extract, referral_line, text_of
from throughcare.services.interventions.progress.model import Closing
from throughcare.services.interventions.reporting.model import ReportedReferral


def test_the_files_have_the_names_and_columns_that_their_readers_know() -> None:
    assert {one.file: ",".join(one.header) for one in Extract} == {
        "crs_performance_report-v2-referrals.csv": (
            "referral_ref,referral_id,crs_contract_reference,crs_contract_type,crs_provider_id,referring_officer_id,"
            "relevant_sentence_id,service_user_crn,date_referral_received,date_first_action_plan_submitted,"
            "date_of_first_action_plan_approval,outcomes_to_be_achieved_count,outcomes_progress,"
            "count_of_sessions_expected,count_of_sessions_attended,date_intervention_ended,intervention_end_reason,"
            "date_end_of_service_report_submitted,intervention_end_reason_code,intervention_end_reason_description,"
            "intervention_concluded_at"
        ),
        "crs_performance_report-v2-appointments.csv": (
            "referral_ref,referral_id,appointmentId,appointment_time,duration_in_minutes,booked_at,attended,"
            "attendance_submitted_at,notifyppof_attendance_behaviour,delius_appointment_id,reason_for_appointment"
        ),
        "crs_performance_report-v2-complexity.csv": (
            "referral_ref,referral_id,intervention_title,service_category_id,service_category_name,"
            "complexity_level_title"
        ),
        "crs_performance_report-v2-outcomes.csv": "referral_ref,referral_id,desired_outcome,achievement_level",
    }


@pytest.mark.parametrize(
    ("column", "one", "expected"),
    [
        ("crs_contract_reference", reported(), "PRJ_1"),
        ("crs_contract_type", reported(), SINGLE.name),
        ("crs_provider_id", reported(), PRIME.name),
        ("referring_officer_id", reported(), "BERNARD.BEAKS"),
        ("relevant_sentence_id", reported(), "7"),
        ("date_referral_received", reported(), "2024-03-04 12:00:00.000000+00"),
        ("date_first_action_plan_submitted", reported(plans=[plan(1)]), ""),
        ("date_first_action_plan_submitted", reported(plans=[APPROVED]), "2024-03-07 10:00:00.000000+00"),
        ("outcomes_to_be_achieved_count", reported(desired_outcomes=0), "0"),
        ("outcomes_progress", reported(), "0.0"),
        ("outcomes_progress", reported(closing=Closing(has_report=True), achieved=["ACHIEVED"]), "0.0"),
        (
            "outcomes_progress",
            reported(closing=Closing(has_report=True, report_submitted=True), achieved=["ACHIEVED"]),
            "1.0",
        ),
        ("count_of_sessions_expected", reported(), "0"),
        ("count_of_sessions_expected", reported(plans=[APPROVED]), "2"),
        # final feedback and an approved plan are not called for here
        ("count_of_sessions_attended", reported(held(1, "YES", happened=True, final=False)), "1"),
        ("count_of_sessions_attended", reported(held(1, "YES", happened=True, superseded=True)), "0"),
        ("count_of_sessions_attended", reported(held(1, "YES", happened=True, of="saa")), "0"),
        ("date_intervention_ended", reported(closing=Closing(day(9), day(8))), "2024-03-12 10:00:00.000000+00"),
        ("intervention_end_reason", reported(closing=Closing(day(9), day(8))), "cancelled"),
        ("intervention_end_reason_code", reported(closing=Closing(withdrawal_code="MOV")), "MOV"),
        ("intervention_end_reason_description", reported(withdrawal_reason="Moved"), "Moved"),
        ("intervention_concluded_at", reported(closing=Closing(day(9))), "2024-03-13 10:00:00.000000+00"),
    ],
)
def test_a_column_says(column: str, one: ReportedReferral, expected: str) -> None:
    [row] = csv.DictReader(StringIO(text_of([list(REFERRAL_COLUMNS), referral_line(one)])))
    assert row[column] == expected


@pytest.mark.parametrize(
    ("now", "ticks"),
    [
        (datetime(2024, 3, 8, 19, 7, tzinfo=UTC), ["8 19:00", "8 19:05", "1 19:10", "1 19:15"]),
        (datetime(2024, 3, 7, 23, 0, tzinfo=UTC), ["1 19:00", "1 19:05", "1 19:10", "1 19:15"]),
        (datetime(2024, 3, 9, 0, 0, tzinfo=UTC), ["8 19:00", "8 19:05", "8 19:10", "8 19:15"]),
    ],
)
def test_the_files_are_made_on_friday_evenings(now: datetime, ticks: list[str]) -> None:
    assert [f"{one.schedule.latest_tick(now):%-d %H:%M}" for one in extract_jobs()] == ticks
    assert str(extract_jobs()[0].schedule) == "weekly on Friday at 19:00 UTC"
