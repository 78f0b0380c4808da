"""What this service counts: metric families in the registry of all. A consumer's name is a label: they are few."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from throughcare.kit.telemetry.metrics import REGISTRY


def _counter(name: str, help_text: str, *labels: str) -> Counter:
    return Counter(name, help_text, labels, registry=REGISTRY)


def _gauge(name: str, help_text: str, *labels: str) -> Gauge:
    return Gauge(name, help_text, labels, registry=REGISTRY)


stored_total = _counter("integration_notifications_stored_total", "Notifications that changes led to.", "event_type")
refused_total = _counter(
    "integration_notifications_refused_total", "Types that a change should have led to and could not.", "reason"
)
distributed_total = _counter("integration_notifications_distributed_total", "Notifications whose time came.")
delivered_total = _counter("integration_delivered_total", "Notifications that a consumer's queue holds.", "consumer")
delivery_refused_total = _counter(
    "integration_delivery_refused_total", "Entries that a consumer's queue refused.", "consumer"
)
queue_away_total = _counter("integration_queue_away_total", "Times that a consumer's whole queue failed.", "consumer")

notifications = _gauge("integration_notifications", "Notifications that collect or are due.", "state")
oldest_due_seconds = _gauge("integration_oldest_due_seconds", "How long the oldest due notification has waited.")
deliveries = _gauge("integration_deliveries", "Deliveries waiting or given up.", "consumer", "state")
lag_seconds = _gauge("integration_lag_seconds", "Age of the oldest delivery that waits for a consumer.", "consumer")
