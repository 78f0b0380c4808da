"""Passwords: how they are kept, and how one that is typed is compared.

Argon2id with the parameters that RFC 9106 §4 recommends second (64 MiB, three passes, four lanes).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from throughcare.kit.errors import BadRequest, TooManyRequests

LONGEST = 1000
WINDOW_SECONDS = 300


class SignInRefused(BadRequest):
    """Nobody was signed in (400). The one message for every cause; ``reason`` is for telemetry alone."""

    code = "SIGN_IN_REFUSED"
    title: ClassVar[str] = "Enter the correct username and password"

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class TooManySignIns(TooManyRequests):
    """Too many failed sign-ins came from this address or network (429)."""

    code = "TOO_MANY_SIGN_INS"
    title = "There were too many attempts to sign in. Try again in 5 minutes"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": str(WINDOW_SECONDS)})


@dataclass(frozen=True)
class Passwords:
    """Hashes passwords and compares them, taking as long when there is nothing to compare with."""

    hasher: PasswordHasher
    dummy: str

    def hash(self, password: str) -> str:
        """What is stored of ``password``."""
        return self.hasher.hash(_normal(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the stored one; compared with nobody's when none is stored."""
        try:
            self.hasher.verify(stored or self.dummy, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def renewed(self, stored: str, password: str) -> str:
        """``stored``, or a new hash when it was made with other parameters than today's."""
        return self.hash(password) if self.hasher.check_needs_rehash(stored) else stored


@cache
def passwords(environment: str) -> Passwords:
    """How passwords are kept in ``environment``; in tests at a cost that does not slow them down."""
    if environment == "test":
        hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    else:
        hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
    return Passwords(hasher, hasher.hash("nobody's password"))


def network_of(address: str) -> str:
    """The network that an address lies in: /24 for IPv4, /56 for IPv6; what is neither stays as it is."""
    try:
        prefix = 24 if ip_address(address).version == 4 else 56
        return str(ip_network(f"{address}/{prefix}", strict=False))
    except ValueError:
        return address


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)[:LONGEST]
