"""Spans around requests, peer calls, messages and jobs, in the names of OpenTelemetry's semantic conventions.

Every span has valid ids that travel on in ``traceparent`` (W3C Trace Context), whether anything records it or
not: without an exporter a span is two random numbers and a context variable. A new trace counts as sampled,
so that a process downstream which does export records its part; choosing which traces to keep is the
collector's task, since only there are errors and slow traces known. Health and static routes are never
recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import Token
from types import TracebackType
from typing import Literal, Self

from opentelemetry import context as otel_context
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.util.types import AttributeValue

from throughcare.kit.telemetry.correlation import current_correlation_id, service_name
from throughcare.kit.telemetry.export import (
    ALLOWED_ATTRIBUTES,
    Recorder,
    SievingExporter,
    is_unrecorded,
    otlp_exporter,
)
from throughcare.kit.telemetry.metrics import method_label

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[!-~]*)?")
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_NOT_SAMPLED = TraceFlags(TraceFlags.DEFAULT)
_TRANSACTION = otel_context.create_key("throughcare-transaction")
_IDS = RandomIdGenerator()

_Attributes = dict[str, str]


class _Tracing:
    recorder = Recorder(service_version="", environment="")


def configure_tracing(
    *, service_version: str, environment: str, product_id: str = "UNASSIGNED", exporter: SpanExporter | None = None
) -> None:
    """Start tracing afresh: what was plugged in before is flushed and gone.

    Spans go to ``exporter``, or else to the OTLP endpoint in ``OTEL_EXPORTER_OTLP_ENDPOINT``, through a
    bounded queue and a thread of its own; with neither, nothing is recorded. An exporter's trouble is a line
    in the log, never an exception.
    """
    _Tracing.recorder.shutdown()
    _Tracing.recorder = Recorder(service_version=service_version, environment=environment, product_id=product_id)
    chosen = exporter or otlp_exporter()
    if chosen is not None:
        _Tracing.recorder.plug(BatchSpanProcessor(SievingExporter(chosen)))


def add_span_exporter(exporter: SpanExporter) -> Callable[[], None]:
    """Hand every span that ends to ``exporter`` at once; the answer unplugs it.

    For exporters in memory: one that waits for a network would hold up the work.
    """
    return _Tracing.recorder.plug(SimpleSpanProcessor(SievingExporter(exporter)))


def shutdown_tracing() -> None:
    """Send what is still waiting and record nothing more; blocks for some seconds when nobody answers."""
    _Tracing.recorder.shutdown()


class SpanScope:
    """A span as a context manager: current inside the block, failed when an exception leaves it."""

    __slots__ = (
        "_attributes",
        "_base",
        "_kind",
        "_links",
        "_name",
        "_parent",
        "_recorded",
        "_span",
        "_token",
    )

    def __init__(
        self,
        name: str,
        kind: SpanKind,
        attributes: _Attributes,
        parent: SpanContext | None,
        *,
        base: Context | None = None,
        links: Sequence[Link] = (),
        recorded: bool = True,
    ) -> None:
        self._name, self._kind, self._attributes = name, kind, attributes
        self._parent, self._base, self._links = parent, base, links
        self._recorded = recorded
        self._span: Span
        self._token: Token[Context]

    def __enter__(self) -> Self:
        recorder = _Tracing.recorder
        span = self._start_recorded(recorder) if self._recorded and recorder.active else self._start_bare()
        base = self._base
        if base is None:
            base = Context({_TRANSACTION: span.get_span_context().span_id})
        self._span = span
        self._token = otel_context.attach(set_span_in_context(span, base))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        otel_context.detach(self._token)
        span = self._span
        if span.is_recording():
            _mark_outcome(span, self._kind, kind)
            span.end()
        return False

    @property
    def traceparent(self) -> str:
        """The W3C ``traceparent`` of this span, to send along."""
        return _traceparent_of(self._span.get_span_context())

    @property
    def trace_id(self) -> str:
        """The trace's id in 32 hexadecimal digits."""
        return f"{self._span.get_span_context().trace_id:032x}"

    def set_attribute(self, name: str, value: AttributeValue) -> None:
        """Record a fact about the span; one that is not in ``export.ALLOWED_ATTRIBUTES`` is dropped."""
        if name in ALLOWED_ATTRIBUTES:
            self._span.set_attribute(name, value)

    def set_route(self, method: str, route: str) -> None:
        """Name the span after the route template that routing found."""
        self._span.update_name(f"{method_label(method)} {route}")
        self._span.set_attribute("http.route", route)

    def _start_bare(self) -> Span:
        parent = self._parent
        trace_id = _IDS.generate_trace_id() if parent is None else parent.trace_id
        flags = _SAMPLED if parent is None else parent.trace_flags
        if not self._recorded:
            flags = _NOT_SAMPLED
        return NonRecordingSpan(SpanContext(trace_id, _IDS.generate_span_id(), False, flags))

    def _start_recorded(self, recorder: Recorder) -> Span:
        attributes = self._attributes
        if correlation := current_correlation_id():
            attributes["http.request.header.x-request-id"] = correlation
        parent = Context() if self._parent is None else set_span_in_context(NonRecordingSpan(self._parent), Context())
        tracer = recorder.tracer(service_name.get())
        return tracer.start_span(self._name, parent, self._kind, attributes, self._links)


def _mark_outcome(span: Span, kind: SpanKind, error: type[BaseException] | None) -> None:
    if error is not None:
        span.set_attribute("error.type", error.__qualname__)
        span.set_status(Status(StatusCode.ERROR))
        return
    status = (
        span.attributes.get("http.response.status_code") if isinstance(span, ReadableSpan) and span.attributes else None
    )
    if isinstance(status, int) and status >= (400 if kind is SpanKind.CLIENT else 500):
        span.set_attribute("error.type", str(status))
        span.set_status(Status(StatusCode.ERROR))


def server_span(method: str, route: str, headers: Mapping[str, str], *, from_outside: bool = False) -> SpanScope:
    """The span of a request that this process answers; it continues the caller's trace.

    ``route`` is the route's template; when it is not known yet, give ``unmatched`` and afterwards call
    ``set_route``. Set ``http.response.status_code`` before the block ends: 5xx is a failure.
    A request from the public ingress (``from_outside``) starts a trace of its own that links to the caller's.
    """
    caller = _parse(headers.get("traceparent"))
    label = method_label(method)
    return SpanScope(
        f"{label} {route}",
        SpanKind.SERVER,
        {"http.request.method": label, "http.route": route},
        None if from_outside else caller,
        links=(Link(caller),) if from_outside and caller is not None else (),
        recorded=not is_unrecorded(route),
    )


def client_span(peer: str, method: str, route: str) -> SpanScope:
    """The span of one HTTP call to ``peer``, a child of the current one; 4xx and 5xx are failures."""
    label = method_label(method)
    attributes = {"http.request.method": label, "url.template": route, "peer.service": peer}
    current = get_current_span().get_span_context()
    parent = current if current.is_valid else None
    base = otel_context.get_current() if parent is not None else None
    return SpanScope(f"{label} {route}", SpanKind.CLIENT, attributes, parent, base=base)


def publish_span(event_type: str, topic: str, traceparent: str | None, *, system: str = "pgmq") -> SpanScope:
    """The span of handing one event to the bus, a child of the span that wrote it to the outbox.

    ``topic`` is a name or an ARN, of which the name is kept. A malformed ``traceparent`` counts as none, and
    without one a new trace begins, whatever span is current.
    """
    attributes = _messaging(event_type, topic, system, "send")
    return SpanScope(f"PUBLISH {event_type}", SpanKind.PRODUCER, attributes, _parse(traceparent))


def receive_span(event_type: str, queue: str, traceparent: str | None, *, system: str = "pgmq") -> SpanScope:
    """The span of handling one message, a child of the producer's span and linked to it.

    Give None for a message with the attribute ``noTracing``: then a new trace begins.
    """
    producer = _parse(traceparent)
    return SpanScope(
        f"RECEIVE {event_type}",
        SpanKind.CONSUMER,
        _messaging(event_type, queue, system, "receive"),
        producer,
        links=() if producer is None else (Link(producer),),
    )


def job_span(name: str) -> SpanScope:
    """The span of one run of a scheduled job: always a trace of its own."""
    return SpanScope(f"JOB {name}", SpanKind.INTERNAL, {}, None)


def current_traceparent() -> str | None:
    """The W3C ``traceparent`` of the current span, to send along; None outside every span."""
    context = get_current_span().get_span_context()
    return _traceparent_of(context) if context.is_valid else None


def current_trace_id() -> str:
    """The current trace's id in 32 hexadecimal digits; empty outside every span."""
    context = get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


def current_ids() -> dict[str, str]:
    """``trace.id``, ``span.id`` and ``transaction.id`` for a log line; empty outside every span.

    The transaction is the span of the request, message or job that the current span belongs to.
    """
    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    ids = {"trace.id": f"{context.trace_id:032x}", "span.id": f"{context.span_id:016x}"}
    entry = otel_context.get_value(_TRANSACTION)
    if isinstance(entry, int):
        ids["transaction.id"] = f"{entry:016x}"
    return ids


def _messaging(event_type: str, destination: str, system: str, operation: str) -> _Attributes:
    return {
        "messaging.system": system,
        "messaging.operation.type": operation,
        "messaging.destination.name": re.split("[:/]", destination)[-1],
        "hmpps.event_type": event_type,
    }


def _traceparent_of(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & TraceFlags.SAMPLED:02x}"


def _parse(traceparent: str | None) -> SpanContext | None:
    """The span that a ``traceparent`` names; None when it breaks a rule of W3C Trace Context."""
    found = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None:
        return None
    version, trace_id, span_id, flags, more = found.groups()
    if version == "ff" or (version == "00" and more):
        return None
    sampled = _SAMPLED if int(flags, 16) & TraceFlags.SAMPLED else _NOT_SAMPLED
    context = SpanContext(int(trace_id, 16), int(span_id, 16), True, sampled)
    return context if context.is_valid else None
