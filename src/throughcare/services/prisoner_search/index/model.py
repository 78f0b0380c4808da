"""What has happened to a prisoner, told from one entry of their log of movements to the next.

Source: ministryofjustice/hmpps-prisoner-search, decisions on movement events. There two snapshots of a prisoner are
compared, so that quick moves are lost; here every entry of the log is looked at once, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from throughcare.services.prisoner_search.document.model import Document

ACTIVE_IN, INACTIVE_OUT = "ACTIVE IN", "INACTIVE OUT"
MERGE_WINDOW = timedelta(minutes=90)


class Received(StrEnum):
    """Why somebody came into a prison."""

    NEW_ADMISSION = "NEW_ADMISSION"
    READMISSION = "READMISSION"
    READMISSION_SWITCH_BOOKING = "READMISSION_SWITCH_BOOKING"
    TRANSFERRED = "TRANSFERRED"
    RETURN_FROM_COURT = "RETURN_FROM_COURT"
    TEMPORARY_ABSENCE_RETURN = "TEMPORARY_ABSENCE_RETURN"
    POST_MERGE_ADMISSION = "POST_MERGE_ADMISSION"


class Released(StrEnum):
    """Why somebody left a prison."""

    TEMPORARY_ABSENCE_RELEASE = "TEMPORARY_ABSENCE_RELEASE"
    RELEASED_TO_HOSPITAL = "RELEASED_TO_HOSPITAL"
    RELEASED = "RELEASED"
    SENT_TO_COURT = "SENT_TO_COURT"
    TRANSFERRED = "TRANSFERRED"


@dataclass(frozen=True)
class Custody:
    """Where one entry of the log left somebody: status words, booking, and the movement itself."""

    status: str
    booking_id: int
    movement_type: str
    movement_reason: str
    recorded_at: datetime

    @property
    def active(self) -> bool:
        """Whether the booking is active."""
        return self.status.startswith("ACTIVE")

    @property
    def in_out(self) -> str:
        """``IN``, ``OUT`` or ``TRN``."""
        return self.status.split()[1]

    def moved_by(self, kind: str, reason: str | None = None) -> bool:
        """Whether the movement was of a type, and for a reason if one is given."""
        return self.movement_type == kind and reason in {None, self.movement_reason}


@dataclass(frozen=True)
class Circumstances:
    """What a decision needs beside the two states.

    ``newest_booking_id`` is the highest of the prisoner's; ``merged_at`` is when another number was merged into
    theirs, None when none was.
    """

    newest_booking_id: int
    merged_at: datetime | None
    now: datetime


def decide(before: Custody | None, after: Custody, around: Circumstances) -> Received | Released | None:
    """Why the prisoner came or went between two entries of the log; None when they did neither.

    The rules are tried in order and the first that fits decides.
    """
    if before is None:
        return Received.NEW_ADMISSION if after.status == ACTIVE_IN else None
    return _came(before, after, around) or _went(before, after) or _came_somehow(before, after)


def _came(before: Custody, after: Custody, around: Circumstances) -> Received | None:
    was_out = before.in_out == "OUT" and after.in_out == "IN"
    at_court, absent = was_out and before.moved_by("CRT"), was_out and before.moved_by("TAP")
    admitted = after.moved_by("ADM") and after.status == ACTIVE_IN
    other_booking, was_released = before.booking_id != after.booking_id, before.status == INACTIVE_OUT
    rules = (
        (before.in_out == "TRN" and after.in_out == "IN", Received.TRANSFERRED),
        (at_court and after.moved_by("CRT"), Received.RETURN_FROM_COURT),
        (other_booking and _merged(after, around), Received.POST_MERGE_ADMISSION),
        (
            admitted and was_released and other_booking and after.booking_id != around.newest_booking_id,
            Received.READMISSION_SWITCH_BOOKING,
        ),
        (admitted and other_booking, Received.NEW_ADMISSION),
        (admitted and was_released, Received.READMISSION),
        (at_court and after.moved_by("ADM", "TRNCRT"), Received.TRANSFERRED),
        (absent and after.moved_by("TAP"), Received.TEMPORARY_ABSENCE_RETURN),
        (absent and after.moved_by("ADM", "TRNTAP"), Received.TRANSFERRED),
    )
    return next((reason for fits, reason in rules if fits), None)


def _went(before: Custody, after: Custody) -> Released | None:
    was_in, now_out = before.in_out == "IN", after.in_out == "OUT"
    released = after.moved_by("REL") and after.status == INACTIVE_OUT and before.active
    rules = (
        (was_in and after.in_out == "TRN", Released.TRANSFERRED),
        (was_in and now_out and after.moved_by("CRT"), Released.SENT_TO_COURT),
        (was_in and now_out and after.moved_by("TAP"), Released.TEMPORARY_ABSENCE_RELEASE),
        (released and after.moved_by("REL", "HP"), Released.RELEASED_TO_HOSPITAL),
        (released, Released.RELEASED),
    )
    return next((reason for fits, reason in rules if fits), None)


def _came_somehow(before: Custody, after: Custody) -> Received | None:
    return Received.NEW_ADMISSION if before.status == INACTIVE_OUT and after.status == ACTIVE_IN else None


def _merged(after: Custody, around: Circumstances) -> bool:
    """Whether another number was merged into theirs since the last movement, within 90 minutes."""
    if around.merged_at is None or not after.active or after.movement_type not in {"ADM", "TAP", "CRT"}:
        return False
    return around.merged_at > max(after.recorded_at, around.now - MERGE_WINDOW)


@dataclass(frozen=True)
class AlertChange:
    """Which alert codes became active, and which ceased to be."""

    added: Sequence[str]
    removed: Sequence[str]

    @classmethod
    def between(cls, before: Document, after: Document) -> AlertChange | None:
        """What changed between two documents; None when nothing did."""
        was, now = _active_codes(before), _active_codes(after)
        return cls(sorted(now - was), sorted(was - now)) if was != now else None


def _active_codes(document: Document) -> set[str]:
    return {one["alertCode"] for one in document.get("alerts", ()) if one["active"]}
