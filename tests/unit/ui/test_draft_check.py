"""What is still to be done before a referral can be sent, and which page changes what."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.ui.test_details import CATALOGUE, CATEGORY, CUSTODY, OTHER, facts
from throughcare.ui.details.model import cards_of
from throughcare.ui.draft_check.model import changes_of, undone
from throughcare.ui.peers.catalogue import Intervention
from throughcare.ui.peers.drafts import DraftRisk

DRAFT = "/referrals/01a22456-1774-7230-a36d-3d19aa0332a6"
DONE = {
    "maximumEnforceableDays": 10,
    "additionalNeedsInformation": "",
    "accessibilityNeeds": "",
    "hasConfirmedPersonalDetails": True,
}


def test_nothing_is_left_to_do_for_a_whole_referral() -> None:
    assert undone(facts(DONE, risk=DraftRisk())) == []
    assert undone(facts(DONE, risk_away=True)) == [], "the service says whether there is risk information"


def test_each_thing_that_is_left_leads_to_its_page_and_back() -> None:
    assert undone(facts({**DONE, "completionDeadline": None})) == [
        ("Review Jo O'Hara-Smith’s information: risk information", f"{DRAFT}/risk-information?return=check"),
        (
            "Add Accommodation referral details: enter when the Accommodation service needs to be completed",
            f"{DRAFT}/completion-deadline?return=check",
        ),
    ]


def test_what_waits_for_the_choice_of_services_is_not_told_beside_it() -> None:
    first = CATALOGUE["serviceCategories"][0]  # type: ignore[index]
    categories = [first, {**first, "id": OTHER}]
    cohort = Intervention.model_validate({**CATALOGUE, "serviceCategories": categories})
    left = undone(facts({**DONE, "serviceCategoryIds": []}, intervention=cohort, risk=DraftRisk()))
    assert [path for _, path in left] == [f"{DRAFT}/service-categories?return=check"]


def test_a_referral_of_no_kind_is_asked_about_that_first() -> None:
    left = undone(facts({**DONE, "personCurrentLocationType": None}))
    assert left == [("Say what type of referral this is", f"{DRAFT}/community-allocated-form")]


@pytest.mark.parametrize(
    ("kind", "row", "page", "card"),
    [
        ({}, "pp-name", "update-probation-practitioner-name", "practitioner"),
        ({}, f"desired-outcomes:{CATEGORY}", f"service-category/{CATEGORY}/desired-outcomes", f"category-{CATEGORY}"),
        ({**CUSTODY, "ppProbationOffice": "Leeds"}, "expected-probation-office",
         "update-probation-practitioner-office", "location"),
        ({**CUSTODY, "isReferralReleasingIn12Weeks": True}, "expected-probation-office", "expected-probation-office",
         "location"),
        ({**CUSTODY, "isReferralReleasingIn12Weeks": False}, "pp-name", "confirm-main-point-of-contact", "contact"),
        ({}, "risk_summary_who_is_at_risk", "edit-oasys-risk-information", "risk"),
    ],
)  # fmt: skip
def test_a_row_is_changed_on_the_page_that_asks_for_it(kind: dict[str, object], row: str, page: str, card: str) -> None:
    one = replace(facts(kind), risk=DraftRisk())
    assert changes_of(one, cards_of(one))[row] == f"{DRAFT}/{page}?return=check&card={card}"


def test_what_comes_from_other_systems_cannot_be_changed_here() -> None:
    one = facts()
    assert not {"first-name", "crn", "address", "sentence-end", "referrer-name"} & set(changes_of(one, cards_of(one)))
