from __future__ import annotations

import pytest
from prometheus_client import REGISTRY as GLOBAL_REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from throughcare.kit.telemetry import metrics

LABELS = {
    "auth_token_rejected_total": {"reason"},
    "build_info": {"version", "commit"},
    "db_pool_in_use": {"pool"},
    "dlq_parked": {"queue"},
    "dlq_retry_total": {"queue"},
    "http_client_request_duration_seconds": {"peer", "method", "outcome"},
    "http_server_request_duration_seconds": {"service", "method", "route", "status_class"},
    "http_server_requests_in_flight": set(),
    "job_duration_seconds": {"job"},
    "job_last_success_timestamp_seconds": {"job"},
    "job_runs_total": {"job", "outcome"},
    "log_scrubbed_total": set(),
    "message_handle_seconds": {"queue", "event_type"},
    "message_handled_total": {"queue", "event_type", "outcome"},
    "notify_open": {"template"},
    "notify_requests_total": {"template", "outcome"},
    "outbox_dead": {"service", "topic"},
    "outbox_oldest_seconds": {"service", "topic"},
    "outbox_pending": {"service", "topic"},
    "outbox_published_total": {"service", "topic"},
    "queue_messages": {"queue", "kind"},
    "queue_oldest_seconds": {"queue", "kind"},
}


def test_the_families_and_their_labels_are_those_that_dashboards_know() -> None:
    found = {name: set(family._labelnames) for name, family in metrics.families().items()}
    assert found == LABELS


def test_the_page_lists_every_family_under_its_name() -> None:
    names = {family.name for family in text_string_to_metric_families(metrics.render().decode())}
    assert {name.removesuffix("_total") for name in LABELS} <= {name.removesuffix("_total") for name in names}
    assert metrics.CONTENT_TYPE.startswith("text/plain")


def test_an_observation_shows_on_the_page() -> None:
    metrics.http_server_request_duration_seconds.labels("prison", "GET", "/api/{id}", "2xx").observe(0.3)
    line = (
        'http_server_request_duration_seconds_bucket{le="0.5",method="GET",route="/api/{id}",'
        'service="prison",status_class="2xx"} 1.0'
    )
    assert line in metrics.render().decode()


def test_the_families_stay_out_of_the_global_registry() -> None:
    assert not {family.name for family in GLOBAL_REGISTRY.collect()} & set(LABELS)


@pytest.mark.parametrize(
    ("method", "label"), [("GET", "GET"), ("PATCH", "PATCH"), ("get", "_OTHER"), ("X" * 99, "_OTHER")]
)
def test_a_caller_cannot_make_up_a_method(method: str, label: str) -> None:
    assert metrics.method_label(method) == label


@pytest.mark.parametrize(("status", "label"), [(200, "2xx"), (302, "3xx"), (404, "4xx"), (503, "5xx")])
def test_a_status_counts_by_its_class(status: int, label: str) -> None:
    assert metrics.status_class(status) == label
