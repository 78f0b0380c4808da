"""Who looked at what: a line of the log that names the person by a hash, and the record by its id."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from uuid import UUID

from throughcare.kit.auth.principal import Principal
from throughcare.kit.telemetry.logs import get_logger

if TYPE_CHECKING:
    from throughcare.kit.context import Context

log = get_logger(__name__)
PURPOSE = "user-hash"


def person_hash(key: bytes, person: Principal) -> str:
    """By what one person's lines can be told from another's, without saying who it is."""
    named = f"{person.auth_source}:{person.username}".encode()
    return hmac.new(key, named, hashlib.sha256).hexdigest()[:32]


def note_view(ctx: Context, action: str, subject: UUID | None = None, *, count: int | None = None) -> None:
    """Note that the caller did ``action``, a constant like ``REFERRAL_VIEWED``, to the record ``subject``.

    A search names no record, only how many it found: ``count``.
    """
    who = person_hash(ctx.secrets.derive(PURPOSE).encode(), ctx.user)
    log.info("record viewed", action=action, id=subject, count=count, user_hash=who)
