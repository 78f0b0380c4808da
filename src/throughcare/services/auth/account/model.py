"""An account: one person in one source, with the lock that guards its password."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

SOURCES = ("auth", "nomis", "azuread", "delius")
IMPLIED_ROLES = {"delius": "PROBATION", "nomis": "PRISON"}

DELAY_FROM = 5
LOCK_AT = 10
LOCKED_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Lock:
    """Failed sign-ins in a row, and until when the account is shut because of them; times are real time."""

    failures: int = 0
    retry_after: datetime | None = None
    locked_until: datetime | None = None

    def shut(self, at: datetime) -> bool:
        """Whether no password is good enough at ``at``."""
        return self.locked(at) or (self.retry_after is not None and at < self.retry_after)

    def locked(self, at: datetime) -> bool:
        """Whether the account is locked, rather than merely slowed down."""
        return self.locked_until is not None and at < self.locked_until

    def failed(self, at: datetime) -> Self:
        """After one more failure: from the fifth a delay of 1, 2, 4 … seconds, at the tenth a lock."""
        if self.locked(at):
            return self
        failures = self.failures + 1
        if failures >= LOCK_AT:
            return replace(self, failures=0, retry_after=None, locked_until=at + LOCKED_FOR)
        delay = timedelta(seconds=2 ** (failures - DELAY_FROM)) if failures >= DELAY_FROM else None
        return replace(self, failures=failures, retry_after=at + delay if delay else None, locked_until=None)


@dataclass(frozen=True)
class Account:
    """A person's account. ``source_id`` is what its source calls it and is unique there alone."""

    user_id: UUID
    username: str
    source: str
    source_id: str
    first_name: str
    last_name: str
    email: str | None
    verified: bool
    enabled: bool
    inactive_reason: str | None
    password: str | None = field(repr=False)
    lock: Lock
    last_logged_in: datetime | None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def verified_email(self) -> str | None:
        """The e-mail address, if it is known to be theirs."""
        return self.email if self.verified else None


def authorities(source: str, role_codes: tuple[str, ...]) -> list[str]:
    """The ``ROLE_…`` names of an account: those granted, and the one that its source implies."""
    implied = IMPLIED_ROLES.get(source)
    codes = {*role_codes, implied} if implied else {*role_codes}
    return sorted(f"ROLE_{code}" for code in codes)


def username_of(typed: str) -> str:
    """How a user name is kept and compared: trimmed, in capitals."""
    return typed.strip().upper()
