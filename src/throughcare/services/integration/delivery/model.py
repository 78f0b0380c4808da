"""A notification on its way to one consumer, and the message that it becomes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
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


class Told(NamedTuple):
    """What a consumer hears: the same for all that hear of the same person."""

    event_id: int
    hmpps_id: str | None
    event_type: str
    path: str
    prison_id: str | None
    last_change_at: datetime


class Delivery(NamedTuple):
    """One notification for one consumer: its place in the consumer's line, and how often it was tried in vain."""

    consumer: str
    position: int
    told: Told
    supervision_status: str
    tries: int = 0


@dataclass
class Line:
    """What is added to a consumer's line: notifications in order, from the place ``first`` on.

    ``others`` holds those that the consumer hears with another person than the latest; what is ``claimed`` is sent by
    whoever adds it, what is ``fed`` needs no sending.
    """

    consumer: str
    ids: list[int] = field(default_factory=list)
    others: dict[int, Audience] = field(default_factory=dict)
    first: int = 0
    claimed: bool = False
    fed: bool = False


def backoff(tries: int, longest: float = 300.0) -> float:
    """Seconds until the next try: 1, 2, 4 … up to ``longest``, ±20 %."""
    return float(min(longest, 2.0 ** max(0, tries - 1)) * random.uniform(0.8, 1.2))


def body(one: Told, base_url: str) -> dict[str, object]:
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


_EMPTY = ("TopicArn", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL")
_EMPTY_KEYS = "".join(f'"{key}": "", ' for key in _EMPTY)


@lru_cache(maxsize=8192)
def _text(one: Told, base_url: str) -> str:
    """What stays the same for all that hear of the same person: the body, as a JSON string within JSON."""
    return f'"Message": {json.dumps(json.dumps(body(one, base_url)))}'


def messages(part: Sequence[Delivery], *, base_url: str, now: datetime, make_id: Callable[[], UUID]) -> list[Outgoing]:
    """The messages of a consumer's queue: what is told, in the form of SNS notifications.

    The text is put together by hand, since telling thousands a second is mostly writing JSON.
    """
    sent_at = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    rest = f'{_EMPTY_KEYS}"Timestamp": "{sent_at}", "MessageAttributes": {{"eventType": {{"Value": '
    return [
        Outgoing(
            key=str(one.position),
            body=f'{{"Type": "Notification", "MessageId": "{make_id()}", {_text(one.told, base_url)}, '
            f'{rest}"{one.told.event_type}"}}}}}}',
        )
        for one in part
    ]
