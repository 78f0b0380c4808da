"""The metric families of every service, in one registry of their own.

Label values are few and known beforehand: never an id, a user name or a path. A route is its template, and
``unmatched`` where no route matched; a method is what ``method_label`` makes of it.
"""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.metrics import MetricWrapperBase

CONTENT_TYPE = CONTENT_TYPE_LATEST
UNMATCHED = "unmatched"

REGISTRY = CollectorRegistry(auto_describe=False)

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_LONG = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _counter(name: str, help_text: str, *labels: str) -> Counter:
    return Counter(name, help_text, labels, registry=REGISTRY)


def _gauge(name: str, help_text: str, *labels: str) -> Gauge:
    return Gauge(name, help_text, labels, registry=REGISTRY)


def _histogram(name: str, help_text: str, *labels: str, buckets: tuple[float, ...] = _QUICK) -> Histogram:
    return Histogram(name, help_text, labels, registry=REGISTRY, buckets=buckets)


http_server_request_duration_seconds = _histogram(
    "http_server_request_duration_seconds",
    "Time from a request's arrival to the end of its answer.",
    "service",
    "method",
    "route",
    "status_class",
)
http_server_requests_in_flight = _gauge("http_server_requests_in_flight", "Requests being answered now.")
http_client_request_duration_seconds = _histogram(
    "http_client_request_duration_seconds", "Time that a call to a peer took.", "peer", "method", "outcome"
)
db_pool_in_use = _gauge("db_pool_in_use", "Database connections in use.", "pool")

message_handled_total = _counter(
    "message_handled_total", "Messages received, by what became of them.", "queue", "event_type", "outcome"
)
message_handle_seconds = _histogram(
    "message_handle_seconds", "Time that handling a message took.", "queue", "event_type"
)
queue_messages = _gauge("queue_messages", "Messages on a queue: visible, inflight or dlq.", "queue", "kind")
queue_oldest_seconds = _gauge("queue_oldest_seconds", "Age of the oldest message on a queue.", "queue", "kind")
dlq_retry_total = _counter("dlq_retry_total", "Messages moved from a dead-letter queue back to its queue.", "queue")
dlq_parked = _gauge("dlq_parked", "Messages that wait on a dead-letter queue for a person.", "queue")

outbox_pending = _gauge("outbox_pending", "Events not yet published.", "service", "topic")
outbox_oldest_seconds = _gauge(
    "outbox_oldest_seconds", "Age of the oldest event not yet published.", "service", "topic"
)
outbox_published_total = _counter("outbox_published_total", "Events published.", "service", "topic")
outbox_dead = _gauge("outbox_dead", "Events given up after too many attempts.", "service", "topic")

notify_requests_total = _counter(
    "notify_requests_total", "Attempts to send a message, by what became of them.", "template", "outcome"
)
notify_open = _gauge("notify_open", "Messages asked for whose end is not known yet.", "template")

auth_token_rejected_total = _counter(
    "auth_token_rejected_total", "Tokens refused, by the first check failed.", "reason"
)

job_runs_total = _counter("job_runs_total", "Runs of a scheduled job.", "job", "outcome")
job_duration_seconds = _histogram("job_duration_seconds", "Time that a run of a job took.", "job", buckets=_LONG)
job_last_success_timestamp_seconds = _gauge(
    "job_last_success_timestamp_seconds", "When a job last succeeded, in seconds since 1970.", "job"
)

log_scrubbed_total = _counter("log_scrubbed_total", "Values masked in log lines: each is a defect where it was logged.")
build_info = _gauge("build_info", "Always 1; the labels say what is running.", "version", "commit")


def method_label(method: str) -> str:
    """The method itself when it is a usual one, else ``_OTHER``: callers make up no label values."""
    return method if method in _METHODS else "_OTHER"


def status_class(status: int) -> str:
    """``2xx``, ``4xx`` and so on."""
    return f"{status // 100}xx"


def families() -> dict[str, MetricWrapperBase]:
    """Every metric family by its name."""
    return {name: value for name, value in globals().items() if isinstance(value, MetricWrapperBase)}


def render() -> bytes:
    """Every family in Prometheus's text format; its media type is ``CONTENT_TYPE``."""
    return generate_latest(REGISTRY)
