from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from tests.unit.telemetry.conftest import Lines
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import bind_service
from throughcare.kit.telemetry.traces import (
    SpanScope,
    add_span_exporter,
    client_span,
    configure_tracing,
    current_trace_id,
    current_traceparent,
    job_span,
    publish_span,
    receive_span,
    server_span,
    shutdown_tracing,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


def only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


def parent_of(span: ReadableSpan) -> str | None:
    return f"{span.parent.span_id:016x}" if span.parent else None


def facts(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


@pytest.fixture(params=["recorded", "bare"])
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """With an exporter and without: ids and their travels are the same."""
    configure_tracing(service_version="1.2.3", environment="test")
    if request.param == "recorded":
        unplug = add_span_exporter(InMemorySpanExporter())
        yield
        unplug()
    else:
        yield


def test_outside_every_span_there_is_no_trace() -> None:
    assert current_traceparent() is None
    assert current_trace_id() == ""


@pytest.mark.usefixtures("either_way")
class TestPropagation:
    def test_a_span_has_valid_ids(self) -> None:
        with job_span("tidy") as span:
            assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", current_traceparent() or "")
            assert current_traceparent() == span.traceparent
            assert current_trace_id() == span.trace_id
            assert int(span.trace_id, 16) != 0
        assert current_traceparent() is None

    def test_two_traces_differ(self) -> None:
        with job_span("tidy") as first, job_span("tidy") as second:
            assert first.trace_id != second.trace_id

    def test_a_request_continues_its_callers_trace(self) -> None:
        with server_span("GET", "/people/{crn}", {"traceparent": TRACEPARENT}) as span:
            assert span.trace_id == TRACE
            assert PARENT not in span.traceparent

    def test_a_request_from_outside_starts_its_own_trace(self) -> None:
        headers = {"traceparent": TRACEPARENT}
        with server_span("GET", "/people/{crn}", headers, from_outside=True) as span:
            assert span.trace_id != TRACE

    def test_a_peer_call_stays_in_the_trace(self) -> None:
        with job_span("tidy") as job, client_span("prison", "GET", "/api/x") as call:
            assert call.trace_id == job.trace_id
            assert current_traceparent() == call.traceparent != job.traceparent

    def test_the_outer_span_is_current_again_after_an_error(self) -> None:
        with job_span("tidy") as job:
            with pytest.raises(LookupError), client_span("prison", "GET", "/api/x"):
                raise LookupError
            assert current_traceparent() == job.traceparent

    def test_an_event_carries_the_trace_through_outbox_and_queue(self) -> None:
        with server_span("POST", "/referral", {}) as request:
            stored = current_traceparent()
        with publish_span("a.b.c", "domain-events", stored) as publish:
            sent = current_traceparent()
        with receive_span("a.b.c", "queue", sent) as receive:
            pass
        assert request.trace_id == publish.trace_id == receive.trace_id

    def test_a_message_without_a_traceparent_starts_a_trace_even_inside_another_span(self) -> None:
        with job_span("tidy") as outer, receive_span("a.b.c", "queue", None) as receive:
            assert receive.trace_id != outer.trace_id

    @pytest.mark.parametrize(
        "malformed",
        [
            "",
            "rubbish",
            TRACEPARENT.upper(),
            f" {TRACEPARENT}",
            f"{TRACEPARENT}\n",
            f"{TRACEPARENT}-more",
            f"ff-{TRACE}-{PARENT}-01",
            f"00-{'0' * 32}-{PARENT}-01",
            f"00-{TRACE}-{'0' * 16}-01",
            f"00-{TRACE}-{PARENT}-1",
            f"00-{TRACE[:-1]}-{PARENT}-01",
        ],
    )
    def test_a_malformed_traceparent_is_not_accepted(self, malformed: str) -> None:
        with receive_span("a.b.c", "queue", malformed) as receive:
            assert receive.trace_id != TRACE
        with server_span("GET", "/x", {"traceparent": malformed}) as request:
            assert request.trace_id != TRACE

    def test_a_traceparent_of_a_later_version_is_read_by_its_known_part(self) -> None:
        with receive_span("a.b.c", "queue", f"01-{TRACE}-{PARENT}-01-extra") as receive:
            assert receive.trace_id == TRACE
            assert receive.traceparent.startswith("00-")

    def test_a_trace_that_its_caller_does_not_sample_stays_unsampled(self) -> None:
        with receive_span("a.b.c", "queue", f"00-{TRACE}-{PARENT}-00") as receive:
            assert receive.traceparent.endswith("-00")

    @pytest.mark.parametrize("route", ["/ping", "/health", "/health/liveness", "/info", "/metrics", "/assets/{path}"])
    def test_health_and_static_routes_are_not_sampled(self, route: str) -> None:
        with server_span("GET", route, {"traceparent": TRACEPARENT}), client_span("x", "GET", "/y") as call:
            assert call.traceparent.endswith("-00")

    async def test_concurrent_work_keeps_its_own_span(self) -> None:
        met = asyncio.Barrier(3)

        async def work(name: str) -> bool:
            with job_span(name) as span:
                await met.wait()
                return current_traceparent() == span.traceparent

        assert all(await asyncio.gather(work("a"), work("b"), work("c")))


@pytest.mark.parametrize(
    ("scope", "name", "kind", "expected"),
    [
        (
            server_span("GET", "/people/{crn}", {}),
            "GET /people/{crn}",
            SpanKind.SERVER,
            {"http.request.method": "GET", "http.route": "/people/{crn}"},
        ),
        (
            client_span("prison", "PUT", "/api/{id}"),
            "PUT /api/{id}",
            SpanKind.CLIENT,
            {"http.request.method": "PUT", "url.template": "/api/{id}", "peer.service": "prison"},
        ),
        (
            publish_span("a.b.c", "arn:aws:sns:eu-west-2:000000000000:events", None, system="aws.sns"),
            "PUBLISH a.b.c",
            SpanKind.PRODUCER,
            {
                "messaging.system": "aws.sns",
                "messaging.operation.type": "send",
                "messaging.destination.name": "events",
                "hmpps.event_type": "a.b.c",
            },
        ),
        (
            receive_span("a.b.c", "search-queue", None),
            "RECEIVE a.b.c",
            SpanKind.CONSUMER,
            {
                "messaging.system": "pgmq",
                "messaging.operation.type": "receive",
                "messaging.destination.name": "search-queue",
                "hmpps.event_type": "a.b.c",
            },
        ),
        (job_span("purge-outbox"), "JOB purge-outbox", SpanKind.INTERNAL, {}),
    ],
    ids=["server", "client", "publish", "receive", "job"],
)
def test_a_span_has_its_conventional_name_and_facts(
    spans: InMemorySpanExporter, scope: SpanScope, name: str, kind: SpanKind, expected: dict[str, str]
) -> None:
    with scope:
        pass
    span = only(spans)
    assert (span.name, span.kind, facts(span)) == (name, kind, expected)


def test_a_receiving_span_is_child_of_the_producer_and_linked_to_it(spans: InMemorySpanExporter) -> None:
    with receive_span("a.b.c", "queue", TRACEPARENT):
        pass
    assert parent_of(only(spans)) == PARENT
    assert [f"{link.context.span_id:016x}" for link in only(spans).links] == [PARENT]


def test_a_request_from_outside_links_to_its_callers_trace(spans: InMemorySpanExporter) -> None:
    with server_span("GET", "/x", {"traceparent": TRACEPARENT}, from_outside=True):
        pass
    assert only(spans).parent is None
    assert [f"{link.context.trace_id:032x}" for link in only(spans).links] == [TRACE]


def test_baggage_from_outside_is_not_accepted(spans: InMemorySpanExporter) -> None:
    with server_span("GET", "/x", {"traceparent": TRACEPARENT, "baggage": "who=jane", "tracestate": "a=jane"}):
        pass
    assert "jane" not in only(spans).to_json()


def test_a_span_takes_the_route_that_was_found_later(spans: InMemorySpanExporter) -> None:
    with server_span("GET", "unmatched", {}) as span:
        span.set_route("GET", "/people/{crn}")
    assert (only(spans).name, facts(only(spans))["http.route"]) == ("GET /people/{crn}", "/people/{crn}")


def test_a_health_route_that_was_found_later_is_not_exported(spans: InMemorySpanExporter) -> None:
    with server_span("GET", "unmatched", {}) as span:
        span.set_route("GET", "/health/readiness")
    assert spans.get_finished_spans() == ()


def test_an_invented_method_is_not_a_name(spans: InMemorySpanExporter) -> None:
    with server_span("JANE-DOE", "/x", {}):
        pass
    assert only(spans).name == "_OTHER /x"


@pytest.mark.parametrize(
    ("scope", "status", "code"),
    [
        (server_span("GET", "/x", {}), 200, StatusCode.UNSET),
        (server_span("GET", "/x", {}), 404, StatusCode.UNSET),
        (server_span("GET", "/x", {}), 503, StatusCode.ERROR),
        (client_span("p", "GET", "/x"), 302, StatusCode.UNSET),
        (client_span("p", "GET", "/x"), 404, StatusCode.ERROR),
    ],
)
def test_an_answers_status_decides_whether_a_span_failed(
    spans: InMemorySpanExporter, scope: SpanScope, status: int, code: StatusCode
) -> None:
    with scope as span:
        span.set_attribute("http.response.status_code", status)
    assert only(spans).status.status_code is code


def test_an_exception_fails_the_span_by_its_type_alone(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Jane"), job_span("tidy"):
        raise ValueError("Jane Doe is not a date")
    assert facts(only(spans)) == {"error.type": "ValueError"}
    assert only(spans).status.status_code is StatusCode.ERROR
    assert "Jane" not in only(spans).to_json()


def test_a_span_names_the_service_that_works_the_build_and_the_environment(
    spans: InMemorySpanExporter,
) -> None:
    with bind_service("prison"), job_span("a"):
        pass
    with bind_service("notify"), job_span("b"):
        pass
    first, second = (dict(span.resource.attributes) for span in spans.get_finished_spans())
    assert (first["service.name"], second["service.name"]) == ("prison", "notify")
    assert first["service.version"] == "1.2.3"
    assert first["service.namespace"] == "throughcare"
    assert first["deployment.environment.name"] == "test"
    assert first["hmpps.product_id"] == "UNASSIGNED"


def test_a_span_carries_the_request_id(spans: InMemorySpanExporter) -> None:
    with bound_correlation("request-0001"), server_span("GET", "/x", {}):
        pass
    assert facts(only(spans))["http.request.header.x-request-id"] == "request-0001"


def test_only_listed_attributes_reach_a_span(spans: InMemorySpanExporter) -> None:
    with server_span("GET", "/x", {}) as span:
        span.set_attribute("hmpps.client_id", "interventions")
        span.set_attribute("enduser.id", "JDOE")
        get_current_span().set_attribute("url.query", "name=jane")
        get_current_span().add_event("found A1234BC", {"name": "jane", "exception.type": "KeyError"})
    span_out = only(spans)
    assert set(facts(span_out)) == {"http.request.method", "http.route", "hmpps.client_id"}
    assert [(event.name, dict(event.attributes or {})) for event in span_out.events] == [
        ("found [noms-number]", {"exception.type": "KeyError"})
    ]


def test_identifiers_and_queries_are_masked_in_names_and_listed_attributes(
    spans: InMemorySpanExporter,
) -> None:
    with client_span("prison", "GET", "/people/X123456?name=jane") as span:
        span.set_attribute("hmpps.entity", "person A1234BC")
    exported = only(spans).to_json()
    assert not [leak for leak in ("X123456", "jane", "A1234BC") if leak in exported]


class _Broken(SpanExporter):
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        raise ConnectionError(f"no collector for {len(spans)} spans")

    def shutdown(self) -> None:
        raise ConnectionError("still none")


def test_an_exporters_trouble_raises_nothing_and_is_logged_once_a_minute(lines: Lines) -> None:
    configure_tracing(service_version="1", environment="test", exporter=_Broken())
    unplug = add_span_exporter(_Broken())
    for _ in range(20):
        with job_span("tidy"):
            pass
    unplug()
    shutdown_tracing()
    logging.getLogger("opentelemetry.sdk.trace").warning("dropped")
    assert [line["message"] for line in lines.all] == ["spans could not be exported: ConnectionError"]


def test_a_configured_exporter_gets_everything_at_shutdown() -> None:
    exporter = InMemorySpanExporter()
    configure_tracing(service_version="1", environment="test", exporter=exporter)
    with job_span("tidy"):
        pass
    shutdown_tracing()
    assert [span.name for span in exporter.get_finished_spans()] == ["JOB tidy"]


def test_an_endpoint_without_the_extra_is_a_warning_not_an_error(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    configure_tracing(service_version="1", environment="test")
    assert "install throughcare[otlp]" in lines.text
    with job_span("tidy") as span:
        assert span.trace_id
    shutdown_tracing()
