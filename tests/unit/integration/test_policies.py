"""What reaches a consumer: roles, endpoints, filters, and the decision about one notification."""

from __future__ import annotations

from typing import Any

import pytest

from throughcare.services.integration.consumer.model import (
    BadConsumer,
    Configuration,
    Consumer,
    Policy,
    Role,
    Routing,
    built_in_roles,
    check,
    compile_policy,
    may_call,
    segments,
)
from throughcare.services.integration.event_type.model import EVENT_TYPES
from throughcare.services.integration.notification.model import Audience

ALL = {one.name for one in EVENT_TYPES}
PERSON = "PERSON_STATUS_CHANGED PRISONER_MERGED"
PROTECTION = f"""{PERSON} PERSON_ADDRESS_CHANGED PERSON_ALERTS_CHANGED ASSESSMENT_SUMMARY_CHANGE
PERSON_CASE_NOTES_CHANGED CONTACT_EVENT_CREATED CONTACT_EVENT_CHANGED PERSON_IMAGES_CHANGED LICENCE_CONDITION_CHANGED
NEEDS_CHANGED PERSON_RESPONSIBLE_OFFICER_CHANGED PERSON_PROTECTED_CHARACTERISTICS_CHANGED
PERSON_REPORTED_ADJUDICATIONS_CHANGED MAPPA_DETAIL_CHANGED RISK_SCORE_CHANGED RISK_OF_SERIOUS_HARM_CHANGED
PERSON_SENTENCES_CHANGED KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE"""
PRIVATE = """PERSON_ADDRESS_CHANGED PERSON_ALERTS_CHANGED PERSON_CARE_NEEDS_CHANGED PERSON_CASE_NOTES_CHANGED
PERSON_CELL_LOCATION_CHANGED PERSON_CONTACTS_CHANGED PERSON_HEALTH_AND_DIET_CHANGED PERSON_IEP_LEVEL_CHANGED
PERSON_IMAGES_CHANGED PERSON_LANGUAGES_CHANGED PERSON_NAME_CHANGED PERSON_NUMBER_OF_CHILDREN_CHANGED
PERSON_RESPONSIBLE_OFFICER_CHANGED PERSON_PHYSICAL_CHARACTERISTICS_CHANGED PERSON_PROTECTED_CHARACTERISTICS_CHANGED
PERSON_REPORTED_ADJUDICATIONS_CHANGED RISK_OF_SERIOUS_HARM_CHANGED PERSON_SENTENCES_CHANGED
KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE PERSON_VISIT_RESTRICTIONS_CHANGED PERSON_FUTURE_VISITS_CHANGED
PERSON_VISITOR_RESTRICTIONS_CHANGED PRISONERS_CHANGED PRISONER_CHANGED PRISON_CAPACITY_CHANGED PRISON_LOCATION_CHANGED
PRISONER_NON_ASSOCIATIONS_CHANGED PRISON_RESIDENTIAL_DETAILS_CHANGED PRISON_RESIDENTIAL_HIERARCHY_CHANGED
PRISON_VISITS_CHANGED VISIT_CHANGED"""
NONE = "default"
PRISONS, PROBATION = {"supervisionStatuses": ["PRISONS"]}, {"supervisionStatuses": ["PROBATION"]}
OPEN = {"prisons": ["*"], "caseNotes": ["*"]}
ESCORT = {"caseNotes": ["CAB", "NEG", "CVM", "INTERVENTION", "POS"], **PRISONS}
ALERTS = "HA HA2 XA XC XCA XCI XCO XCOL XCOP XCOR XEL XELH XER XHT XILLENT XIS XRF"

# role, endpoints, filters, event types: as public in ministryofjustice/hmpps-integration-api
ROLES: list[tuple[str, int, dict[str, Any], str]] = [
    ("hmpps-system", 4, {}, NONE),
    ("reference-data-only", 2, {}, NONE),
    ("full-access", 111, OPEN, " ".join(ALL)),
    ("all-endpoints", 111, {}, " ".join(ALL)),
    ("status-only", 1, {}, NONE),
    ("full-access-lao-redactions", 111, OPEN, " ".join(ALL)),
    ("daso", 2, {}, "PERSON_ACCESS_LIMITATIONS_CHANGED"),
    ("moj-probation-risk-management", 5, PROBATION,
     f"{PERSON} PERSON_ACCESS_LIMITATIONS_CHANGED RISK_OF_SERIOUS_HARM_CHANGED"),
    ("ext-hmpps-serious-harm", 2, {}, "RISK_OF_SERIOUS_HARM_CHANGED"),
    ("ext-prisons-course-completion", 2, {}, NONE),
    ("moj-probation-case-proposal", 4, {}, "PERSON_ACCESS_LIMITATIONS_CHANGED RISK_SCORE_CHANGED"),
    ("moj-prisons-prisoner-image", 3, {}, "PERSON_IMAGES_CHANGED"),
    ("ext-prisons-escort-custody", 10, ESCORT,
     """PERSON_ADDRESS_CHANGED PERSON_CASE_NOTES_CHANGED PERSON_HEALTH_AND_DIET_CHANGED PERSON_IEP_LEVEL_CHANGED
     PERSON_LANGUAGES_CHANGED PERSON_PROTECTED_CHARACTERISTICS_CHANGED"""),
    ("moj-hmpps-person-lookup", 2, {}, NONE),
    ("ext-prisons-private-prison", 64, {}, PRIVATE),
    ("ext-hmpps-public-protection", 25, {"mappaCategories": ["*"]}, PROTECTION),
    ("ext-hmpps-public-protection-cat4", 25, {"mappaCategories": ["CAT4"]}, PROTECTION),
    ("ext-prisons-education", 14, {},
     f"""{PERSON} PERSON_EDUCATION_ASSESSMENTS_CHANGED SAN_PLAN_CREATION_SCHEDULE_CHANGED SAN_REVIEW_SCHEDULE_CHANGED
     PLP_INDUCTION_SCHEDULE_CHANGED PLP_REVIEW_SCHEDULE_CHANGED PRISONER_BASE_LOCATION_CHANGED"""),
    ("moj-prisons-education", 6, {}, "PERSON_CELL_LOCATION_CHANGED PERSON_NAME_CHANGED"),
    ("ext-probation-police-intelligence", 13, {"alertCodes": ALERTS.split(), **PROBATION},
     f"""{PERSON} PERSON_ADDRESS_CHANGED PERSON_ALERTS_CHANGED LICENCE_CONDITION_CHANGED
     PERSON_RESPONSIBLE_OFFICER_CHANGED DYNAMIC_RISKS_CHANGED MAPPA_DETAIL_CHANGED RISK_SCORE_CHANGED
     RISK_OF_SERIOUS_HARM_CHANGED PERSON_SENTENCES_CHANGED KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE"""),
    ("moj-prisons-prisoner-facing", 4, {}, "PERSON_CELL_LOCATION_CHANGED PERSON_NAME_CHANGED"),
    ("moj-prisons-warrant-receipt", 3, PRISONS, "PRISONER_BASE_LOCATION_CHANGED"),
    ("ext-prisons-prisoner-finance", 6, {"prisons": []}, NONE),
    ("ext-prisons-crime-data", 6, PRISONS, "PERSON_ADDRESS_CHANGED PRISONERS_CHANGED PRISONER_CHANGED"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "endpoints", "filters", "types"), ROLES, ids=[row[0] for row in ROLES])
def test_a_role_grants_what_is_published(name: str, endpoints: int, filters: dict[str, Any], types: str) -> None:
    role = built_in_roles()[name]
    assert len(set(role.endpoints)) == len(role.endpoints) == endpoints
    assert {kind: list(allowed) for kind, allowed in role.filters.items()} == filters
    assert set(compile_policy(Configuration(roles=(name,))).event_types) == set(types.split())


def test_there_are_24_roles_and_every_endpoint_of_theirs_is_on_the_list() -> None:
    assert set(built_in_roles()) == {row[0] for row in ROLES}
    assert len(ROLES) == 24
    listed = set(built_in_roles()["all-endpoints"].endpoints)
    for name, role in built_in_roles().items():
        assert set(role.endpoints) <= listed, name


def test_every_event_type_belongs_to_an_endpoint_that_somebody_can_be_given() -> None:
    listed = {segments(one) for one in built_in_roles()["all-endpoints"].endpoints}
    assert {one.name for one in EVENT_TYPES if segments(one.path) not in listed} == set()


def policy(include: list[str], filters: dict[str, list[str]] | None = None, *roles: str, **known: Role) -> Policy:
    """The policy of a configuration; ``known`` stands in for the built-in roles."""
    return compile_policy(Configuration(roles, tuple(include), filters or {}), known or None)


@pytest.mark.parametrize(
    "spelling",
    [
        "/v1/persons/{hmppsId}/alerts", "v1/persons/{hmppsId}/alerts", "^/v1/persons/[^/]*/alerts$",
        "/v1/persons/[^/]+/alerts", "/v1/persons/.*/alerts", "/v1/persons/[a-zA-Z0-9_-]+/alerts",
        "/v1/persons/{nomisNumber}/alerts", "/v1/persons/{anything}/alerts",
    ],
)  # fmt: skip
def test_every_spelling_of_an_endpoint_gives_its_types(spelling: str) -> None:
    assert policy([spelling]).event_types == ("PERSON_ALERTS_CHANGED",)
    assert may_call(Configuration(include=(spelling,)), "/v1/persons/A1234BC/alerts")


def test_an_endpoint_gives_all_of_its_types_once_and_in_order() -> None:
    both = ["/v1/persons/{hmppsId}", "v1/persons/.*", "/v1/persons/{hmppsId}/contact-events/{contactEventId}"]
    assert policy(both).event_types == (
        "PERSON_STATUS_CHANGED", "PRISONER_MERGED", "CONTACT_EVENT_CREATED", "CONTACT_EVENT_CHANGED",
    )  # fmt: skip


@pytest.mark.parametrize("include", [[], ["/v1/status"], ["/v1/persons"], ["/v1/persons/{hmppsId}/alerts/"], ["/v1"]])
def test_who_was_given_no_endpoint_with_events_is_told_nothing(include: list[str]) -> None:
    found = policy(include)
    assert found.document() == {"eventType": ["default"]}
    assert not any(found.admits(name, "LEI", "PRISONS") for name in ALL)


def test_whoever_may_call_everything_hears_of_everything() -> None:
    assert set(policy(["/.*"]).event_types) == ALL
    assert may_call(Configuration(include=("/.*",)), "/v1/anything/at/all")


@pytest.mark.parametrize(
    ("own", "roles", "merged"),
    [
        (None, [None], None),
        (["MDI"], [["RolePrison"]], ("MDI", "RolePrison")),
        ([], [None], ()),
        ([], [["*"]], None),
        (["MDI"], [None], ("MDI",)),
        (["*"], [["CAT4"]], None),
        (["MDI", "LEI"], [["LEI", "BXI"], ["MDI"]], ("MDI", "LEI", "BXI")),
        (None, [[]], ()),
    ],
)
def test_the_filters_of_consumer_and_roles_are_united(
    own: list[str] | None, roles: list[list[str] | None], merged: tuple[str, ...] | None
) -> None:
    known = {
        f"r{number}": Role((), {} if allowed is None else {"prisons": allowed}) for number, allowed in enumerate(roles)
    }
    found = policy([], {} if own is None else {"prisons": own}, *known, **known)
    assert found.prisons == merged
    assert found.statuses is None


def test_the_policy_leaves_out_what_is_not_limited() -> None:
    limited = policy(["/v1/status"], {"prisons": ["MDI"], "supervisionStatuses": ["NONE"], "alertCodes": ["XA"]})
    assert limited.document() == {"eventType": ["default"], "prisonId": ["MDI"], "supervisionStatus": ["NONE"]}


def test_unknown_roles_grant_nothing() -> None:
    assert policy([], {}, "no-such-role").document() == {"eventType": ["default"]}


@pytest.mark.parametrize(
    ("prisons", "statuses", "prison", "status", "told"),
    [
        (None, None, None, "UNKNOWN", True),
        (["LEI"], None, "LEI", "UNKNOWN", True),
        (["LEI"], None, "MDI", "PRISONS", False),
        (["LEI"], None, None, "PRISONS", False),
        ([], None, "LEI", "PRISONS", False),
        (None, ["PRISONS"], None, "PRISONS", True),
        (None, ["PRISONS"], None, "UNKNOWN", False),
        (None, ["UNKNOWN"], None, "UNKNOWN", True),
        (["LEI"], ["PROBATION"], "LEI", "PRISONS", False),
    ],
)
def test_both_filters_must_let_a_notification_through(
    prisons: list[str] | None, statuses: list[str] | None, prison: str | None, status: str, told: bool
) -> None:
    given = {"prisons": prisons, "supervisionStatuses": statuses}
    filters = {kind: allowed for kind, allowed in given.items() if allowed is not None}
    configuration = Configuration(include=("/v1/persons/{hmppsId}/alerts",), filters=filters)
    assert compile_policy(configuration).admits("PERSON_ALERTS_CHANGED", prison, status) is told
    routing = Routing.of([Consumer("one-body", configuration, "q")])
    reached = routing.recipients("PERSON_ALERTS_CHANGED", Audience(prison, status, "X1"), {})
    assert [name for name, _ in reached] == ["one-body"] * told
    assert routing.recipients("PERSON_IMAGES_CHANGED", Audience(prison, status, "X1"), {}) == []


def test_a_consumer_hears_of_the_person_that_concerns_it_though_another_changed_last() -> None:
    every = Configuration(include=("/v1/prison/prisoners",))
    leeds = Configuration(include=("/v1/prison/prisoners",), filters={"prisons": ["LEI"]})
    elsewhere = Configuration(include=("/v1/prison/prisoners",), filters={"prisons": ["BXI"]})
    routing = Routing.of(
        [Consumer("every-body", every, "a"), Consumer("leeds-body", leeds, None, feed=True),
         Consumer("else-body", elsewhere, "c"), Consumer("deaf-body", every, None)]
    )  # fmt: skip
    concerned = {"LEI/PRISONS": "A1", "MDI/PRISONS": "A2", "/NONE": "X3"}
    assert routing.recipients("PRISONERS_CHANGED", Audience("MDI", "PRISONS", "A2"), concerned) == [
        ("every-body", Audience("MDI", "PRISONS", "A2")), ("leeds-body", Audience("LEI", "PRISONS", "A1")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/persons/A1234BC/alerts", True),
        ("/v1/persons/A1234BC/alerts?page=2", True),
        ("/v1/persons/a_b-9/alerts", True),
        ("/v1/persons/A1234BC/alerts/", False),
        ("/v1/persons//alerts", False),
        ("/v1/persons/A.1/alerts", False),
        ("/v1/persons/A%201/alerts", False),
        ("/v1/persons/é/alerts", False),
        ("/v1/persons/A1/B2/alerts", False),
        ("/V1/persons/A1234BC/alerts", False),
        ("/v1/persons/A1234BC/alerts\n", False),
    ],
)
def test_a_request_must_match_an_endpoint_as_a_whole(path: str, allowed: bool) -> None:
    assert may_call(Configuration(include=("/v1/persons/{hmppsId}/alerts",)), path) is allowed


@pytest.mark.parametrize(
    ("name", "configuration"),
    [
        ("A", Configuration()),
        ("has space", Configuration()),
        ("one-body", Configuration(roles=("no-such-role",))),
        ("one-body", Configuration(filters={"prison": ["MDI"]})),
        ("one-body", Configuration(include=("/v1/(",))),
        ("one-body", Configuration(roles=("ext-prisons-private-prison",))),
    ],
)
def test_a_configuration_that_could_never_work_is_refused(name: str, configuration: Configuration) -> None:
    with pytest.raises(BadConsumer):
        check(name, configuration)


def test_a_role_that_opens_the_whole_estate_is_given_with_prisons() -> None:
    check("one-body", Configuration(roles=("ext-prisons-private-prison",), filters={"prisons": ["MDI"]}))
