"""Settings of the integration service."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, field_validator

from throughcare.kit.context import Context
from throughcare.kit.settings import ServiceSettings
from throughcare.services.integration.event_type.model import FLAGS

DEDUPLICATE, PUBLISH, CLEAN = "deduplicate-events", "enable-publish-pending-events", "enable-delete-processed-events"
SWITCHES = frozenset({DEDUPLICATE, PUBLISH, CLEAN})


class IntegrationSettings(ServiceSettings):
    """What can be told to this service.

    ``api_url`` is where the endpoints named in notifications live (unset: this service's own public address);
    ``delay`` is how long changes of one endpoint are collected; ``keep_delivered`` is how long what was delivered can
    be read and replayed; ``lookup_max_age`` is how many seconds an answer about a person may be used again;
    ``disabled_flags`` names the feature flags that are off: those of event types, and three of the service's own work,
    each independent of the others.
    """

    api_url: str | None = None
    delay: timedelta = timedelta(minutes=5)
    keep_delivered: timedelta = timedelta(days=7)
    keep_refusals: timedelta = timedelta(days=30)
    lookup_max_age: float = Field(default=5.0, ge=0)
    disabled_flags: frozenset[str] = frozenset()

    @field_validator("disabled_flags")
    @classmethod
    def _known(cls, value: frozenset[str]) -> frozenset[str]:
        if unknown := value - FLAGS - SWITCHES:
            known = ", ".join(sorted(FLAGS | SWITCHES))
            raise ValueError(f"{', '.join(sorted(unknown))}: no such flag; the flags are {known}")
        return value


def api_url(ctx: Context) -> str:
    """Where consumers reach the endpoints, without a trailing slash."""
    return (ctx.settings(IntegrationSettings).api_url or ctx.runtime.producer.base_url).rstrip("/")


def delay_of(ctx: Context) -> timedelta:
    """How long changes are collected before they are told; not at all while collecting is switched off."""
    settings = ctx.settings(IntegrationSettings)
    return timedelta() if DEDUPLICATE in settings.disabled_flags else settings.delay
