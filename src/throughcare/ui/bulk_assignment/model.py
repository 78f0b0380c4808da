"""Several referrals that one caseworker is to work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from throughcare.ui.peers.referrals import Summary

FIELD = "referral"
NONE_CHOSEN = "Select at least one referral to assign"
START = "/service-provider/dashboard/unassigned-cases"


@dataclass(frozen=True)
class Chosen:
    """One of the referrals."""

    id: str
    reference: str
    person: str
    kind: str

    @property
    def uuid(self) -> UUID:
        """Its id."""
        return UUID(self.id)

    @classmethod
    def of(cls, line: Summary) -> Chosen:
        """The referral of a line of a list."""
        return cls(str(line.id), line.reference_number, line.service_user.name, line.intervention_title)


class NotAll(Exception):
    """Some of the referrals could not be assigned: each with the reason."""

    def __init__(self, left: Sequence[tuple[Chosen, str]], assigned: int) -> None:
        self.left, self.assigned = left, assigned
        super().__init__()


def chosen_of(lines: Sequence[Summary], ids: Sequence[str]) -> list[Chosen]:
    """Those lines of a list that were chosen; an id that is on no line chooses nothing."""
    wanted = set(ids)
    return [Chosen.of(one) for one in lines if str(one.id) in wanted]


def words_of(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """What unfinished work remembers."""
    return {"referrals": [asdict(one) for one in chosen]}


def remembered(words: Mapping[str, Any]) -> list[Chosen]:
    """The referrals that unfinished work is about."""
    return [Chosen(**one) for one in words["referrals"]]


def path_of(work_id: UUID, page: str = "check") -> str:
    """The path of a page of the work with this id."""
    return f"/service-provider/assignment/{work_id}/{page}"
