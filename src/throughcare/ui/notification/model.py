"""Notifications and refusals in words."""

from __future__ import annotations

REASONS = {
    "identifier-not-found": "No identifier of the person is known",
    "removed-noms-number-missing": "The event does not tell the prison number that was removed",
}
PARTS = {
    "hmppsId": "an identifier of the person", "prisonId": "the prison", "contactId": "the contact",
    "visitReference": "the reference of the visit", "locationKey": "the location",
    "contactEventId": "the number of the contact",
}  # fmt: skip
STATUSES = {
    "PENDING": "Collects further changes",
    "PROCESSING": "On its way",
    "PROCESSED": "Nothing of it waits",
}


def in_words(reason: str) -> str:
    """Why a notification was refused, for people."""
    part, _, what = reason.rpartition("-")
    if part not in PARTS:
        return REASONS.get(reason, reason)
    if what == "missing":
        return f"The event does not tell {PARTS[part]}"
    return f"{PARTS[part].capitalize()} cannot be part of an address as the event tells it"


def status_in_words(status: str) -> str:
    """How far a notification is, for people."""
    return STATUSES.get(status, status)
