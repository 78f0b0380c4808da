"""Who is to work on referrals, as the pages remember it until it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from throughcare.kit.auth.principal import Principal
from throughcare.kit.http.peer import PeerRefused
from throughcare.ui.peers.referrals import User
from throughcare.ui.peers.users import ProviderAccount

UNKNOWN = "We cannot find a user with this email address"
AWAY = "Sorry, we cannot check this right now"
NOT_ALLOWED = "cannot work on referrals of this contract. Choose somebody else, or ask an administrator to add them"


@dataclass(frozen=True)
class Caseworker:
    """Somebody who may be assigned. ``email`` is None where it is not known."""

    user: User
    name: str
    email: str | None

    @classmethod
    def of(cls, found: ProviderAccount) -> Caseworker:
        """The owner of an account."""
        user = User(username=found.username, user_id=found.user_id, auth_source="auth")
        return cls(user, found.name, found.email)

    @classmethod
    def caller(cls, who: Principal, email: str | None) -> Caseworker:
        """The person who asks."""
        user = User(username=who.principal_name, user_id=who.user_id or "", auth_source=who.auth_source)
        return cls(user, who.name or "", email)

    @classmethod
    def remembered(cls, words: Mapping[str, Any]) -> Caseworker:
        """Whom unfinished work is about."""
        return cls(User.model_validate(words["user"]), words["name"], words["email"])

    def words(self) -> dict[str, Any]:
        """What unfinished work remembers."""
        return {"user": self.user.model_dump(by_alias=True), "name": self.name, "email": self.email}


def refused_as_caseworker(refused: PeerRefused) -> bool:
    """Whether the service said that this person may not be assigned."""
    return refused.peer_status == 403 and refused.peer_code == "SP_CONTRACT_MISMATCH"
