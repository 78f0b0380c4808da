"""What the management façade says of an account."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.auth.account.model import Account


class UserDetails(Wire):
    """An account of any source."""

    username: str
    active: bool
    name: str
    auth_source: str
    user_id: str
    uuid: UUID | None
    staff_id: int | None = None

    @classmethod
    def of(cls, account: Account) -> Self:
        """The details of ``account``; ``staffId`` for prison staff alone."""
        prison = account.source == "nomis" and account.source_id.isdigit()
        return cls(
            username=account.username,
            active=account.enabled,
            name=account.name,
            auth_source=account.source,
            user_id=account.source_id,
            uuid=account.user_id,
            staff_id=int(account.source_id) if prison else None,
        )


class UserStub(Wire):
    """All that is known of a user whose account is not held here."""

    username: str
    auth_source: str


class UserNames(Wire):
    """People whose names are asked for."""

    usernames: list[str] = Field(max_length=500)


class UserName(Wire):
    """What somebody is called."""

    username: str
    name: str


class UserEmail(Wire):
    """An account's e-mail address, and whether it is known to be theirs."""

    username: str
    email: str
    verified: bool


class UserRole(Wire):
    """A role that an account holds, without the prefix."""

    role_code: str


class ExternalUser(Wire):
    """An account of a service provider or another outside body."""

    user_id: UUID
    username: str
    email: str | None
    first_name: str
    last_name: str
    locked: bool
    enabled: bool
    verified: bool
    last_logged_in: datetime | None
    inactive_reason: str | None

    @classmethod
    def of(cls, account: Account, now: datetime) -> Self:
        """The external user ``account`` as at the real time ``now``."""
        return cls(
            user_id=account.user_id,
            username=account.username,
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            locked=account.lock.locked(now),
            enabled=account.enabled,
            verified=account.verified,
            last_logged_in=account.last_logged_in,
            inactive_reason=account.inactive_reason,
        )
