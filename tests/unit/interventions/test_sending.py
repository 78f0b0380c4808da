"""What a draft needs before it is sent, and what it becomes."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.unit.interventions.made_up import NOW, WORK, made_id
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.draft.model import (
    Details,
    Draft,
    Location,
    OasysRisk,
    PractitionerDetails,
    Selection,
)
from throughcare.services.interventions.refusal.model import Invalid
from throughcare.services.interventions.sending.model import (
    check_sendable,
    is_readable,
    reference_candidate,
    risk_body,
    risk_written_at,
    sent_referral,
)

BY = Actor("2500000001", "delius", "BERNARD.BEAKS")
COMPLETE = Draft(
    made_id("d"), NOW, BY.id, "X000001", made_id("i"), 1,
    Selection(frozenset({WORK.id}), {WORK.id: WORK.levels[0].id},
    {WORK.id: frozenset({WORK.outcomes[0].id})}),
    location=Location("COMMUNITY"), details=Details(date(2024, 9, 1)), additional_risk_information="Anxious",
    additional_risk_information_updated_at=NOW,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"location": Location("CUSTODY")}, "expectedReleaseDate", "RELEASE_DATE_MISSING"),
        ({"additional_risk_information": None}, "additionalRiskInformation", "RISK_MISSING"),
        ({"additional_risk_information": ""}, "additionalRiskInformation", "RISK_MISSING"),
        ({"relevant_sentence_id": None}, "relevantSentenceId", "CANNOT_BE_EMPTY"),
        ({"location": Location()}, "personCurrentLocationType", "LOCATION_MISSING"),
        ({"selection": Selection()}, "serviceCategoryIds", "NO_CATEGORY_SELECTED"),
        ({"selection": replace(COMPLETE.selection, levels={})}, "complexityLevels", "CANNOT_BE_EMPTY"),
        ({"selection": replace(COMPLETE.selection, outcomes={})}, "desiredOutcomes", "CANNOT_BE_EMPTY"),
        ({"details": Details()}, "completionDeadline", "CANNOT_BE_EMPTY"),
    ],
)
def test_a_draft_that_lacks_something_is_not_sent(changes: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_sendable(replace(COMPLETE, **changes), None)
    assert refused.value.extra["validationErrors"] == [{"field": field, "error": "CANNOT_BE_EMPTY"}]
    assert refused.value.code == code


def test_all_that_is_missing_is_reported_together_under_the_code_of_the_first() -> None:
    empty = Draft(made_id("d"), NOW, BY.id, "X000001", made_id("i"), location=Location("CUSTODY"))
    with pytest.raises(Invalid) as refused:
        check_sendable(empty, None)
    assert [one.field for one in refused.value.errors] == [
        "expectedReleaseDate", "additionalRiskInformation", "relevantSentenceId", "serviceCategoryIds",
        "completionDeadline",
    ]  # fmt: skip
    assert refused.value.code == "RELEASE_DATE_MISSING"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"location": Location("CUSTODY", referral_releasing_12_weeks=False)},
        {"location": Location("CUSTODY", expected_release_date=date(2024, 6, 1))},
        {"location": Location("CUSTODY", expected_release_date_missing_reason="On remand")},
    ],
)
def test_a_complete_draft_can_be_sent(changes: dict[str, Any]) -> None:
    check_sendable(replace(COMPLETE, **changes), None)


def test_an_assessment_of_risk_will_do_in_place_of_written_risk() -> None:
    check_sendable(replace(COMPLETE, additional_risk_information=None), OasysRisk())


def test_a_reference_number_has_its_shape_and_no_lookalikes() -> None:
    chance = random.Random(1)
    made = [reference_candidate("Education, Training and Employment", chance) for _ in range(2000)]
    assert all(re.fullmatch(r"[A-HJ-NP-Z]{2}[0-9]{4}ED", one) for one in made)
    assert not is_readable("AS1235ED")
    assert not is_readable("AO1230ED")
    assert not is_readable("AI1234ED")
    assert not is_readable("BA8234ED")
    assert is_readable("AS1234ED")


def test_risk_goes_out_as_it_was_written() -> None:
    written = risk_written_at(COMPLETE, None)
    body = risk_body(COMPLETE, None, by=BY, written=written)
    assert body == {
        "source": "INTERVENTION_REFERRAL", "sourceId": str(COMPLETE.id), "crn": "X000001",
        "createdByUser": "2500000001", "createdByUserType": "delius",
        "createdDate": "2024-03-04T12:00:00.000",
        "riskSummaryComments": "Anxious",
    }  # fmt: skip


def test_an_edited_assessment_takes_the_place_of_written_risk() -> None:
    risk = OasysRisk(risk_summary_who_is_at_risk="Staff", additional_information="More")
    at = NOW.replace(month=7) + timedelta(microseconds=1999)
    body = risk_body(COMPLETE, risk, by=BY, written=risk_written_at(COMPLETE, at))
    assert body["createdDate"] == "2024-07-04T13:00:00.001"
    assert body["riskSummaryComments"] == "More"
    assert body["redactedRisk"] == {
        "riskWho": "Staff", "riskWhen": "", "riskNature": "", "concernsSelfHarm": "", "concernsSuicide": "",
        "concernsHostel": "", "concernsVulnerability": "",
    }  # fmt: skip


def test_from_custody_the_expected_office_falls_back_to_the_practitioners() -> None:
    inside = replace(
        COMPLETE, location=Location("CUSTODY", referral_releasing_12_weeks=True),
        practitioner=PractitionerDetails(pp_probation_office="Leeds"),
    )  # fmt: skip
    sent = sent_referral(inside, reference="AA1234ED", at=NOW, by=BY, sentence_end=None, risk_id=made_id("r"))
    assert sent.location.expected_probation_office == "Leeds"
    assert sent.as_draft().flags.allocated_community_pp is False
