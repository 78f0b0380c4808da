"""A note that one side of a referral writes to the other. Notes are never changed or deleted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.refusal.model import NotThere, Refused


@dataclass(frozen=True)
class CaseNote:
    """A note, and when it was sent by whom."""

    id: UUID
    referral_id: UUID
    subject: str
    body: str
    sent: Mark


def newest_first(sort: tuple[str, ...]) -> bool:
    """Whether the newest note comes first; the oldest unless asked. Raises Refused (SORT_UNKNOWN)."""
    parts = tuple(part for one in sort for part in one.split(",") if part)
    if parts[:1] not in {(), ("sentAt",)} or {one.lower() for one in parts[1:]} - {"asc", "desc"} or len(parts) > 2:
        raise Refused("SORT_UNKNOWN", "the list cannot be sorted by this")
    return parts[1:] != () and parts[1].lower() == "desc"


def no_case_note() -> NotThere:
    """The refusal of a note that is not there."""
    return NotThere("CASE_NOTE_NOT_FOUND", "there is no such case note")
