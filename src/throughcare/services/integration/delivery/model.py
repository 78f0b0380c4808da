"""A notification on its way to one consumer, and the message that it becomes."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from throughcare.kit.messaging.bus import Outgoing


@dataclass(frozen=True)
class Delivery:
    """One notification for one consumer, claimed by this process."""

    id: int
    event_id: int
    hmpps_id: str | None
    event_type: str
    path: str
    prison_id: str | None
    last_change_at: datetime
    attempts: int


def backoff(attempts: int) -> float:
    """Seconds until the next try: 1, 2, 4 … up to five minutes, ±20 %."""
    return float(min(300.0, 2.0 ** max(0, attempts - 1)) * random.uniform(0.8, 1.2))


def message(one: Delivery, *, base_url: str, now: datetime, message_id: UUID) -> Outgoing:
    """The message as consumers know it: a notification in the form of an SNS one.

    Source: ministryofjustice/hmpps-integration-api, events; keys and their order are the contract.
    """
    told = {
        "eventId": one.event_id,
        "hmppsId": one.hmpps_id,
        "eventType": one.event_type,
        "prisonId": one.prison_id,
        "url": f"{base_url}{one.path}",
        "lastModifiedDateTime": one.last_change_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
    }
    envelope = {
        "Type": "Notification",
        "MessageId": str(message_id),
        "TopicArn": "",
        "Message": json.dumps(told),
        "Timestamp": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "",
        "Signature": "",
        "SigningCertURL": "",
        "UnsubscribeURL": "",
        "MessageAttributes": {"eventType": {"Value": one.event_type}},
    }
    return Outgoing(key=str(one.id), body=json.dumps(envelope))
