"""A refresh: the whole index is checked against prison, a page of prison's numbers at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from throughcare.kit.errors import Conflict, NotFound

TRIES = 5


class RefreshUnderWay(Conflict):
    """A refresh was asked for before and has not ended (409)."""

    code = "REFRESH_UNDER_WAY"
    title = "The index is being refreshed already"


class NeverRefreshed(NotFound):
    """No refresh was ever asked for (404)."""

    code = "NEVER_REFRESHED"
    title = "The index was never refreshed"


@dataclass(frozen=True)
class Refresh:
    """How far a refresh has come: the next page of prison's numbers, and the last number checked.

    ``tries`` counts how often the page under way could not be checked whole.
    """

    id: UUID
    requested_at: datetime
    requested_by: str
    next_page: int = 0
    after: str = ""
    checked: int = 0
    tries: int = 0
    finished_at: datetime | None = None

    @property
    def gives_up(self) -> bool:
        """Whether those of the page who cannot be checked now either are set aside, so that the others go on."""
        return self.tries + 1 >= TRIES

    def turned(self, numbers: Sequence[str], *, failed: int, ended_at: datetime | None) -> Self:
        """The refresh after ``numbers`` were checked but for those who ``failed``, ended if a time is given."""
        return replace(
            self, next_page=self.next_page + 1, checked=self.checked + len(numbers) - failed, tries=0,
            after=max([self.after, *numbers]), finished_at=ended_at,
        )  # fmt: skip

    def tried(self) -> Self:
        """The refresh after somebody of the page could not be checked."""
        return replace(self, tries=self.tries + 1)


@dataclass(frozen=True)
class Progress:
    """A refresh with those who could not be checked, and why."""

    refresh: Refresh
    failures: Mapping[str, str] = field(default_factory=dict)
