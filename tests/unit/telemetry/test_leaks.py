"""One journey with marked values, after which everything that left the process is searched for the marks."""

from __future__ import annotations

import json
import logging

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Status, StatusCode, get_current_span

from tests.unit.telemetry.conftest import Lines
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import get_logger
from throughcare.kit.telemetry.traces import (
    client_span,
    current_traceparent,
    publish_span,
    receive_span,
    server_span,
)

log = get_logger("throughcare.journey")
access = get_logger("throughcare.access")

MARKS = {
    "name": "Zebedee Quillfeather",
    "username": "ZQUILLFEATHER_GEN",
    "noms": "Z9876YX",
    "crn": "Z987654",
    "pnc": "2031/7654321Z",
    "nino": "ZZ 98 76 54 A",
    "email": "zebedee@quillfeather.example",
    "bearer": "zz9988secretbearer77",
    "jwt": "eyJhbGciOiJ6ZWJyYSJ9.eyJzdWIiOiJ6ZWJyYSJ9.enplYnJhc2ln",
    "key": "zz9988apikey",
    "sql": "zz9988parameter",
}


def _request() -> str:
    headers = {
        "authorization": f"Bearer {MARKS['bearer']}",
        "baggage": f"user={MARKS['username']}",
        "tracestate": f"user={MARKS['username']}",
    }
    query = f"name={MARKS['name']}&pnc={MARKS['pnc']}"
    with bound_correlation(f"of-{MARKS['noms']}"), server_span("POST", "unmatched", headers) as span:
        span.set_route("POST", f"/people/{MARKS['crn']}?{query}")
        span.set_attribute("enduser.id", MARKS["username"])
        span.set_attribute("url.query", query)
        get_current_span().set_attribute("http.request.body", MARKS["name"])
        get_current_span().set_status(Status(StatusCode.ERROR, f"no place for {MARKS['name']}"))
        get_current_span().set_attribute("db.query.parameter.0", MARKS["sql"])
        get_current_span().add_event(f"saw {MARKS['email']}", {"who": MARKS["name"]})
        with client_span("prison", "GET", f"/api/{MARKS['noms']}?{query}"):
            logging.getLogger("httpx2").info("GET /api?%s", query)
        log.info("person found", name=MARKS["name"], username=MARKS["username"], reason=MARKS["nino"])
        log.warning("token refused", reason=headers["authorization"], cause=f"api_key={MARKS['key']}")
        access.info("request answered", url_template=f"/people/{MARKS['crn']}", http_response_status_code=201)
        return current_traceparent() or ""


def _event(traceparent: str) -> None:
    with publish_span("person.moved", "domain-events", traceparent) as span:
        span.set_attribute("messaging.message.body", MARKS["name"])
        sent = span.traceparent
    with pytest.raises(LookupError), receive_span("person.moved", "search", sent):
        _react()


def _react() -> None:
    try:
        raise KeyError(MARKS["jwt"], MARKS["pnc"])
    except KeyError as cause:
        refusal = LookupError(f"no {MARKS['crn']}\n[parameters: {MARKS['sql']!r}, {MARKS['name']!r}]")
        get_current_span().record_exception(refusal)
        log.exception("event failed", event_type="person.moved", exc_info=refusal)
        raise refusal from cause


def test_nothing_personal_or_secret_leaves_by_a_span_a_line_or_a_metric(
    lines: Lines, spans: InMemorySpanExporter
) -> None:
    traceparent = _request()
    _event(traceparent)
    metrics.message_handled_total.labels("search", "person.moved", "retry").inc()
    metrics.http_server_request_duration_seconds.labels(
        "prison", metrics.method_label(MARKS["username"]), metrics.UNMATCHED, metrics.status_class(201)
    ).observe(0.01)

    exported = "\n".join(span.to_json() for span in spans.get_finished_spans())
    everything = "\n".join([exported, lines.text, metrics.render().decode()])

    assert {mark: value for mark, value in MARKS.items() if value.lower() in everything.lower()} == {}
    assert [json.loads(span.to_json())["name"] for span in spans.get_finished_spans()] == [
        "GET /api/[noms-number]",
        "POST /people/[crn]",
        "PUBLISH person.moved",
        "RECEIVE person.moved",
    ]
    assert [line["message"] for line in lines.all] == [
        "person found",
        "token refused",
        "request answered",
        "event failed",
    ]
    assert {line["trace.id"] for line in lines.all} == {traceparent.split("-")[1]}
