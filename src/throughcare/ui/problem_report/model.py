"""Something that went wrong for somebody, in their own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from throughcare.kit.errors import NotFound, TooManyRequests

KEPT_AFTER_CLOSING = timedelta(days=90)
MOST_AN_HOUR = 200
SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"
REFERENCE = re.compile(rf"P-[{SIGNS}]{{8}}")


@dataclass(frozen=True)
class Words:
    """What somebody reports: what happened, on which page, about which referral, and how to answer them."""

    what: str
    page: str = ""
    referral: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Report:
    """A report in the queue of support. ``owner`` is whoever was signed in: source and user name."""

    id: UUID
    reference: str
    words: Words
    owner: str | None
    received_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None


class TooManyReports(TooManyRequests):
    """More reports came within an hour than people can read (429)."""

    code = "TOO_MANY_REPORTS"


def reference_of(report_id: UUID) -> str:
    """The number that a person is given for a report; signs that look alike are not used."""
    number, signs = report_id.int, []
    for _ in range(8):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return f"P-{''.join(signs)}"


def no_report() -> NotFound:
    """The refusal of a report that is not there."""
    return NotFound("there is no such report")
