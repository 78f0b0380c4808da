"""Consumers as operators register them."""

from __future__ import annotations

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.integration.consumer.model import Configuration, Consumer, default_queue


class ConsumerChange(Wire):
    """What a consumer may see, and how it is told.

    ``queue_name`` is made when it is not there; left out, the consumer gets a queue named after it, and null means
    none. ``feed`` opens ``GET /v1/events``.
    """

    roles: list[str] = Field(default=[], max_length=50)
    include: list[str] = Field(default=[], max_length=200)
    filters: dict[str, list[str]] = {}
    queue_name: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,43}$")
    feed: bool = True

    def consumer(self, name: str) -> Consumer:
        """The same as the rules want it."""
        queue = self.queue_name if "queue_name" in self.model_fields_set else default_queue(name)
        return Consumer(
            name, Configuration(tuple(self.roles), tuple(self.include), self.filters), queue, feed=self.feed
        )


class Suspension(Wire):
    """Whether what is for a consumer is held."""

    suspended: bool


class Registered(Wire):
    """A consumer after a change: what reaches it, and through which doors."""

    name: str
    queue_name: str | None
    feed: bool
    suspended: bool
    policy: dict[str, list[str]]
