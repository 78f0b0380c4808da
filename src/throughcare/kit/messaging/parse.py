"""From a queue message to an envelope, accepting SNS notifications and bare events alike."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from throughcare.kit.messaging.bus import DeadReason, Received
from throughcare.kit.messaging.envelope import Envelope

_FRACTION = re.compile(r"(\.\d{6})\d+")


class Unreadable(Exception):
    """The message can never be handled; ``reason`` is how its dead letter is labelled."""

    def __init__(self, reason: DeadReason, detail: str) -> None:
        self.reason: DeadReason = reason
        self.detail = detail
        super().__init__(detail)


def parse(message: Received, *, body_decides: bool = False) -> Envelope:
    """The event in ``message``; with ``body_decides`` whatever the attribute ``eventType`` says.

    Raises Unreadable, never with the content in its text.
    """
    body = _object(message.body)
    attributes = dict(message.attributes)
    if body.get("Type") == "Notification" and isinstance(body.get("Message"), str):
        attributes |= _sns_attributes(body)
        body = _object(str(body["Message"]))
    event_type = body.get("eventType")
    if not isinstance(event_type, str) or not event_type:
        raise Unreadable("malformed", "eventType is missing")
    if not body_decides and attributes.get("eventType", event_type) != event_type:
        raise Unreadable("attribute-mismatch", "attribute and body name different event types")
    version = body.get("version", 1)
    return Envelope(
        event_id=_event_id(body, message),
        event_type=event_type,
        version=version if isinstance(version, int) else 1,
        occurred_at=_moment(body.get("occurredAt")),
        body=body,
        correlation_id=str(body.get("correlationId") or ""),
        traceparent=None if "noTracing" in attributes else attributes.get("traceparent"),
    )


def _object(body: str) -> Mapping[str, object]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("malformed", "the body is not JSON") from None
    if not isinstance(parsed, dict):
        raise Unreadable("malformed", "the body is not a JSON object")
    return parsed


def _sns_attributes(notification: Mapping[str, object]) -> dict[str, str]:
    """The attributes of an SNS notification, which has an id and names its event type. Raises Unreadable."""
    given = notification.get("MessageAttributes")
    found = given.items() if isinstance(given, Mapping) else ()
    values = {name: one.get("Value") for name, one in found if isinstance(one, Mapping)}
    texts = {str(name): value for name, value in values.items() if isinstance(value, str)}
    if not isinstance(notification.get("MessageId"), str) or "eventType" not in texts:
        raise Unreadable("malformed", "the notification lacks MessageId or the attribute eventType")
    return texts


def _event_id(body: Mapping[str, object], message: Received) -> UUID:
    """The producer's id; for producers without one, a digest of what makes the event itself."""
    try:
        return UUID(str(body["eventId"]))
    except (KeyError, ValueError):
        pass
    parts = {name: body.get(name) for name in ("eventType", "occurredAt", "personReference", "additionalInformation")}
    if parts["personReference"] is None and parts["additionalInformation"] is None:
        parts["message"] = message.message_id
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
    return UUID(bytes=hashlib.sha256(canonical).digest()[:16])


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise Unreadable("malformed", "occurredAt is missing")
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", value))
    except ValueError:
        raise Unreadable("malformed", "occurredAt is not a date and time") from None
    if moment.tzinfo is None:
        raise Unreadable("malformed", "occurredAt has no offset")
    return moment
