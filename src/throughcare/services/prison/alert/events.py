"""What is announced about alerts, with the names and fields of hmpps-alerts-api."""

from __future__ import annotations

from throughcare.kit.messaging.envelope import DomainEvent


class AlertCreated(DomainEvent, type="person.alert.created", key="alert_uuid", description="An alert was created"):
    """A prisoner has a new alert."""

    alert_uuid: str
    alert_code: str
    source: str = "DPS"


class AlertUpdated(DomainEvent, type="person.alert.updated", key="alert_uuid", description="An alert was updated"):
    """The text or the dates of an alert changed."""

    alert_uuid: str
    alert_code: str
    source: str = "DPS"


class AlertInactive(
    DomainEvent,
    type="person.alert.inactive",
    key="alert_uuid",
    legacy=True,
    description="An alert became inactive",
):
    """The end of an alert has come."""

    alert_uuid: str
    alert_code: str
    source: str = "DPS"


class AlertDeleted(DomainEvent, type="person.alert.deleted", key="alert_uuid", description="An alert was deleted"):
    """An alert was created by mistake and taken away."""

    alert_uuid: str
    alert_code: str
    source: str = "DPS"


class AlertsChanged(
    DomainEvent, type="person.alerts.changed", key="noms_number", aggregate="person",
    description="The alerts of a prisoner changed",
):  # fmt: skip
    """Once for all that one piece of work did to a prisoner's alerts."""

    noms_number: str
