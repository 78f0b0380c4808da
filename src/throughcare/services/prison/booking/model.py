"""A period in custody, what the person is held for, and when they may be released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from throughcare.services.prison.reference.model import ImprisonmentStatus

RECEPTION, AT_COURT, ON_ABSENCE = "RECP", "COURT", "TAP"

RECALLS = frozenset((
    "14FTR_ORA", "14FTRHDC_ORA", "CUR_ORA", "FTR/08", "FTR_HDC", "FTR_HDC_ORA", "FTR_ORA", "FTR_SCH15",
    "FTRSCH15_ORA", "HDR_ORA", "LR", "LR_ALP", "LR_ALP_LASPO", "LR_DLP", "LR_DPP", "LR_EPP", "LR_ES",
    "LR_HDC", "LR_IPP", "LR_LASPO_AR", "LR_LASPO_DR", "LR_LIFE", "LR_MLP", "LR_ORA", "LR_SEC236A",
    "LR_SEC91_ORA", "LR_YOI", "LR_YOI_ORA",
))  # fmt: skip
LEGAL_STATUS_BY_BAND = {
    0: "DEAD",
    1: "INDETERMINATE_SENTENCE",
    **dict.fromkeys((2, 3), "SENTENCED"),
    **dict.fromkeys((4, 5, 6, 7), "CONVICTED_UNSENTENCED"),
    **dict.fromkeys((9, 10), "CIVIL_PRISONER"),
    **dict.fromkeys((8, 11), "IMMIGRATION_DETAINEE"),
    **dict.fromkeys((12, 13, 14), "REMAND"),
}
NON_DTO_ORDER = ("ARD", "CRD", "NPD", "PRRD")
CONFIRMED = "CONFIRMED"


@dataclass(frozen=True)
class Booking:
    """A period in custody. ``cell`` is the place inside the prison, without its id; None without a bed."""

    booking_id: int
    prisoner_number: str
    book_number: str
    began_at: datetime
    ended_at: datetime | None
    cell: str | None
    youth_offender: bool
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class HeldFor:
    """An entry of the log of what somebody is held for; the newest one counts."""

    booking_id: int
    sequence: int
    status: str
    effective_at: datetime
    agency_id: str


@dataclass(frozen=True)
class KeyDate:
    """One date of a sentence calculation; a date entered by hand wins over the calculated one."""

    calculated: date | None = None
    overridden: date | None = None

    @property
    def effective(self) -> date | None:
        """The date in force."""
        return self.overridden or self.calculated


def legal_status(status: ImprisonmentStatus) -> str:
    """What the law calls somebody held for ``status``; the first rule that fits.

    Source: ministryofjustice/prison-api, LegalStatus.
    """
    if status.code in RECALLS:
        return "RECALL"
    if status.code == "CIV_RMD":
        return "CIVIL_PRISONER"
    by_band = LEGAL_STATUS_BY_BAND.get(status.band)
    return by_band or ("UNKNOWN" if status.code == "UNKNOWN" else "OTHER")


def convicted_status(status: ImprisonmentStatus) -> str:
    """``Convicted`` or ``Remand``. Source: ministryofjustice/prison-api."""
    return "Convicted" if status.band <= 8 or status.band == 11 else "Remand"


def non_dto_release_date(dates: Mapping[str, KeyDate]) -> tuple[date, str] | None:
    """The release date apart from a detention and training order, and its type.

    The latest of ARD, CRD, NPD and PRRD; on a tie the first in that order.
    Source: ministryofjustice/prison-api.
    """
    found = [(dates[kind].effective, kind) for kind in NON_DTO_ORDER if kind in dates]
    known = [(day, kind) for day, kind in found if day is not None]
    return max(known, key=lambda one: one[0]) if known else None


def release_date(dates: Mapping[str, KeyDate]) -> date | None:
    """When somebody is expected to be released.

    The confirmed date; else the actual parole date; else the actual date of home detention curfew; else the
    later of the non-DTO date and the mid-term date. Source: ministryofjustice/prison-api.
    """
    for kind in (CONFIRMED, "APD", "HDCAD"):
        if kind in dates and dates[kind].effective is not None:
            return dates[kind].effective
    non_dto = non_dto_release_date(dates)
    mid_term = dates["MTD"].effective if "MTD" in dates else None
    return max(filter(None, (non_dto[0] if non_dto else None, mid_term)), default=None)
