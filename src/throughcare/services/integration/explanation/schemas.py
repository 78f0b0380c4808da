"""Questions about a domain event or a consumer's configuration, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from throughcare.kit.web.schemas import Wire
from throughcare.services.integration.consumer.model import Configuration, Consumer, Role

MOST = 100


def _loosely(value: object) -> object:
    """Configuration keys may be written with hyphens, and a list without content is an empty one."""
    if not isinstance(value, Mapping):
        return value
    return {to_camel(str(key).replace("-", "_")): one for key, one in value.items()}


def _listed(value: object) -> object:
    """A key without content: nothing is let through by it."""
    if not isinstance(value, Mapping):
        return value
    return {to_camel(str(key).replace("-", "_")): [] if one is None else one for key, one in value.items()}


def _or_empty(value: object) -> object:
    return [] if value is None else value


Texts = Annotated[list[str], BeforeValidator(_or_empty)]
FilterLists = Annotated[dict[str, list[str]] | None, BeforeValidator(_listed)]


class ConsumerConfiguration(Wire):
    """A consumer as its configuration file has it."""

    roles: Texts = []
    include: Texts = []
    filters: FilterLists = None
    queue_name: str | None = None
    feed: bool = False
    is_suspended: bool = False

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return _loosely(value)

    def consumer(self, name: str = "") -> Consumer:
        """The same as the rules want it."""
        configuration = Configuration(tuple(self.roles), tuple(self.include), self.filters or {})
        return Consumer(name, configuration, self.queue_name, self.is_suspended, self.feed)


class RoleDefinition(Wire):
    """A role that stands in for the built-in ones."""

    permissions: Texts = []
    filters: FilterLists = None

    def role(self) -> Role:
        """The same as the rules want it."""
        return Role(tuple(self.permissions), self.filters or {})


class Lookups(Wire):
    """Answers given beforehand. What is not given is not found; ``{"error": 500}`` is a call that fails."""

    person_exists: dict[str, object] = {}
    noms_to_crn: dict[str, object] = {}
    prisoners: dict[str, object] = {}
    probation_cases: dict[str, object] = {}


class EventQuestion(Wire):
    """What a domain event would lead to: the ``event`` itself, or the ``raw_body`` of a queue's message.

    ``envelope_event_type`` is what the message's attribute says, by itself the same as the event. A flag that is not
    given is on, one without a value is not defined and therefore off.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    event: object = None
    raw_body: str | None = None
    envelope_event_type: str | None = None
    lookups: Lookups | None = None
    flags: dict[str, bool | None] | None = None
    consumers: dict[str, ConsumerConfiguration] | None = None

    @model_validator(mode="after")
    def _something(self) -> EventQuestion:
        if (self.raw_body is None) == ("event" not in self.model_fields_set):
            raise ValueError("give either event or rawBody")
        return self

    @property
    def names_attribute(self) -> bool:
        """Whether the question says what the message's attribute is."""
        return "envelope_event_type" in self.model_fields_set


class Told(Wire):
    """A notification, and the consumers that it would reach."""

    event_type: str
    path: str
    hmpps_id: str | None
    prison_id: str | None
    supervision_status: str
    consumers: list[str]


class NotTold(Wire):
    """A type that the event should lead to and cannot, and why."""

    event_type: str
    reason: str


class EventAnswer(Wire):
    """What the event leads to, or why that is nothing at all."""

    notifications: list[Told] | None = None
    refused: list[NotTold] = []
    error: str | None = None
    detail: str | None = None

    def line(self) -> dict[str, object]:
        """The answer as one line of a batch."""
        if self.error is not None:
            return {"error": self.error, "detail": self.detail}
        return {"notifications": [one.model_dump(by_alias=True) for one in self.notifications or []]}


class EventFacts(Wire):
    """A notification, as far as a consumer's policy looks at it."""

    event_type: str
    prison_id: str | None = None
    supervision_status: str | None = None


class ConsumerQuestion(Wire):
    """What a configuration would let through; ``role_definitions`` are used instead of the built-in roles."""

    config: ConsumerConfiguration
    role_definitions: dict[str, RoleDefinition] | None = None
    event: EventFacts | None = None
    path: str | None = None


class ConsumerAnswer(Wire):
    """The policy, and whether the event would be delivered and the path may be called, where that was asked."""

    policy: dict[str, list[str]]
    deliver: bool | None = None
    authorised: bool | None = None


class EventQuestions(Wire):
    """Up to a hundred questions about domain events."""

    questions: Annotated[list[EventQuestion], Field(min_length=1, max_length=MOST)]


class EventAnswers(Wire):
    """The answers, in the order of the questions."""

    answers: list[EventAnswer]
