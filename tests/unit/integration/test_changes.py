"""Reading a domain event tolerantly, and the paths that it leads to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.integration.made_up import change
from throughcare.services.integration.change.model import Malformed, NothingCanBeTold, Plan, plan
from throughcare.services.integration.event_type.model import decide_types
from throughcare.services.integration.person.model import Person

VISIT = "prison-visit.booked"
RESTRICTED = "prison-offender-events.prisoner.person-restriction.upserted"
SOMEBODY = Person("D453210", "LEI", "PRISONS")
NOBODY = Person(None, None, "UNKNOWN")


def planned(event_type: str, person: Person = SOMEBODY, **body: Any) -> Plan:
    """What an event leads to when it is about ``person``."""
    read = change(event_type, **body)
    return plan(read, decide_types(read), person)


def told(found: Plan) -> list[tuple[str, str]]:
    """Type and path of each notification."""
    return [(one.event_type, one.path) for one in found.notifications]


def refused(found: Plan) -> list[tuple[str, str]]:
    """Type and reason of each refusal."""
    return [(one.event_type, one.reason) for one in found.refusals]


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ({"identifiers": [("CRN", "X1"), ("NOMS", "A1"), ("nomsNumber", "A2")]}, "A1"),
        ({"identifiers": [("nomsNumber", "A2"), ("NOMS", "A1")]}, "A2"),
        ({"identifiers": [("noms", "A1"), ("PNC", "A2")], "information": {"nomsNumber": "A3"}}, "A3"),
        ({"information": {"nomsNumber": "A3", "prisonerId": "A4", "prisonerNumber": "A5"}}, "A3"),
        ({"information": {"prisonerId": "A4", "prisonerNumber": "A5"}, "prisoner_id": "A6"}, "A4"),
        ({"information": {"prisonerNumber": "A5"}, "prisoner_id": "A6"}, "A5"),
        ({"prisoner_id": "A6"}, "A6"),
        ({"information": {"nomsNumber": 1234}}, "1234"),
        ({}, None),
    ],
)
def test_the_prison_number_is_the_first_of_its_places(body: dict[str, Any], number: str | None) -> None:
    assert change(VISIT, **body).prison_number == number


def test_only_the_first_crn_is_looked_at() -> None:
    assert change(VISIT, identifiers=[("NOMS", "A1"), ("CRN", "X2"), ("CRN", "X1")]).crn == "X2"
    assert change(VISIT, identifiers=[("crn", "X2")]).crn is None


@pytest.mark.parametrize(
    ("body", "prison"),
    [
        ({"prison_id": "MDI", "information": {"prisonId": "BXI", "key": "WWI-1"}, "prisoner_id": "A1"}, "MDI"),
        ({"information": {"prisonId": "BXI", "key": "WWI-1"}, "prisoner_id": "A1"}, "BXI"),
        ({"information": {"key": "WWI-1"}, "prisoner_id": "A1"}, "LEI"),
        ({"information": {"key": "MDI-1-1-001"}}, "MDI"),
        ({"information": {"key": "MDI"}}, "MDI"),
        ({"information": {"key": "mdi-1"}}, None),
        ({"information": {"key": "MD1-1"}}, None),
        ({"information": {"key": "1-1"}}, None),
        ({"information": {"key": "-1"}}, None),
        ({"information": {"key": "MDI\n"}}, None),
        ({}, None),
    ],
)
def test_the_prison_is_the_first_of_its_places(body: dict[str, Any], prison: str | None) -> None:
    assert change(VISIT, **body).prison(SOMEBODY) == prison


def test_a_prisoner_in_no_prison_does_not_take_that_of_the_location() -> None:
    assert change(VISIT, prisoner_id="A1", information={"key": "MDI-1"}).prison(NOBODY) is None


@pytest.mark.parametrize(
    "body",
    [
        {"reference": "text"},
        {"reference": {}},
        {"reference": {"identifiers": None}},
        {"reference": {"identifiers": [{"type": "NOMS"}]}},
        {"reference": {"identifiers": [{"type": None, "value": "A1"}]}},
        {"reference": {"identifiers": ["NOMS"]}},
        {"information": []},
        {"information": "text"},
        {"information": {"registerTypeCode": {}}},
        {"information": {"alertCode": []}},
        {"information": {"categoriesChanged": "SENTENCE"}},
        {"information": {"categoriesChanged": [{}]}},
        {"information": {"mappa": 1}},
        {"information": {"mappa": {"category": "two"}}},
        {"information": {"mappa": {"category": True}}},
        {"prison_id": {}},
        {"prisoner_id": ["A1"]},
        {"detail_url": {}},
    ],
)
def test_a_field_of_the_wrong_kind_spoils_the_whole_event(body: dict[str, Any]) -> None:
    with pytest.raises(Malformed) as error:
        change("person.unheard-of.created", **body)
    assert "A1" not in str(error.value)


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (1.5, "1.5"), (7, "7"), (None, None), ("x", "x")])
def test_numbers_and_truth_values_are_read_as_text(value: object, text: str | None) -> None:
    assert change(VISIT, information={"reference": value}).text("reference") == text


def test_a_booked_visit_is_told_three_times() -> None:
    found = planned(VISIT, prisoner_id="A5194DY", information={"reference": "qd-lh-gy-lx"})
    assert told(found) == [
        ("PERSON_FUTURE_VISITS_CHANGED", "/v1/persons/D453210/visit/future"),
        ("PRISON_VISITS_CHANGED", "/v1/prison/LEI/visit/search"),
        ("VISIT_CHANGED", "/v1/visit/qd-lh-gy-lx"),
    ]
    assert {(one.hmpps_id, one.prison_id, one.supervision_status) for one in found.notifications} == {
        ("D453210", "LEI", "PRISONS")
    }


def test_without_a_prison_only_the_prisons_own_notification_is_missing() -> None:
    person = Person("D453210", None, "PRISONS")
    found = planned(VISIT, person, prisoner_id="A5194DY", information={"reference": "qd-lh-gy-lx"})
    assert [name for name, _ in told(found)] == ["PERSON_FUTURE_VISITS_CHANGED", "VISIT_CHANGED"]
    assert [one.prison_id for one in found.notifications] == [None, None]
    assert refused(found) == [("PRISON_VISITS_CHANGED", "prisonId-missing")]
    assert len(planned("prisoner-offender-search.prisoner.received", person, prisoner_id="A1").notifications) == 22


def test_a_merge_is_told_of_both_numbers() -> None:
    person = Person("A8810CX", "MDI", "UNKNOWN")
    found = planned(
        "prison-offender-events.prisoner.merged", person, information={"removedNomsNumber": "A8809CX"},
        identifiers=[("NOMS", "A8810CX")],
    )  # fmt: skip
    assert [(one.event_type, one.hmpps_id, one.path, one.prison_id) for one in found.notifications] == [
        ("PERSON_STATUS_CHANGED", "A8810CX", "/v1/persons/A8810CX", "MDI"),
        ("PRISONER_MERGED", "A8809CX", "/v1/persons/A8809CX", "MDI"),
    ]


def test_a_merge_that_names_no_removed_number_is_still_told_of_the_other() -> None:
    found = planned("prison-offender-events.prisoner.merged", identifiers=[("NOMS", "A8810CX")])
    assert [name for name, _ in told(found)] == ["PERSON_STATUS_CHANGED"]
    assert refused(found) == [("PRISONER_MERGED", "removed-noms-number-missing")]


def test_a_changed_location_is_told_of_the_place_alone() -> None:
    found = planned("location.inside.prison.amended", NOBODY, information={"key": "LEI-B-2-014"})
    assert told(found) == [
        ("PRISON_RESIDENTIAL_HIERARCHY_CHANGED", "/v1/prison/LEI/residential-hierarchy"),
        ("PRISON_LOCATION_CHANGED", "/v1/prison/LEI/location/LEI-B-2-014"),
        ("PRISON_RESIDENTIAL_DETAILS_CHANGED", "/v1/prison/LEI/residential-details"),
    ]
    assert {(one.hmpps_id, one.prison_id, one.supervision_status) for one in found.notifications} == {
        (None, "LEI", "UNKNOWN")
    }


@pytest.mark.parametrize(
    ("event_type", "information", "path"),
    [
        (RESTRICTED, {"contactPersonId": 77}, "visitor/77/restrictions"),
        ("probation-case.supervision.created", {"contactId": 12, "mappa": {"category": 1}}, "contact-events/12"),
    ],
)  # fmt: skip
def test_the_path_holds_what_the_event_names(event_type: str, information: dict[str, Any], path: str) -> None:
    (one,) = planned(event_type, information=information).notifications
    assert one.path == f"/v1/persons/D453210/{path}"


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, "missing"), ("", "missing"), ("..", "invalid"), ("a\nb", "invalid"), ("x" * 101, "invalid")],
)
def test_a_value_that_cannot_stand_in_a_path_costs_its_own_notification_alone(value: object, reason: str) -> None:
    found = planned(VISIT, prison_id="LEI", information={"reference": value})
    assert refused(found) == [("VISIT_CHANGED", f"visitReference-{reason}")]
    assert len(found.notifications) == 2


def test_a_value_cannot_add_to_the_path() -> None:
    found = planned(VISIT, information={"reference": "../a b?c#d/é"})
    assert told(found)[-1] == ("VISIT_CHANGED", "/v1/visit/..%2Fa%20b%3Fc%23d%2F%C3%A9")


@pytest.mark.parametrize(
    ("event_type", "reason"),
    [
        ("person.alert.created", "identifier-not-found"),
        ("prison-offender-events.prisoner.non-association-detail.changed", "identifier-not-found"),
        ("prison-offender-events.prisoner.merged", "identifier-not-found"),
    ],
)
def test_an_event_of_which_nothing_can_be_told_for_want_of_an_identifier_is_an_error(
    event_type: str, reason: str
) -> None:
    with pytest.raises(NothingCanBeTold) as error:
        planned(event_type, NOBODY)
    assert error.value.code == reason


def test_an_event_whose_only_notification_lacks_a_prison_is_no_error() -> None:
    found = planned("location.inside.prison.signed-op-cap.amended", NOBODY, information={"key": "mdi"})
    assert found.notifications == []
    assert refused(found) == [("PRISON_CAPACITY_CHANGED", "prisonId-missing")]
