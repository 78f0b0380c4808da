"""One trace and one correlation id from a request through outbox, queue and reaction to what that publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests import sample
from tests.service.kit.conftest import Small
from throughcare.kit.host import Host
from throughcare.kit.telemetry.traces import add_span_exporter

TRACE = "0af7651916cd43dd8448eb211c80319c"
Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    unplug = add_span_exporter(exporter)
    yield exporter
    unplug()


def named(spans: InMemorySpanExporter, name: str) -> ReadableSpan:
    [found] = [one for one in spans.get_finished_spans() if one.name == name]
    return found


def ids(span: ReadableSpan) -> tuple[str, int]:
    context = span.get_span_context()
    assert context is not None
    return f"{context.trace_id:032x}", context.span_id


async def test_a_request_its_event_and_the_reaction_are_one_trace(small: Small, spans: InMemorySpanExporter) -> None:
    await small.host.drain()
    spans.clear()
    reply = await small.client("ROLE_SAMPLE").post(
        "/things", json={"name": "traced"}, headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    )
    assert reply.status_code == 201
    await small.host.drain()
    request = named(spans, "POST /things")
    published = named(spans, "PUBLISH sample.thing.created")
    received = named(spans, "RECEIVE sample.thing.created")
    assert [ids(one)[0] for one in (request, published, received)] == [TRACE] * 3
    assert published.parent is not None
    assert published.parent.span_id == ids(request)[1]
    assert received.parent is not None
    assert received.parent.span_id == ids(published)[1]
    assert [link.context.span_id for link in received.links] == [ids(published)[1]]
    assert dict(published.attributes or {}) | {"messaging.system": "pgmq"} == dict(published.attributes or {})
    assert dict(received.attributes or {})["messaging.destination.name"] == "sample_domain_events"


async def test_the_correlation_id_of_a_request_is_on_every_line_that_its_reaction_writes(
    small: Small, log_lines: Lines
) -> None:
    await small.client("ROLE_SAMPLE").post(
        "/things", json={"name": "reject"}, headers={"X-Correlation-Id": "abcd-reject-0001"}
    )
    await small.host.drain()
    [dead] = [one for one in log_lines() if one["message"] == "message dead-lettered"]
    assert dead["labels.correlation_id"] == "abcd-reject-0001"
    assert dead["service.name"] == "kit"
    await small.host.bus.purge("sample_domain_events_dlq")


async def test_an_error_carries_the_ids_by_which_its_log_lines_are_found(small: Small, log_lines: Lines) -> None:
    reply = await small.client("ROLE_SAMPLE").get("/things/-/failing", headers={"X-Correlation-Id": "abcd-fail-0001"})
    document = reply.json()
    assert document["correlationId"] == "abcd-fail-0001"
    error, access = log_lines()[-2:]
    assert (error["message"], error["error.type"]) == ("unexpected error", "RuntimeError")
    for line in (error, access):
        assert line["trace.id"] == document["traceId"]
        assert line["labels.correlation_id"] == "abcd-fail-0001"
        assert line["service.name"] == "sample"


async def test_a_job_is_a_trace_of_its_own_and_its_lines_share_a_correlation_id(
    small: Small, spans: InMemorySpanExporter
) -> None:
    await small.client("ROLE_QUEUE_ADMIN").post("/operations/jobs/clean-up/run")
    job = named(spans, "JOB sample.clean-up")
    assert job.parent is None
    assert ids(job)[0] != ids(named(spans, "POST /operations/jobs/{name}/run"))[0]


async def test_what_starts_is_said_once_with_its_version_and_without_its_secrets(
    small: Small, log_lines: Lines
) -> None:
    topology = small.make()
    async with Host([sample.SERVICE], topology):
        pass
    [start] = [one for one in log_lines() if one["message"] == "services start"]
    assert (start["labels.services"], start["labels.version"], start["labels.bus"]) == ("sample", "dev", "PgmqBus")
    assert topology.secrets.derive("database:sample") not in str(log_lines())
