"""Why a referral ends before its time, and what follows from ending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from throughcare.ui.peers.catalogue import Reason
from throughcare.ui.peers.delivery import Assessment, Session
from throughcare.ui.referral.model import Frame, Side

EARLY, BEFORE_DELIVERY = "EAR", "PRE_ICA_WITHDRAWAL"
LONGEST = 2_500
GROUPS = (
    ("problem", "Problem with the referral"),
    ("user", "Related to the person"),
    ("sentence", "Sentence or custody"),
    ("early", "Close early"),
    ("other", "Other"),
)
"""How the service groups reasons, and what each group is called."""
LABELS = {"INE": "Ineligible referral"}
"""How pages write a reason where the service writes it otherwise."""
ENDED_BECAUSE = {
    "INE": "the referral was ineligible",
    "MIS": "the referral was a mistake or a duplicate",
    "NOT": "the person did not engage",
    "NEE": "the person’s needs were met through another route",
    "MOV": "the person moved out of the service area",
    "WOR": "of work, caring commitments or sickness",
    "USE": "the person died",
    "ACQ": "the person was acquitted on appeal",
    "RET": "the person returned to custody",
    "SER": "the sentence was revoked",
    "SEE": "the sentence expired",
    "EAR": "the intervention was completed early",
    "ANO": "of another change of circumstance",
}
"""What follows "because" in a sentence, by the code of the reason."""


@dataclass(frozen=True)
class Group:
    """Reasons of one kind."""

    title: str
    reasons: Sequence[Reason]


def groups_of(reasons: Sequence[Reason], frame: Frame) -> list[Group]:
    """The reasons that can be given now, by groups: a service can be closed early once a session was attended."""
    early = frame.referral.withdrawal_state != BEFORE_DELIVERY
    found = []
    for key, title in GROUPS:
        of_group = [one for one in reasons if one.grouping == key and (early or one.code != EARLY)]
        if of_group:
            found.append(Group(title, of_group))
    return found


def label(reason: Reason) -> str:
    """What a reason is called on pages."""
    return LABELS.get(reason.code, reason.description)


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal that is not carried out yet."""

    code: str = ""
    comments: str = ""

    @classmethod
    def remembered(cls, words: Mapping[str, Any]) -> Withdrawal:
        """What unfinished work remembers."""
        return cls(words.get("code", ""), words.get("comments", ""))

    @property
    def early(self) -> bool:
        """Whether the service is closed since it has done its work."""
        return self.code == EARLY

    def reason(self, reasons: Sequence[Reason]) -> Reason | None:
        """The reason that was chosen, if it can be given."""
        return next((one for one in reasons if one.code == self.code), None)


@dataclass(frozen=True)
class Consequences:
    """What follows when a referral ends. ``booked`` are the appointments to come, None where they are not known."""

    booked: int | None
    report_due: bool
    caseworker: str | None

    @classmethod
    def of(
        cls, frame: Frame, assessment: Assessment | None, sessions: Sequence[Session] | None, now: datetime
    ) -> Consequences:
        """What follows for a referral; a report is due of a service that was delivered in part."""
        due = frame.referral.withdrawal_state != BEFORE_DELIVERY and frame.referral.end_of_service_report is None
        booked = None
        if assessment is not None and sessions is not None:
            held = assessment.current.appointment_time if assessment.current else None
            times = [held, *(one.appointment_time for one in sessions)]
            booked = sum(one is not None and one > now for one in times)
        return cls(booked, due, frame.caseworker)


def withdrawing(referral_id: UUID, work_id: UUID, page: str = "reason") -> str:
    """The address of a page on which a referral is withdrawn."""
    return Side.PRACTITIONER.of(referral_id, f"withdrawal/{work_id}/{page}")
