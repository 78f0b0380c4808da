"""A case note as pages show it, and one on its way from the form to the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from throughcare.ui.peers.notes import Note
from throughcare.ui.peers.referrals import User
from throughcare.ui.referral.model import Side

SIZE, BEGINNING = 20, 250
BADGES = {Side.PRACTITIONER: ("Probation practitioner", "grey"), Side.PROVIDER: ("Service provider", "purple")}
"""How authors of a side are called, and the colour of their badge."""


def side_of(author: User) -> Side:
    """The side that an author wrote for: practitioners sign in by nDelius."""
    return Side.PRACTITIONER if author.auth_source == "delius" else Side.PROVIDER


@dataclass(frozen=True)
class Entry:
    """A note with the name of its author."""

    note: Note
    author: str

    @property
    def badge(self) -> tuple[str, str]:
        """What the author is, and the colour of that badge."""
        return BADGES[side_of(self.note.sent_by)]

    @property
    def beginning(self) -> str:
        """As much of the note as a list shows."""
        text = self.note.body.strip()
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rstrip()}…"


@dataclass(frozen=True)
class Draft:
    """A note that is not sent yet."""

    subject: str = ""
    body: str = ""
    email: str = "no"

    @classmethod
    def remembered(cls, words: Mapping[str, Any]) -> Draft:
        """What unfinished work remembers."""
        return cls(words.get("subject", ""), words.get("body", ""), words.get("email", "no"))

    @property
    def whole(self) -> bool:
        """Whether it can be sent."""
        return bool(self.subject and self.body)

    def tells_officer(self, side: Side) -> bool:
        """Whether the probation practitioner gets an email: of a provider's note when that was chosen."""
        return side is Side.PRACTITIONER or self.email == "yes"


def adding(side: Side, referral_id: UUID, work_id: UUID, page: str = "details") -> str:
    """The address of a page on which a note is added."""
    return side.of(referral_id, f"add-case-note/{work_id}/{page}")
