"""The domain event: HMPPS's envelope, a superset that existing consumers cannot tell from the original.

Rules of the shape: ``docs/events.md``. Events are skinny: identifiers and codes, never personal data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

DOMAIN_EVENTS = "domain_events"
MAX_EVENT_BYTES = 65_536

EVENT_TYPE = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*){2,3}$")
PAST_PARTICIPLES = frozenset(
    """added admitted advanced allocated amended approved assigned attended booked cancelled changed closed completed
    concluded created deactivated deleted deregistered determined disabled discharged enabled ended failed merged missed
    moved opened produced reactivated received recorded released removed revoked scheduled sent started submitted
    terminated transferred unallocated updated""".split()  # noqa: SIM905  easier to read than a list
)
IDENTIFIER_RULES = {"NOMS": re.compile(r"[A-Z]\d{4}[A-Z]{2}"), "CRN": re.compile(r"[A-Z]\d{6}")}


class Identifier(BaseModel):
    """One identifier of a person: type in capitals (NOMS, CRN, PNC, DPS) and value."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(pattern=r"^[A-Z]+$")
    value: str

    @field_validator("value")
    @classmethod
    def _shape(cls, value: str, info: object) -> str:
        kind = getattr(info, "data", {}).get("type")
        rule = IDENTIFIER_RULES.get(str(kind))
        if rule is not None and not rule.fullmatch(value):
            raise ValueError(f"is not a {kind} identifier")
        return value


class PersonReference(BaseModel):
    """The person whom an event concerns."""

    model_config = ConfigDict(frozen=True)

    identifiers: tuple[Identifier, ...] = Field(min_length=1)

    @classmethod
    def of(cls, *, crn: str | None = None, noms: str | None = None) -> Self | None:
        """The reference for the identifiers that are known, NOMS number first; None when none is."""
        known = [Identifier(type=kind, value=value) for kind, value in (("NOMS", noms), ("CRN", crn)) if value]
        return cls(identifiers=tuple(known)) if known else None


@dataclass(frozen=True)
class Producer:
    """Who publishes: the service's name and the public base URL of its API."""

    source: str
    base_url: str


class DomainEvent(BaseModel):
    """Base of the events that a feature publishes.

    A subclass gives its type, what it is keyed by (``key``: the field that names the aggregate, whose events keep
    their order) and a description; its fields become ``additionalInformation`` in camelCase. Set ``person``,
    ``detail_path`` (under the service's public URL) and, when it is not now, ``occurred_at`` when creating one.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid")

    event_type: ClassVar[str] = ""
    event_version: ClassVar[int] = 1
    aggregate: ClassVar[str] = ""
    key: ClassVar[str] = ""
    description: ClassVar[str] = ""
    topic: ClassVar[str] = DOMAIN_EVENTS

    person: PersonReference | None = Field(default=None, exclude=True)
    detail_path: str | None = Field(default=None, exclude=True)
    occurred_at: datetime | None = Field(default=None, exclude=True)

    def __init_subclass__(cls, **_: object) -> None:
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(  # type: ignore[override]  # the keywords of a class statement
        cls, *, type: str, key: str, description: str, aggregate: str | None = None, version: int = 1,
        legacy: bool = False, topic: str = DOMAIN_EVENTS, **_: object,
    ) -> None:  # fmt: skip
        if not legacy and (not EVENT_TYPE.match(type) or len(type) > 100 or _last_word(type) not in PAST_PARTICIPLES):
            raise TypeError(f"{cls.__name__}: {type!r} is not the name of an event; see docs/events.md")
        if key not in cls.model_fields:
            raise TypeError(f"{cls.__name__}: key {key!r} is not one of its fields")
        if not 1 <= len(description) <= 200:
            raise TypeError(f"{cls.__name__}: a description has 1 to 200 characters")
        cls.event_type, cls.event_version, cls.key, cls.topic = type, version, key, topic
        cls.description, cls.aggregate = description, aggregate or type.split(".")[-2]

    def envelope(self, event_id: UUID, producer: Producer, now: datetime, correlation_id: str) -> dict[str, object]:
        """The event as it goes over the wire, apart from ``publishedAt``, which the relay adds."""
        wire: dict[str, object] = {
            "eventType": self.event_type,
            "version": self.event_version,
            "description": self.description,
            "occurredAt": (self.occurred_at or now).isoformat(),
            "additionalInformation": self.model_dump(mode="json", by_alias=True, exclude_none=True),
            "eventId": str(event_id),
            "source": producer.source,
        }
        if self.detail_path is not None:
            wire["detailUrl"] = f"{producer.base_url}{self.detail_path}"
        if self.person is not None:
            wire["personReference"] = self.person.model_dump(mode="json")
        if correlation_id:
            wire["correlationId"] = correlation_id
        return wire


def _last_word(event_type: str) -> str:
    return event_type.rsplit(".", 1)[-1].rsplit("-", 1)[-1]


@dataclass(frozen=True)
class Envelope:
    """A domain event as received: typed where every event is alike, open where they differ."""

    event_id: UUID
    event_type: str
    version: int
    occurred_at: datetime
    body: Mapping[str, object]
    correlation_id: str
    traceparent: str | None

    def identifier(self, kind: Literal["NOMS", "CRN"]) -> str | None:
        """The person's first identifier of ``kind``; ``nomsNumber`` is read as NOMS."""
        accepted = {"NOMS": {"NOMS", "nomsNumber"}, "CRN": {"CRN"}}[kind]
        reference = self.body.get("personReference")
        identifiers = reference.get("identifiers") if isinstance(reference, Mapping) else None
        for one in identifiers if isinstance(identifiers, list) else []:
            if isinstance(one, Mapping) and one.get("type") in accepted and isinstance(one.get("value"), str):
                return str(one["value"])
        return None

    def at(self, path: str) -> object:
        """What stands at a dotted path of the body, or None."""
        found: object = self.body
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found
