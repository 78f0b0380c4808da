"""Who did something: one identity for each person, whatever ids the identity provider has given them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from uuid import NAMESPACE_URL, UUID, uuid5

from throughcare.kit.auth.principal import Principal
from throughcare.services.interventions.refusal.model import AccessDenied, AccessRefused, Reason

READ_ALL = "ROLE_INTERVENTIONS_API_READ_ALL"
REFER_AND_MONITOR = "ROLE_INTERVENTIONS_REFER_AND_MONITOR"
ACCOMMODATION = "ROLE_SAS_RM__REFERRAL_RO"
SUBJECT_ACCESS = "ROLE_SAR_DATA_ACCESS"
EXTRACTS = "ROLE_INTERVENTIONS__EXTRACTS__RO"
CONTRACTS = "ROLE_INTERVENTIONS__CONTRACTS__RW"
APPOINTMENTS = "ROLE_INTERVENTIONS__APPOINTMENTS__RW"
SUPPORTING = "ROLE_THROUGHCARE_SUPPORT"
EDITING = "ROLE_INTERVENTIONS_SERVICE_EDITOR"
GATE = ("ROLE_PROBATION", "ROLE_CRS_PROVIDER", READ_ALL)


class Kind(Enum):
    """The two sides of a referral, the machines that read it, and those who help people with it."""

    PRACTITIONER = "delius"
    PROVIDER = "auth"
    CLIENT = "client"
    SUPPORT = "support"


@dataclass(frozen=True)
class Actor:
    """A person as tokens name them. Two actors are the same person when source and user name agree."""

    user_id: str
    auth_source: str
    username: str

    @property
    def id(self) -> UUID:
        """The identity under which facts about this person are kept."""
        return uuid5(NAMESPACE_URL, f"throughcare:actor:{self.auth_source}:{self.username.upper()}")


SYSTEM = Actor("00000000-0000-0000-0000-000000000000", "urn:hmpps:interventions", "hmpps-interventions-service")


def actor_of(caller: Principal) -> Actor:
    """The person behind a token.

    Raises AccessDenied (TOKEN_INCOMPLETE) naming the claims that are missing.
    """
    known = {"user_id": caller.user_id, "user_name": caller.username}
    missing = [claim for claim, value in known.items() if not value]
    if caller.auth_source in {"", "none"}:
        missing.append("auth_source")
    if missing:
        raise AccessDenied("TOKEN_INCOMPLETE", f"the token lacks {', '.join(missing)}")
    return Actor(caller.user_id or "", caller.auth_source, caller.username or "")


def kind_of(caller: Principal) -> Kind:
    """Which side the caller is on.

    Raises AccessDenied (TOKEN_INCOMPLETE), AccessRefused (UNSUPPORTED_AUTH_SOURCE).
    """
    if not caller.is_user and READ_ALL in caller.roles:
        return Kind.CLIENT
    source = actor_of(caller).auth_source
    if source not in {Kind.PRACTITIONER.value, Kind.PROVIDER.value}:
        if SUPPORTING in caller.roles:
            return Kind.SUPPORT
        message = "only probation practitioners and service provider staff can use this"
        raise AccessRefused(Reason("UNSUPPORTED_AUTH_SOURCE", message))
    return Kind(source)
