"""Dead letters in words."""

from __future__ import annotations

REASONS = {
    "permanent": "Refused by its reader",
    "exhausted": "Failed on every delivery",
    "malformed": "Not readable",
    "attribute-mismatch": "The envelope and the event name different types",
}


def in_words(reason: str) -> str:
    """Why a message died, for people."""
    return REASONS.get(reason, reason)
