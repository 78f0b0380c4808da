"""Settings of the integration service."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, field_validator

from throughcare.kit.context import Context
from throughcare.kit.settings import ServiceSettings
from throughcare.services.integration.event_type.model import FLAGS


class IntegrationSettings(ServiceSettings):
    """What can be told to this service.

    ``api_url`` is where the endpoints named in notifications live (unset: this service's own public address);
    ``delay`` is how long changes of one endpoint are collected; ``lookup_max_age`` is how many seconds an answer about
    a person may be used again; ``disabled_flags`` names the feature flags that are off.
    """

    api_url: str | None = None
    delay: timedelta = timedelta(minutes=5)
    keep_delivered: timedelta = timedelta(hours=24)
    lookup_max_age: float = Field(default=5.0, ge=0)
    disabled_flags: frozenset[str] = frozenset()

    @field_validator("disabled_flags")
    @classmethod
    def _known(cls, value: frozenset[str]) -> frozenset[str]:
        if unknown := value - FLAGS:
            raise ValueError(f"{', '.join(sorted(unknown))}: no such flag; the flags are {', '.join(sorted(FLAGS))}")
        return value


def api_url(ctx: Context) -> str:
    """Where consumers reach the endpoints, without a trailing slash."""
    return (ctx.settings(IntegrationSettings).api_url or ctx.runtime.producer.base_url).rstrip("/")
