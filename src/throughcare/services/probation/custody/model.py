"""Where a person serves their sentence: in custody or in the community.

Source of the statuses: ministryofjustice/court-case-service and
ministryofjustice/hmpps-probation-integration-services (custodial status codes).
Which receptions and releases count: docs/probation.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from throughcare.services.probation.contact.model import Kind

ADMISSIONS = frozenset(
    {"NEW_ADMISSION", "READMISSION", "READMISSION_SWITCH_BOOKING", "POST_MERGE_ADMISSION", "ADMISSION"}
)
TRANSFER = "TRANSFERRED"
RELEASE = "RELEASED"


class Status(StrEnum):
    """The custodial status of a case."""

    IN_CUSTODY = "D"
    RELEASED_ON_LICENCE = "B"
    TERMINATED = "T"


@dataclass(frozen=True)
class Custody:
    """The last that is known of a person's whereabouts, and since when."""

    person_id: int
    status: Status
    prison_id: str | None
    since: datetime

    @property
    def inside(self) -> bool:
        """Whether the person is in custody."""
        return self.status is Status.IN_CUSTODY


def released(person_id: int, at: datetime, *, sentenced: bool) -> Custody:
    """Outside: on licence while a sentence runs, else done with custody."""
    return Custody(person_id, Status.RELEASED_ON_LICENCE if sentenced else Status.TERMINATED, None, at)


def is_news(before: Custody | None, after: Custody) -> bool:
    """Whether ``after`` is newer than all that is known; a repeated or overtaken movement is not."""
    if before is None or after.since > before.since:
        return True
    return after.since == before.since and after != before


def reception_kind(before: Custody | None) -> Kind:
    """The entry for a reception: a return from licence, or another place of custody."""
    on_licence = before is not None and before.status is Status.RELEASED_ON_LICENCE
    return Kind.RETURNED_TO_CUSTODY if on_licence else Kind.CUSTODY_LOCATION_CHANGED
