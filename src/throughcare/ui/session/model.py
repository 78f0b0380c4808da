"""A visit: what the server remembers of a signed-in browser. The cookie holds nothing but a random id."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from throughcare.kit.auth.principal import Principal

IDLE = timedelta(minutes=120)
ABSOLUTE = timedelta(hours=12)
PENDING = timedelta(minutes=30)
REFRESH_BEFORE = timedelta(seconds=60)
LONGEST_PATH = 2_000


@dataclass(frozen=True)
class Tokens:
    """The tokens of a visit."""

    access: str
    refresh: str


@dataclass(frozen=True)
class PendingSignIn:
    """A sign-in under way: what the callback must match."""

    state: str
    browser: str
    verifier: str
    return_to: str
    created_at: datetime

    @property
    def challenge(self) -> str:
        """The PKCE challenge (RFC 7636, S256)."""
        return urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Visit:
    """A signed-in browser. Idle and absolute limits are in real time, the tokens in business time."""

    username: str
    name: str
    auth_source: str
    user_id: str
    roles: tuple[str, ...]
    tokens: Tokens
    access_expires_at: datetime
    csrf: str
    created_at: datetime
    last_seen_at: datetime
    organisations: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """How the header calls the visitor: ``B. Beaks``, for a provider with the organisation behind the name."""
        first, _, rest = self.name.partition(" ")
        name = f"{first[:1]}. {rest}" if rest else first
        if not self.organisations:
            return name
        more = f" and {len(self.organisations) - 1} more" if len(self.organisations) > 1 else ""
        return f"{name} ({self.organisations[0]}{more})"

    @property
    def owner(self) -> str:
        """Whose forms are kept for this visitor."""
        return f"{self.auth_source}:{self.username}"

    def alive(self, real_now: datetime) -> bool:
        """Whether the visit may go on."""
        return real_now - self.last_seen_at < IDLE and real_now - self.created_at < ABSOLUTE

    def seconds_left(self, real_now: datetime) -> int:
        """How long the visit lasts unless it is used again."""
        left = min(self.last_seen_at + IDLE, self.created_at + ABSOLUTE) - real_now
        return max(int(left.total_seconds()), 0)

    def stale(self, now: datetime) -> bool:
        """Whether the access token must be renewed; also after business time was set back."""
        return not now < self.access_expires_at - REFRESH_BEFORE < now + timedelta(hours=24)

    def seen(self, real_now: datetime) -> Visit:
        """The visit after a request."""
        return replace(self, last_seen_at=real_now)

    def form_token(self) -> str:
        """What a form of this visit sends back; another one each time, so that compression gives none away."""
        salt = secrets.token_urlsafe(16)
        return f"{salt}.{self._signed(salt)}"

    def knows(self, token: str) -> bool:
        """Whether ``token`` came from a form of this visit."""
        salt, _, signature = token.partition(".")
        return hmac.compare_digest(self._signed(salt).encode(), signature.encode(errors="replace"))

    def _signed(self, salt: str) -> str:
        return hmac.new(self.csrf.encode(), salt.encode(errors="replace"), hashlib.sha256).hexdigest()

    @property
    def principal(self) -> Principal:
        """The visitor as a caller, whose token is passed on to other services."""
        return Principal(
            client_id="throughcare-ui", username=self.username, name=self.name, auth_source=self.auth_source,
            user_id=self.user_id, roles=frozenset(self.roles), token=self.tokens.access,
        )  # fmt: skip


def digest(value: str) -> str:
    """What is stored of a secret that the browser holds."""
    return hashlib.sha256(value.encode()).hexdigest()


def random_id() -> str:
    """A secret of 256 bits."""
    return secrets.token_urlsafe(32)


def safe_return(path: str | None) -> str:
    """Where to go after signing in: a path of this site, else the home page."""
    sound = path is not None and len(path) <= LONGEST_PATH and path.isprintable()
    if path and sound and path.startswith("/") and not path.startswith(("//", "/\\", "/sign-")):
        return path
    return "/"
