"""A sign-in, kept on the server's side. Its times are real time, as its cookie's are."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
FORM_LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Session:
    """One person signed in: ``id`` is the claim ``jwt_id`` of every token that came of it."""

    id: UUID
    account_id: UUID
    auth_source: str
    created_at: datetime
    last_seen_at: datetime
    absolute_expiry: datetime
    revoked_at: datetime | None = None
    revoke_reason: str | None = None
    revoked_by: str | None = None

    def alive(self, at: datetime) -> bool:
        """Whether the sign-in still counts: not revoked, not idle for half an hour, not twelve hours old."""
        return self.revoked_at is None and at < self.last_seen_at + IDLE and at < self.absolute_expiry

    def to_be_seen(self, at: datetime) -> bool:
        """Whether it is worth noting that the session is in use; once a minute is enough."""
        return at - self.last_seen_at >= SEEN_EVERY


@dataclass(frozen=True)
class Browser:
    """What a cookie stands for: a form's token, the request that waits for sign-in, and the sign-in."""

    cookie_hash: str
    csrf: str
    pending: str | None
    session_id: UUID | None
    created_at: datetime

    def fresh(self, at: datetime) -> bool:
        """Whether a form that was shown to this browser may still come back."""
        return at < self.created_at + FORM_LIFE


def new_secret() -> str:
    """A random value of 256 bits for a cookie, a code or a token, safe in URLs."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a random value, so that the database gives none away."""
    return hashlib.sha256(secret.encode()).hexdigest()
