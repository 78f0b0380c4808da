"""What the stand-in can be told from outside, by ``THROUGHCARE_NOTIFY__…`` variables."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, HttpUrl, SecretStr

from throughcare.kit.settings import ServiceSettings


class CallbackTarget(BaseModel):
    """Where delivery receipts of one service are posted, and the bearer token that they carry."""

    url: HttpUrl
    token: SecretStr = Field(min_length=10)


class NotifySettings(ServiceSettings):
    """``mode``: strict refuses what real Notify accepts and should not; compat accepts it too.

    ``sending_after`` and ``delivered_after`` are seconds of business time from acceptance; ``callbacks`` is
    keyed by the sending service.
    """

    mode: Literal["strict", "compat"] = "strict"
    sending_after: float = Field(default=0, ge=0)
    delivered_after: float = Field(default=0, ge=0)
    rate_per_minute: int = Field(default=3000, ge=1)
    callbacks: dict[str, CallbackTarget] = Field(default_factory=dict)
