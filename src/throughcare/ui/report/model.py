"""An end of service report as pages show it: its parts and how far each is written, and what the sessions say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from throughcare.ui.outcome.model import Wanted
from throughcare.ui.peers.catalogue import Outcome
from throughcare.ui.peers.delivery import Session
from throughcare.ui.peers.referrals import Report, ReportedOutcome
from throughcare.ui.progress.model import State, state_of
from throughcare.ui.referral.model import Side

LEVELS = {
    "ACHIEVED": ("Achieved", "green"),
    "PARTIALLY_ACHIEVED": ("Partially achieved", "blue"),
    "NOT_ACHIEVED": ("Not achieved", "red"),
}
"""How far an outcome can be achieved, in words, and the colour of the tag."""


@dataclass(frozen=True)
class Desired:
    """One outcome that was desired: its number in the report, and what was written about it."""

    number: int
    category: str
    outcome: Outcome
    written: ReportedOutcome | None = None

    @property
    def level(self) -> tuple[str, str] | None:
        """How far it was achieved, and the colour of the tag; None before that is written."""
        return LEVELS.get(self.written.achievement_level) if self.written else None


def desired_of(report: Report, wanted: Sequence[Wanted]) -> list[Desired]:
    """Every outcome of a referral with what its report says of it."""
    written = {one.desired_outcome.id: one for one in report.outcomes}
    every = [(one.category, outcome) for one in wanted for outcome in one.outcomes]
    return [
        Desired(number, category, outcome, written.get(outcome.id))
        for number, (category, outcome) in enumerate(every, 1)
    ]


@dataclass(frozen=True)
class Part:
    """A page of the report: what it is called, where it is, and how far it is written."""

    title: str
    href: str
    status: str
    done: bool


def parts_of(report: Report, desired: Sequence[Desired]) -> list[Part]:
    """The pages on which a report is written, in their order."""
    parts = [
        Part(
            f"Desired outcome {one.number}", writing(report.id, f"outcomes/{one.number}"),
            "Completed" if one.written else "Not started", one.written is not None,
        )
        for one in desired
    ]  # fmt: skip
    added = "Completed" if report.further_information else "Optional"
    return [*parts, Part("Further information", writing(report.id, "further-information"), added, True)]


def following(report: Report, desired: Sequence[Desired]) -> str:
    """The address of the first page that is still to be written, or of the check when there is none."""
    missing = next((one for one in desired if one.written is None), None)
    return writing(report.id, f"outcomes/{missing.number}" if missing else "check-answers")


def writing(report_id: UUID, page: str) -> str:
    """The address of a page on which a report is written."""
    return f"{reading(Side.PROVIDER, report_id)}/{page}"


def reading(side: Side, report_id: UUID) -> str:
    """The address at which one side reads a report."""
    return f"/{side.value}/end-of-service-report/{report_id}"


@dataclass(frozen=True)
class Attendance:
    """How many sessions were planned and held, and how many appointments came to nothing."""

    planned: int
    held: int
    missed: int
    not_held: int


def attendance_of(sessions: Sequence[Session], now: datetime) -> Attendance:
    """What became of the sessions of a plan, earlier appointments of each counted among the missed."""
    states = [state_of(one.appointment_time, one.appointment_feedback, now) for one in sessions]
    earlier = [
        state_of(old.appointment_time, old.appointment_feedback, now, superseded=True)
        for one in sessions
        for old in one.old_appointments
    ]
    every = [*states, *earlier]
    return Attendance(
        len(sessions), states.count(State.COMPLETED), every.count(State.DID_NOT_ATTEND),
        every.count(State.DID_NOT_HAPPEN),
    )  # fmt: skip
