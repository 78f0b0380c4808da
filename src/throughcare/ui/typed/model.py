"""What somebody typed into a form and did not send, or sent in vain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=7)
NEVER_KEPT = frozenset({"csrf_token", "request_id", "then"})

Words = Mapping[str, Sequence[str]]
"""The answers of a form by the names of its fields; a field may have several."""


class Why(StrEnum):
    """Why words are kept."""

    SAVED = "saved"
    REFUSED = "refused"
    SIGNED_OUT = "signed out"
    STALE = "stale"


@dataclass(frozen=True)
class Typed:
    """What ``owner`` typed into the form at ``place``, a path of this site."""

    owner: str
    place: str
    words: Words
    why: Why
    at: datetime


@dataclass(frozen=True)
class SavedAt:
    """The form at ``place``, a path of this site, was saved last by ``owner``."""

    place: str
    owner: str
    at: datetime
