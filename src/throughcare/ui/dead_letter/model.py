"""Dead letters in words."""

from __future__ import annotations

REASONS = {
    "permanent": "Refused by its reader",
    "exhausted": "Failed on every delivery",
    "malformed": "Not readable",
    "attribute-mismatch": "The envelope and the event name different types",
}
SHORTEST, LONGEST = 4, 200


def in_words(reason: str) -> str:
    """Why a message died, for people."""
    return REASONS.get(reason, reason)


def wrong_reason(text: str) -> str:
    """What is wrong with the reason for which a message is to be dropped; empty when nothing is."""
    if not text:
        return "Enter why this message can be dropped"
    if len(text) < SHORTEST:
        return f"The reason must have {SHORTEST} characters or more"
    return f"The reason must have {LONGEST} characters or fewer" if len(text) > LONGEST else ""
