"""Which domain events lead to which types, held against the published table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.unit.integration.made_up import change
from tests.unit.integration.published import DOMAIN_EVENTS, F1, F2, F3, F4, F5, F6, NEW_PERSON, TYPES, flag
from throughcare.cli.event_types import PAGE, page
from throughcare.services.integration.change.model import Change, NoAdditionalInformation
from throughcare.services.integration.event_type.model import DOMAIN_EVENTS as SUBSCRIBED
from throughcare.services.integration.event_type.model import EVENT_TYPES, FLAGS, decide_types

ROWS = [(name, path, flag(short)) for name, path, short in (line.split() for line in TYPES.strip().splitlines())]
UPDATED = "prisoner-offender-search.prisoner.updated"
RECEIVED, RELEASED = "prison-offender-events.prisoner.received", "prison-offender-events.prisoner.released"
RISKS = ("RCCO", "RCPR", "RVAD", "STRG", "AVIS", "WEAP", "RLRH", "RMRH", "RHRH")
REASONS = {RECEIVED: "ADMISSION", RELEASED: "RELEASED"}


def names(facts: Change, disabled: Iterable[str] = ()) -> list[str]:
    """The types that a change leads to."""
    return [one.name for one in decide_types(facts, disabled)]


def every_way(event_type: str) -> set[str]:
    """The types that some domain event of this name leads to."""
    found: set[str] = set()
    for code in ("RHRH", "ASFO", "MAPP"):
        information: dict[str, Any] = {
            "registerTypeCode": code, "reason": REASONS.get(event_type), "mappa": {"category": 2},
            "categoriesChanged": ["PERSONAL_DETAILS", "LOCATION", "SENTENCE", "PHYSICAL_DETAILS"],
        }  # fmt: skip
        found |= set(names(change(event_type, information=information, detail_url="https://x.test/1/COMPLETE")))
    return found


def test_the_types_are_the_published_ones_in_their_order() -> None:
    assert [(one.name, one.path, one.flag) for one in EVENT_TYPES] == ROWS
    assert len(ROWS) == 49
    assert len({path for _, path, _ in ROWS}) == 47


@pytest.mark.parametrize("event_type", sorted(DOMAIN_EVENTS))
def test_a_domain_event_can_lead_to_exactly_the_published_types(event_type: str) -> None:
    assert every_way(event_type) == DOMAIN_EVENTS[event_type]


@pytest.mark.parametrize("name", [name for name, _, _ in ROWS])
def test_a_type_is_triggered_by_exactly_its_domain_events(name: str) -> None:
    (one,) = (each for each in EVENT_TYPES if each.name == name)
    assert one.domain_events == {event for event, types in DOMAIN_EVENTS.items() if name in types}


def test_only_events_that_can_lead_to_something_are_subscribed_to() -> None:
    assert set(SUBSCRIBED) == {name for name, types in DOMAIN_EVENTS.items() if types}
    assert (len(DOMAIN_EVENTS), len(SUBSCRIBED)) == (83, 79)
    assert names(change("person.unheard-of.created", information={})) == []


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (code, "DYNAMIC_RISKS_CHANGED")
        for code in ["RCCO", "RCPR", "RVAD", "STRG", "AVIS", "WEAP", "RLRH", "RMRH", "RHRH"]
    ]
    + [(code, "PROBATION_STATUS_CHANGED") for code in ("ASFO", "WRSM")]
    + [("MAPP", "MAPPA_DETAIL_CHANGED")]
    + [(code, None) for code in ("INVI", "ALSH", "mapp", "", None)],
)
def test_a_registration_is_told_by_its_register_code(code: str | None, wanted: str | None) -> None:
    found = names(change("probation-case.registration.updated", information={"registerTypeCode": code}))
    assert found == ([wanted] if wanted else [])


def test_a_registration_that_says_nothing_about_itself_is_an_error() -> None:
    with pytest.raises(NoAdditionalInformation):
        names(change("probation-case.registration.added"))


@pytest.mark.parametrize(
    ("event_type", "reason", "told"),
    [(RECEIVED, reason, True) for reason in ("ADMISSION", "TRANSFERRED")]
    + [(RECEIVED, reason, False) for reason in ("TEMPORARY_ABSENCE_RETURN", "RETURN_FROM_COURT", "RELEASED", None)]
    + [(RELEASED, "RELEASED", True)]
    + [
        (RELEASED, reason, False)
        for reason in ("TEMPORARY_ABSENCE_RELEASE", "RELEASED_TO_HOSPITAL", "SENT_TO_COURT", "TRANSFERRED", "released")
    ],
)
def test_the_base_location_changes_for_some_reasons_only(event_type: str, reason: str | None, told: bool) -> None:
    found = names(change(event_type, information={"reason": reason}))
    assert ("PRISONER_BASE_LOCATION_CHANGED" in found) is told
    assert ("KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE" in found) is (event_type == RELEASED)


@pytest.mark.parametrize(
    ("url", "complete"),
    [
        ("https://x.test/assessment/1/COMPLETE", True),
        ("COMPLETE", True),
        ("https://x.test/1/LOCKED_INCOMPLETE", False),
        ("https://x.test/1/COMPLETE/", False),
        ("https://x.test/1/COMPLETE?x", False),
        ("https://x.test/1/complete", False),
        (None, False),
    ],
)
def test_only_a_completed_assessment_is_told(url: str | None, complete: bool) -> None:
    wanted = ["RISK_OF_SERIOUS_HARM_CHANGED", "ASSESSMENT_SUMMARY_CHANGE", "NEEDS_CHANGED"] if complete else []
    assert names(change("assessment.summary.produced", detail_url=url)) == wanted


@pytest.mark.parametrize(
    ("categories", "more"),
    [
        ([], []),
        (None, []),
        (["IDENTIFIERS", "ALERTS", "STATUS", "RESTRICTED_PATIENT", "INCENTIVE_LEVEL"], []),
        (["PERSONAL_DETAILS"], ["PERSON_NAME_CHANGED"]),
        (["PHYSICAL_DETAILS"], ["PERSON_PHYSICAL_CHARACTERISTICS_CHANGED"]),
        (["LOCATION"], ["PERSON_CELL_LOCATION_CHANGED", "PERSON_EDUCATION_ASSESSMENTS_CHANGED"]),
        (["SENTENCE"], ["PERSON_SENTENCES_CHANGED", "PERSON_EDUCATION_ASSESSMENTS_CHANGED"]),
        (
            ["SENTENCE", "LOCATION"],
            ["PERSON_CELL_LOCATION_CHANGED", "PERSON_SENTENCES_CHANGED", "PERSON_EDUCATION_ASSESSMENTS_CHANGED"],
        ),
    ],
)
def test_an_updated_prisoner_is_told_by_the_categories_that_changed(
    categories: list[str] | None, more: list[str]
) -> None:
    found = names(change(UPDATED, information={"categoriesChanged": categories}))
    assert sorted(found) == sorted(["PERSON_STATUS_CHANGED", "PRISONERS_CHANGED", "PRISONER_CHANGED", *more])


@pytest.mark.parametrize(
    ("category", "told"),
    [(1, True), (2, True), (3, True), (4, True), ("3", True), (0, False), (5, False), ("", False), (None, False)],
)
def test_a_contact_event_is_told_for_mappa_categories_only(category: object, told: bool) -> None:
    information = {"contactId": 12, "mappa": {"category": category}}
    assert names(change("probation-case.supervision.created", information=information)) == (
        ["CONTACT_EVENT_CREATED"] if told else []
    )
    assert names(change("probation-case.mappa-export.terminated", information=information)) == (
        ["CONTACT_EVENT_CHANGED"] if told else []
    )
    assert names(change("probation-case.supervision.created", information={"contactId": 12})) == []


@pytest.mark.parametrize(
    ("event_type", "count"),
    [
        ("probation-case.engagement.created", 20), ("probation-case.prison-identifier.added", 20),
        ("prisoner-offender-search.prisoner.created", 23), ("prisoner-offender-search.prisoner.received", 23),
    ],
)  # fmt: skip
def test_a_new_person_is_told_everywhere(event_type: str, count: int) -> None:
    assert len(names(change(event_type))) == count
    assert len(NEW_PERSON.split()) == 19


@pytest.mark.parametrize(
    ("switched_off", "event_type", "gone"),
    [
        (F1, "probation-case.engagement.created", {"PERSON_LANGUAGES_CHANGED"}),
        (F2, RECEIVED, {"PRISONER_BASE_LOCATION_CHANGED"}),
        (F3, "prison-offender-events.prisoner.merged", {"PRISONER_MERGED"}),
        (F4, "probation-case.supervision.created", {"CONTACT_EVENT_CREATED"}),
        (F4, "probation-case.mappa-information.deleted", {"CONTACT_EVENT_CHANGED"}),
        (F5, "probation-case.exclusion.updated", {"PERSON_ACCESS_LIMITATIONS_CHANGED"}),
        (F6, "assessment.summary.produced", {"ASSESSMENT_SUMMARY_CHANGE"}),
    ],
)
def test_a_flag_takes_out_its_types_alone(switched_off: str, event_type: str, gone: set[str]) -> None:
    facts = change(
        event_type, information={"reason": REASONS.get(event_type), "mappa": {"category": 1}}, detail_url="/COMPLETE"
    )
    assert set(names(facts)) - set(names(facts, {switched_off})) == gone
    assert names(facts, FLAGS - {switched_off}) == [
        one.name for one in decide_types(facts) if one.flag in {None, switched_off}
    ]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("DYNAMIC_RISKS_CHANGED", "Dynamic Risks Changed"),
        ("MAPPA_DETAIL_CHANGED", "MAPPA Detail Changed"),
        ("PERSON_IEP_LEVEL_CHANGED", "Person IEP Level Changed"),
        ("PLP_REVIEW_SCHEDULE_CHANGED", "PLP Review Schedule Changed"),
        ("SAN_REVIEW_SCHEDULE_CHANGED", "SAN Review Schedule Changed"),
        ("KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE", "Key Dates and Adjustments Prisoner Release"),
        ("RISK_OF_SERIOUS_HARM_CHANGED", "Risk of Serious Harm Changed"),
        ("PRISONER_NON_ASSOCIATIONS_CHANGED", "Prisoner Non-Associations Changed"),
        ("ASSESSMENT_SUMMARY_CHANGE", "Assessment Summary Changed"),
    ],
)
def test_a_type_has_a_title_for_people(name: str, title: str) -> None:
    assert next(one.title for one in EVENT_TYPES if one.name == name) == title


def test_the_public_page_is_up_to_date_and_names_every_type_and_trigger() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `throughcare events types --write`"
    for one in EVENT_TYPES:
        assert f"`/{one.path}` | `{one.name}`" in page()
        assert all(f"`{event}`" in page() for event in one.domain_events)
