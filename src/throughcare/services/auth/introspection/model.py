"""When a token is alive: the one rule, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from throughcare.kit.errors import BadRequest
from throughcare.services.auth.session.model import Session
from throughcare.services.auth.token.model import IssuedToken

OWN_AUDIENCE = "auth"


class NotAToken(BadRequest):
    """The text is no token of this server's, or one that has ended (400)."""

    code = "NOT_A_TOKEN"
    title = "The token cannot be read, was not issued here, or has expired"


@dataclass(frozen=True)
class Standing:
    """A token on record, and everything that its life hangs on."""

    token: IssuedToken
    session: Session | None
    account_enabled: bool | None
    client_ends_at: datetime | None
    not_before: datetime | None

    def alive(self, now: datetime, real_now: datetime) -> bool:
        """Whether the token counts at the business time ``now``, its sign-in being judged by real time."""
        family = self.token.family
        signed_in = family.session_id is None or (self.session is not None and self.session.alive(real_now))
        known = family.account_id is None or self.account_enabled is True
        client_ended = self.client_ends_at is not None and self.client_ends_at <= now
        return self.token.alive(now, self.not_before) and signed_in and known and not client_ended


def concerns(audiences: tuple[str, ...], client_id: str, requester: str) -> bool:
    """Whether ``requester`` may learn of a token: it is for it, for this server, or its own."""
    return requester in audiences or OWN_AUDIENCE in audiences or requester == client_id
