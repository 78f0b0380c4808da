"""Refreshes as they go over the wire."""

from __future__ import annotations

from datetime import datetime

from throughcare.kit.clock import london
from throughcare.kit.web.schemas import Wire
from throughcare.services.prisoner_search.refresh.model import Progress


class RefreshFailure(Wire):
    """A prisoner who could not be checked, and the code of the reason."""

    prisoner_number: str
    reason: str


class RefreshOut(Wire):
    """How far the last refresh has come; times are London's."""

    requested_at: datetime
    requested_by: str
    checked: int
    failures: list[RefreshFailure]
    finished_at: datetime | None

    @classmethod
    def of(cls, progress: Progress) -> RefreshOut:
        """The refresh as it goes out."""
        one = progress.refresh
        return cls(
            requested_at=london(one.requested_at), requested_by=one.requested_by, checked=one.checked,
            failures=[RefreshFailure(prisoner_number=who, reason=why) for who, why in progress.failures.items()],
            finished_at=london(one.finished_at) if one.finished_at else None,
        )  # fmt: skip
