"""The contracts that the code implies: a JSON Schema for each event, and an AsyncAPI document of who says what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from throughcare.kit.messaging.envelope import DomainEvent, PersonReference
from throughcare.kit.service import Service

Document = Mapping[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema(event: type[DomainEvent]) -> Document:
    """The JSON Schema of an event on the wire; further fields are allowed, as consumers must allow them."""
    own = event.model_json_schema(by_alias=True, mode="serialization", ref_template="#/$defs/{model}")
    person = PersonReference.model_json_schema(ref_template="#/$defs/{model}")
    definitions = {**own.pop("$defs", {}), **person.pop("$defs", {})}
    excluded = {"person", "detailPath", "occurredAt"}
    information = {
        "type": "object",
        "properties": {name: value for name, value in own.get("properties", {}).items() if name not in excluded},
        "required": sorted(set(own.get("required", ())) - excluded),
    }
    text, moment = {"type": "string"}, {"type": "string", "format": "date-time"}
    return {
        "$schema": DIALECT,
        "title": event.event_type,
        "description": event.description,
        "type": "object",
        "properties": {
            "eventType": {"const": event.event_type},
            "version": {"const": event.event_version},
            "eventId": {"type": "string", "format": "uuid"},
            "occurredAt": moment,
            "publishedAt": moment,
            "description": {"type": "string", "minLength": 1, "maxLength": 200},
            "detailUrl": {"type": "string", "format": "uri"},
            "source": text,
            "correlationId": {"type": "string", "maxLength": 64},
            "personReference": person,
            "additionalInformation": information,
        },
        "required": ["eventType", "version", "eventId", "occurredAt", "description", "source", "additionalInformation"],
        "$defs": definitions,
    }


def published(services: Iterable[Service]) -> dict[str, tuple[str, type[DomainEvent]]]:
    """Every event type that some service publishes, with that service's name."""
    return {event.event_type: (one.name, event) for one in services for event in one.publishes}


def asyncapi(services: Sequence[Service], version: str) -> Document:
    """The AsyncAPI 3.0 document: the topic, each queue, who publishes and who reads."""
    events = published(services)
    topics = sorted({event.topic for _, event in events.values()})
    messages = {
        kind: {"name": kind, "title": event.description, "payload": {"$ref": f"events/{kind}.schema.json"}}
        for kind, (_, event) in sorted(events.items())
    }
    channels: dict[str, Any] = {
        topic: {"address": topic, "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in messages}}
        for topic in topics
    }
    operations: dict[str, Any] = {
        f"{name}.publishes.{kind}": {"action": "send", "channel": {"$ref": f"#/channels/{event.topic}"}}
        for kind, (name, event) in sorted(events.items())
    }
    for service in services:
        for one in service.subscriptions:
            read = sorted({kind for each in one.reactions for kind in each.reads.types})
            channels[one.queue.name] = {
                "address": one.queue.name,
                "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in read if kind in messages},
                "x-from-outside": [kind for kind in read if kind not in messages],
            }
            operations[f"{service.name}.reads.{one.queue.name}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{one.queue.name}"},
            }
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "throughcare domain events", "version": version},
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
