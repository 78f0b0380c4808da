"""From a queue message to an event, or to the reason why it can never be one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from throughcare.kit.messaging.bus import Received
from throughcare.kit.messaging.parse import Unreadable, parse

EVENT = {"eventType": "person.alert.created", "version": 1, "occurredAt": "2024-08-14T12:33:34+01:00"}


def received(body: object, **attributes: str) -> Received:
    """A message on loan with this body."""
    text = body if isinstance(body, str) else json.dumps(body)
    return Received("some_queue", "1", "r", text, attributes, 1, datetime(2024, 8, 14, tzinfo=UTC))


def notification(**changes: Any) -> dict[str, Any]:
    """What SNS makes of the event."""
    whole = {
        "Type": "Notification",
        "MessageId": "2f0d",
        "Message": json.dumps(EVENT),
        "MessageAttributes": {"eventType": {"Type": "String", "Value": "person.alert.created"}},
    }
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def test_a_bare_event_and_a_notification_are_the_same_event() -> None:
    bare, wrapped = parse(received(EVENT)), parse(received(notification()))
    assert bare.event_type == wrapped.event_type == "person.alert.created"
    assert bare.occurred_at == wrapped.occurred_at == datetime(2024, 8, 14, 11, 33, 34, tzinfo=UTC)


@pytest.mark.parametrize("missing", ["MessageId", "Message", "MessageAttributes", "Type"])
def test_a_notification_without_one_of_its_keys_is_malformed(missing: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(received(notification(**{missing: None})))
    assert refused.value.reason == "malformed"


@pytest.mark.parametrize(
    "body",
    ["", "x", "[]", "null", '"text"', notification(Message="x"), notification(MessageAttributes={"eventType": 1})]
    + [{**EVENT, "eventType": value} for value in (None, 1, "")]
    + [{**EVENT, "occurredAt": value} for value in (None, 5, "yesterday", "2024-08-14T12:33:34")],
)
def test_what_is_not_an_event_is_malformed(body: object) -> None:
    with pytest.raises(Unreadable) as refused:
        parse(received(body))
    assert refused.value.reason == "malformed"


def test_an_attribute_that_names_another_type_is_refused_unless_the_body_decides() -> None:
    message = received(notification(MessageAttributes={"eventType": {"Value": "person.alert.deleted"}}))
    with pytest.raises(Unreadable) as refused:
        parse(message)
    assert refused.value.reason == "attribute-mismatch"
    assert parse(message, body_decides=True).event_type == "person.alert.created"
