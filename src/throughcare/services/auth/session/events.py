"""What other services hear of sign-ins, so that they forget what they remembered of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from throughcare.kit.messaging.envelope import DomainEvent

Reason = Literal["sign-out", "new sign-in", "account disabled", "revoked"]


class SessionRevoked(
    DomainEvent,
    type="auth.session.revoked",
    key="revoked",
    description="A sign-in, or every token of an account or a client, was revoked",
):
    """One of the three ids says what was revoked: everything of it that was issued before ``not_before``."""

    revoked: str = Field(exclude=True)
    session_id: UUID | None = None
    account_id: UUID | None = None
    client_id: str | None = None
    not_before: datetime
    reason: Reason
