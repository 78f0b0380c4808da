"""Where recorded spans go, and the sieve before it: only what is on the allow-list leaves the process."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import Link, Status, Tracer
from opentelemetry.util.types import Attributes, AttributeValue

from throughcare.kit.telemetry.scrub import scrub

ALLOWED_ATTRIBUTES = frozenset(
    {
        "db.collection.name",
        "db.namespace",
        "db.operation.name",
        "db.system.name",
        "error.type",
        "exception.type",
        "hmpps.auth_source",
        "hmpps.client_id",
        "hmpps.entity",
        "hmpps.event_type",
        "hmpps.user_hash",
        "http.request.header.x-request-id",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.batch.message_count",
        "messaging.destination.name",
        "messaging.message.id",
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.system",
        "network.protocol.version",
        "peer.service",
        "server.address",
        "server.port",
        "url.scheme",
        "url.template",
    }
)
_ADDRESSES = frozenset({"http.route", "url.template"})
UNRECORDED_ROUTES = ("/ping", "/health", "/info", "/metrics", "/assets", "/static")
_UNRECORDED_FOLDERS = tuple(f"{route}/" for route in UNRECORDED_ROUTES)

# Lines of the logger ``opentelemetry`` and its children are let through once a minute (``logs``).
_log = logging.getLogger("opentelemetry.export")


def is_unrecorded(route: str) -> bool:
    """Whether requests of this route template are never recorded: health, metrics and static files."""
    return route in UNRECORDED_ROUTES or route.startswith(_UNRECORDED_FOLDERS)


def _clean_value(value: AttributeValue) -> AttributeValue:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Sequence):
        return [scrub(item) if isinstance(item, str) else item for item in value]
    return value


def _clean(attributes: Attributes | None) -> dict[str, AttributeValue]:
    kept = attributes or {}
    return {
        key: clean_name(value) if key in _ADDRESSES and isinstance(value, str) else _clean_value(value)
        for key, value in kept.items()
        if key in ALLOWED_ATTRIBUTES
    }


def clean_name(name: str) -> str:
    """A span's name without a query string, a secret or an identifier."""
    return scrub(name.partition("?")[0])


def cleaned(span: ReadableSpan) -> ReadableSpan:
    """A copy of ``span`` with allowed attributes only, and no text that an error brought with it."""
    return ReadableSpan(
        name=clean_name(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=_clean(span.attributes),
        events=[Event(scrub(each.name), _clean(each.attributes), each.timestamp) for each in span.events],
        links=[Link(each.context, _clean(each.attributes)) for each in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class SievingExporter(SpanExporter):
    """Passes cleaned spans on to another exporter, and turns whatever that one raises into a log line."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand on what may leave the process; a failure is a result, never an exception."""
        try:
            kept = [cleaned(span) for span in spans if not _is_noise(span.attributes)]
            return self._inner.export(kept) if kept else SpanExportResult.SUCCESS
        except Exception as trouble:
            _log.warning("spans could not be exported: %s", type(trouble).__name__)
            return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        """Close the exporter behind."""
        try:
            self._inner.shutdown()
        except Exception as trouble:
            _log.warning("the span exporter could not be closed: %s", type(trouble).__name__)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Whether the exporter behind has sent everything within the time."""
        try:
            return self._inner.force_flush(timeout_millis)
        except Exception as trouble:
            _log.warning("spans could not be exported: %s", type(trouble).__name__)
            return False


def _is_noise(attributes: Mapping[str, AttributeValue] | None) -> bool:
    route = (attributes or {}).get("http.route")
    return isinstance(route, str) and is_unrecorded(route)


class _Fanout(SpanProcessor):
    """Hands every span to each processor that is plugged in at the moment."""

    def __init__(self) -> None:
        self.processors: tuple[SpanProcessor, ...] = ()

    def on_end(self, span: ReadableSpan) -> None:
        for processor in self.processors:
            processor.on_end(span)

    def shutdown(self) -> None:
        for processor in self.processors:
            processor.shutdown()
        self.processors = ()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return all(processor.force_flush(timeout_millis) for processor in self.processors)


class Recorder:
    """Records spans for the exporters plugged in: one resource a service, one way out for all of them.

    A head sampler follows the caller's decision and keeps every new trace.
    """

    def __init__(self, *, service_version: str, environment: str, product_id: str = "UNASSIGNED") -> None:
        self._facts = {
            "service.version": service_version,
            "service.namespace": "throughcare",
            "deployment.environment.name": environment,
            "hmpps.product_id": product_id,
        }
        self._fanout = _Fanout()
        self._tracers: dict[str, Tracer] = {}

    @property
    def active(self) -> bool:
        """Whether anything is plugged in."""
        return bool(self._fanout.processors)

    def plug(self, processor: SpanProcessor) -> Callable[[], None]:
        """Hand all spans that end from now on to ``processor``, until the answer is called."""
        self._fanout.processors += (processor,)

        def unplug() -> None:
            self._fanout.processors = tuple(each for each in self._fanout.processors if each is not processor)
            processor.shutdown()

        return unplug

    def tracer(self, service: str) -> Tracer:
        """The tracer whose spans name ``service`` as theirs."""
        found = self._tracers.get(service)
        if found is None:
            resource = Resource.create({**self._facts, "service.name": service or "throughcare"})
            provider = TracerProvider(sampler=ParentBased(ALWAYS_ON), resource=resource, shutdown_on_exit=False)
            provider.add_span_processor(self._fanout)
            found = self._tracers[service] = provider.get_tracer("throughcare")
        return found

    def shutdown(self) -> None:
        """Send what is still waiting and unplug everything."""
        self._fanout.shutdown()


def otlp_exporter() -> SpanExporter | None:
    """The OTLP exporter when ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set and the extra ``otlp`` is installed."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    try:
        module = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        exporter: SpanExporter = module.OTLPSpanExporter()
        return exporter
    except ImportError:
        _log.warning("OTEL_EXPORTER_OTLP_ENDPOINT is set, but the extra is missing: install throughcare[otlp]")
    except Exception as trouble:
        _log.warning("the OTLP exporter refuses its settings: %s", type(trouble).__name__)
    return None
