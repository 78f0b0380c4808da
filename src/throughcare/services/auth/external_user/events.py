"""What other services hear of accounts that are shut and opened."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class UserDisabled(DomainEvent, type="auth.user.disabled", key="user_id", description="A user's account was disabled"):
    """Nobody can sign in as this user, and their tokens are dead."""

    user_id: UUID
    auth_source: str


class UserEnabled(
    DomainEvent, type="auth.user.enabled", key="user_id", description="A user's account was enabled again"
):
    """The user can sign in again."""

    user_id: UUID
    auth_source: str
