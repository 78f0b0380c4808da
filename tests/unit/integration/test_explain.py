"""``events explain --batch`` and ``consumers explain --batch``: one answer a line, by the rules of production."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from typer.testing import CliRunner

from throughcare.cli.main import app

VISIT = {"eventType": "prison-visit.booked", "occurredAt": "2024-08-14T12:33:34+01:00"}
BOOKED = {**VISIT, "prisonerId": "A5194DY", "additionalInformation": {"reference": "qd-lh-gy-lx"}}
LOOKUPS = {
    "nomsToCrn": {"A5194DY": "D453210"},
    "prisoners": {"A5194DY": {"prisonId": "LEI", "status": "ACTIVE IN"}},
    "probationCases": {"D453210": {"nomsNumber": "A5194DY", "activeProbationManagedSentence": False}},
}
REGISTERED = {"eventType": "probation-case.registration.added", "occurredAt": "2024-08-14T12:33:34Z"}
MERGED = {"eventType": "prison-offender-events.prisoner.merged", "occurredAt": "2024-08-14T12:33:34Z"}
CRN = {"personReference": {"identifiers": [{"type": "CRN", "value": "X100001"}]}}

Explain = Callable[[str, Sequence[object]], list[Any]]


@pytest.fixture
def explain() -> Explain:
    """Asks the command line, a line for each question."""

    def ask(what: str, questions: Sequence[object]) -> list[Any]:
        lines = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in questions)
        ran = CliRunner().invoke(app, [what, "explain", "--batch"], input=lines)
        assert ran.exit_code == 0, ran.output
        return [json.loads(line) for line in ran.stdout.splitlines()]

    return ask


def envelope(message: object, **changes: Any) -> str:
    """The body of a queue's message around an event."""
    whole = {
        "Type": "Notification",
        "MessageId": "1",
        "Message": message if isinstance(message, str) else json.dumps(message),
        "MessageAttributes": {"eventType": {"Type": "String", "Value": "prison-visit.booked"}},
    }
    return json.dumps({key: value for key, value in {**whole, **changes}.items() if value is not None})


def test_an_answer_names_every_notification_in_order_and_whom_it_reaches(explain: Explain) -> None:
    consumers = {
        "all": {"roles": ["full-access"], "queueName": "q1"},
        "leeds": {"roles": ["ext-prisons-private-prison"], "filters": {"prisons": ["LEI"]}, "queueName": "q2"},
        "elsewhere": {"roles": ["ext-prisons-private-prison"], "filters": {"prisons": ["MDI"]}, "queueName": "q3"},
        "deaf": {"roles": ["full-access"]},
        "held": {"roles": ["full-access"], "queueName": "q5", "isSuspended": True},
        "visits": {"include": ["/v1/visit/{visitReference}"], "queue-name": "q6",
                   "filters": {"supervision-statuses": ["PRISONS"]}},
        "nothing": {"roles": ["all-endpoints"], "filters": {"prisons": None}, "queueName": "q7"},
    }  # fmt: skip
    (answer,) = explain("events", [{"event": BOOKED, "lookups": LOOKUPS, "consumers": consumers}])
    shared = {"hmppsId": "D453210", "prisonId": "LEI", "supervisionStatus": "PRISONS"}
    assert answer == {
        "notifications": [
            {"eventType": "PERSON_FUTURE_VISITS_CHANGED", "path": "/v1/persons/D453210/visit/future", **shared,
             "consumers": ["all", "leeds"]},
            {"eventType": "PRISON_VISITS_CHANGED", "path": "/v1/prison/LEI/visit/search", **shared,
             "consumers": ["all", "leeds"]},
            {"eventType": "VISIT_CHANGED", "path": "/v1/visit/qd-lh-gy-lx", **shared,
             "consumers": ["all", "leeds", "visits"]},
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"rawBody": "rubbish", "lookups": {}}, "unparseable-message"),
        ({"event": {"eventType": "prison-visit.booked"}, "lookups": {}}, "unparseable-message"),
        ({"event": {**VISIT, "additionalInformation": []}, "lookups": {}}, "unparseable-message"),
        ({"event": {**VISIT, "eventType": "x.y.z", "prisonId": {}}, "lookups": {}}, "unparseable-message"),
        ({"event": None, "lookups": {}}, "unparseable-message"),
        ({"event": REGISTERED, "lookups": {}}, "missing-additional-information"),
        ({"event": {**VISIT, "eventType": "person.alert.created"}, "lookups": {}}, "identifier-not-found"),
        ({"event": {**VISIT, **CRN}, "lookups": {}}, "person-not-found"),
        ({"event": {**VISIT, **CRN}, "lookups": {"personExists": {"X100001": False}}}, "person-not-found"),
        ({"event": {**VISIT, **CRN}, "lookups": {"personExists": {"X100001": {"error": 500}}}}, "upstream-error"),
        ({"event": BOOKED, "lookups": {"prisoners": {"A5194DY": {"error": 503}}}}, "upstream-error"),
    ],
)  # fmt: skip
def test_an_event_that_leads_to_nothing_says_why(explain: Explain, question: object, error: str) -> None:
    (answer,) = explain("events", [question])
    assert answer["error"] == error
    assert answer["detail"]
    assert "X100001" not in answer["detail"]


def test_a_merge_without_the_removed_number_is_an_error_only_by_itself(explain: Explain) -> None:
    lookups = {"prisoners": {"A8810CX": None}}
    person = {"additionalInformation": {"nomsNumber": "A8810CX"}}
    off = {"prisoner-merge-notifications-enabled": False}
    both, without = explain(
        "events",
        [{"event": {**MERGED, **person}, "lookups": lookups}, {"event": MERGED, "lookups": {}, "flags": off}],
    )
    assert [one["eventType"] for one in both["notifications"]] == ["PERSON_STATUS_CHANGED"]
    assert without["error"] == "identifier-not-found"


@pytest.mark.parametrize(("flag", "told"), [(True, 3), (False, 2), (None, 2)])
def test_a_flag_that_is_off_or_not_defined_takes_its_type_out(explain: Explain, flag: bool | None, told: int) -> None:
    event = {**VISIT, "eventType": "assessment.summary.produced", "detailUrl": "https://x.test/1/COMPLETE", **CRN}
    question = {"event": event, "lookups": {"personExists": {"X100001": True}}}
    flags = {"use-assessment-summary-endpoint": flag}
    with_flag, without = explain("events", [{**question, "flags": flags}, question])
    assert (len(with_flag["notifications"]), len(without["notifications"])) == (told, 3)


def test_nobody_is_looked_up_for_an_event_that_leads_to_nothing(explain: Explain) -> None:
    failing = {"personExists": {"X100001": {"error": 500}}}
    event = {**REGISTERED, **CRN, "additionalInformation": {"registerTypeCode": "INVI"}}
    unknown = {**VISIT, **CRN, "eventType": "non-associations.created"}
    answers = explain("events", [{"event": event, "lookups": failing}, {"event": unknown, "lookups": failing}])
    assert answers == [{"notifications": []}, {"notifications": []}]


def test_the_inner_event_type_decides_and_the_envelope_must_be_whole(explain: Explain) -> None:
    answers = explain(
        "events",
        [
            {"event": BOOKED, "lookups": LOOKUPS, "envelopeEventType": "person.alert.created"},
            {"rawBody": envelope(BOOKED), "lookups": LOOKUPS},
            {"rawBody": json.dumps(BOOKED), "lookups": LOOKUPS},
            {"rawBody": envelope(BOOKED, MessageId=None), "lookups": LOOKUPS},
            {"rawBody": envelope(BOOKED, MessageAttributes=None), "lookups": LOOKUPS},
            {"rawBody": envelope("rubbish"), "lookups": LOOKUPS},
        ],
    )
    assert [len(one.get("notifications", [])) for one in answers] == [3, 3, 3, 0, 0, 0]
    assert {one["error"] for one in answers[3:]} == {"unparseable-message"}


def test_a_line_that_is_no_question_has_an_answer_of_its_own_and_stops_no_other(explain: Explain) -> None:
    answers = explain(
        "events", ["rubbish", "[]", "{}", {"event": VISIT, "lookups": 1}, "", {"event": BOOKED, "lookups": LOOKUPS}]
    )
    assert [one.get("error") for one in answers] == ["invalid-line"] * 4 + [None]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"config": {}}, {"policy": {"eventType": ["default"]}}),
        ({"config": {"roles": ["moj-prisons-warrant-receipt"], "queueName": "q"},
          "event": {"eventType": "PRISONER_BASE_LOCATION_CHANGED", "supervisionStatus": "PRISONS"},
          "path": "/v1/persons/A1234BC/prisoner-base-location"},
         {"policy": {"eventType": ["PRISONER_BASE_LOCATION_CHANGED"], "supervisionStatus": ["PRISONS"]},
          "deliver": True, "authorised": True}),
        ({"config": {"roles": ["moj-prisons-warrant-receipt"]}, "path": "/v1/persons/A1234BC",
          "event": {"eventType": "PRISONER_BASE_LOCATION_CHANGED", "supervisionStatus": "PRISONS"}},
         {"policy": {"eventType": ["PRISONER_BASE_LOCATION_CHANGED"], "supervisionStatus": ["PRISONS"]},
          "deliver": False, "authorised": False}),
        ({"config": {"roles": ["ours"], "filters": {"prisons": ["MDI"]}, "queueName": "q"},
          "roleDefinitions": {"ours": {"permissions": ["/v1/persons/{hmppsId}/alerts"],
                                       "filters": {"prisons": ["LEI"]}}},
          "event": {"eventType": "PERSON_ALERTS_CHANGED", "prisonId": "LEI", "supervisionStatus": None}},
         {"policy": {"eventType": ["PERSON_ALERTS_CHANGED"], "prisonId": ["MDI", "LEI"]}, "deliver": True}),
        ({"config": {"roles": ["full-access"]}, "roleDefinitions": {}}, {"policy": {"eventType": ["default"]}}),
        ({"config": {"include": ["/v1/persons/{hmppsId}/alerts"], "filters": {"prisons": []}, "queueName": "q"},
          "event": {"eventType": "PERSON_ALERTS_CHANGED", "prisonId": "LEI"}},
         {"policy": {"eventType": ["PERSON_ALERTS_CHANGED"], "prisonId": []}, "deliver": False}),
    ],
)  # fmt: skip
def test_a_configuration_is_explained(explain: Explain, question: object, answer: object) -> None:
    assert explain("consumers", [question]) == [answer]


def test_a_configuration_that_cannot_be_read_says_so(explain: Explain) -> None:
    answers = explain(
        "consumers", ["x", {}, {"config": {"roles": "all"}}, {"config": {"include": ["/v1/("]}, "path": "/v1/x"}]
    )
    assert [one["error"] for one in answers] == ["invalid-line"] * 4
