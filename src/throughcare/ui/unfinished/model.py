"""Work over several pages that has no record of its own until its last page is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from throughcare.kit.errors import Forbidden, ServiceError

KEPT_FOR = timedelta(days=7)
CLAIMED_FOR = timedelta(seconds=60)


class Kind(StrEnum):
    """What is being done; the value says it of the past."""

    REFERRAL = "began this referral"
    ASSIGNMENT = "assigned this referral"
    BULK_ASSIGNMENT = "assigned these referrals"
    ASSESSMENT = "booked this appointment"
    SESSION = "booked this session"
    CASE_NOTE = "added this case note"
    WITHDRAWAL = "withdrew this referral"

    @property
    def doing(self) -> str:
        """What is being done, as the heading of a piece of work."""
        return DOING[self]


DOING = {
    Kind.REFERRAL: "Begin a referral",
    Kind.ASSIGNMENT: "Assign a caseworker",
    Kind.BULK_ASSIGNMENT: "Assign several referrals",
    Kind.ASSESSMENT: "Book or record the supplier assessment",
    Kind.SESSION: "Book or record a session",
    Kind.CASE_NOTE: "Add a case note",
    Kind.WITHDRAWAL: "Withdraw a referral",
}
_REFERRAL = re.compile(r"/(?:probation-practitioner|service-provider)/referrals/([0-9a-f-]{36})/")


class Gone(ServiceError):
    """The work was finished, or it was never begun, or a week has passed (410)."""

    status = 410
    code = "UNFINISHED_WORK_GONE"
    title = "This page is no longer available"

    def __init__(self, kind: Kind | None = None, outcome: str | None = None) -> None:
        self.kind, self.outcome = kind, outcome
        super().__init__()


class NotYours(Forbidden):
    """Somebody else began this work (403)."""

    code = "UNFINISHED_WORK_OF_ANOTHER"


@dataclass(frozen=True)
class Unfinished:
    """What ``owner`` is doing ``about`` something (a path on which it goes on), and the answers so far."""

    id: UUID
    kind: Kind
    owner: str
    about: str
    words: Mapping[str, Any]
    started_at: datetime
    changed_at: datetime
    claimed_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str | None = None

    @property
    def kept_until(self) -> datetime:
        """When it is forgotten."""
        return self.changed_at + KEPT_FOR

    @property
    def goes_on_at(self) -> str:
        """The path of the page on which it goes on."""
        if str(self.id) in self.about:
            return self.about
        page = "/details" if self.kind in {Kind.ASSESSMENT, Kind.SESSION} else ""
        return f"{self.about}/{self.id}{page}"

    @property
    def referral_id(self) -> UUID | None:
        """The referral that it is about, where it is about one."""
        found = _REFERRAL.match(f"{self.about}/")
        return UUID(found[1]) if found else None
