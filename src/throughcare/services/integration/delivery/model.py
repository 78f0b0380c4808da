"""A notification on its way to one consumer, and the message that it becomes."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from throughcare.kit.messaging.bus import Outgoing
from throughcare.services.integration.notification.model import Audience, Held

MAX_ATTEMPTS = 10
LONGEST_QUEUE_PAUSE = 60.0


@dataclass(frozen=True)
class Due:
    """A notification whose time has come."""

    event_id: int
    event_type: str
    path: str
    latest: Audience
    concerned: Held
    last_change_at: datetime


@dataclass(frozen=True)
class Delivery:
    """One notification for one consumer: its place in the consumer's line, and how often it was tried in vain."""

    consumer: str
    position: int
    event_id: int
    hmpps_id: str | None
    event_type: str
    path: str
    prison_id: str | None
    supervision_status: str
    last_change_at: datetime
    tries: int = 0


def backoff(tries: int, longest: float = 300.0) -> float:
    """Seconds until the next try: 1, 2, 4 … up to ``longest``, ±20 %."""
    return float(min(longest, 2.0 ** max(0, tries - 1)) * random.uniform(0.8, 1.2))


def told(one: Delivery, base_url: str) -> dict[str, object]:
    """What a consumer reads, whichever door it uses. Keys and their order are the contract.

    Source: ministryofjustice/hmpps-integration-api, package events. The time is in UTC, and has no zone written.
    """
    return {
        "eventId": one.event_id,
        "hmppsId": one.hmpps_id,
        "eventType": one.event_type,
        "prisonId": one.prison_id,
        "url": f"{base_url}{one.path}",
        "lastModifiedDateTime": one.last_change_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
    }


def message(one: Delivery, *, base_url: str, now: datetime, message_id: UUID) -> Outgoing:
    """The message of a consumer's queue: what is told, in the form of an SNS notification."""
    envelope: Mapping[str, object] = {
        "Type": "Notification",
        "MessageId": str(message_id),
        "TopicArn": "",
        "Message": json.dumps(told(one, base_url)),
        "Timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "",
        "Signature": "",
        "SigningCertURL": "",
        "UnsubscribeURL": "",
        "MessageAttributes": {"eventType": {"Value": one.event_type}},
    }
    return Outgoing(key=str(one.position), body=json.dumps(envelope))
