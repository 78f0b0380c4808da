"""Who is calling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Principal:
    """A verified caller: a person (``is_user``) or a machine client. ``token`` is what they presented."""

    client_id: str
    username: str | None = None
    auth_source: str = "none"
    user_id: str | None = None
    name: str | None = None
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    jti: str = ""
    token: str = field(default="", repr=False)

    @property
    def is_user(self) -> bool:
        """Whether a person signed in, rather than a client on its own."""
        return self.username is not None

    @property
    def principal_name(self) -> str:
        """The user name, else the client id."""
        return self.username or self.client_id

    def has_any(self, roles: Iterable[str]) -> bool:
        """Whether the caller holds one of ``roles``; exact, with the ``ROLE_`` prefix."""
        return not self.roles.isdisjoint(roles)


def system(service: str) -> Principal:
    """The service itself, for work that nobody asked for over HTTP."""
    return Principal(client_id=service, auth_source="none")
