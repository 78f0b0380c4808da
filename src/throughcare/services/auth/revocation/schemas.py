"""What ending sign-ins takes and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from throughcare.kit.web.schemas import Wire
from throughcare.services.auth.session.model import Session


class RevokeReason(Wire):
    """Why sign-ins are ended; kept with each of them."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=100)]


class Revoked(Wire):
    """How many sign-ins of an account, or tokens of a client, were alive and no longer are."""

    revoked: int = Field(ge=0)


class SignIn(Wire):
    """One place where the caller is signed in; ``current`` is the one that asks."""

    id: UUID
    auth_source: str
    signed_in_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    current: bool

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> Self:
        """The sign-in ``session``, seen from the one with the id ``current``."""
        return cls(
            id=session.id,
            auth_source=session.auth_source,
            signed_in_at=session.created_at,
            last_seen_at=session.last_seen_at,
            ends_at=session.absolute_expiry,
            current=session.id == current,
        )
