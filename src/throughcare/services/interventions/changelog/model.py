"""What was changed about a sent referral, by whom and why. Entries are added and never changed.

Topics are those of ministryofjustice/hmpps-interventions-service, and two more for fields that it changes unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.appointment.model import Mark
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.refusal.model import NotThere


class Topic(StrEnum):
    """Which part of the referral was changed."""

    COMPLEXITY_LEVEL = "COMPLEXITY_LEVEL"
    DESIRED_OUTCOMES = "DESIRED_OUTCOMES"
    HAS_ADDITIONAL_RESPONSIBILITIES = "NEEDS_AND_REQUIREMENTS_HAS_ADDITIONAL_RESPONSIBILITIES"
    ACCESSIBILITY_NEEDS = "NEEDS_AND_REQUIREMENTS_ACCESSIBILITY_NEEDS"
    ADDITIONAL_INFORMATION = "NEEDS_AND_REQUIREMENTS_ADDITIONAL_INFORMATION"
    INTERPRETER_REQUIRED = "NEEDS_AND_REQUIREMENTS_INTERPRETER_REQUIRED"
    PRISON_ESTABLISHMENT = "PRISON_ESTABLISHMENT"
    EXPECTED_RELEASE_DATE = "EXPECTED_RELEASE_DATE"
    EXPECTED_PROBATION_OFFICE = "EXPECTED_PROBATION_OFFICE"
    PRACTITIONER_OFFICE = "PROBATION_PRACTITIONER_PROBATION_OFFICE"
    PRACTITIONER_NAME = "PROBATION_PRACTITIONER_NAME"
    PRACTITIONER_EMAIL = "PROBATION_PRACTITIONER_EMAIL"
    PRACTITIONER_PHONE_NUMBER = "PROBATION_PRACTITIONER_PHONE_NUMBER"
    PRACTITIONER_TEAM_PHONE_NUMBER = "PROBATION_PRACTITIONER_TEAM_PHONE_NUMBER"
    COMPLETION_DATETIME = "COMPLETION_DATETIME"
    MAXIMUM_ENFORCEABLE_DAYS = "MAXIMUM_ENFORCEABLE_DAYS"
    REASON_FOR_REFERRAL = "REASON_FOR_REFERRAL"
    REASON_FOR_REFERRAL_FURTHER_INFORMATION = "REASON_FOR_REFERRAL_FURTHER_INFORMATION"
    FURTHER_INFORMATION = "FURTHER_INFORMATION"
    REASON_FOR_REFERRAL_BEFORE_ALLOCATION = "REASON_FOR_REFERRAL_BEFORE_ALLOCATION"

    @property
    def description(self) -> str:
        """The topic in words."""
        return DESCRIPTIONS[self]


DESCRIPTIONS = {
    Topic.COMPLEXITY_LEVEL: "Complexity level",
    Topic.DESIRED_OUTCOMES: "Desired outcomes",
    Topic.HAS_ADDITIONAL_RESPONSIBILITIES: "Caring or employment responsibilities",
    Topic.ACCESSIBILITY_NEEDS: "Mobility, disability or accessibility needs",
    Topic.ADDITIONAL_INFORMATION: "Additional information about needs",
    Topic.INTERPRETER_REQUIRED: "Interpreter required",
    Topic.PRISON_ESTABLISHMENT: "Prison establishment",
    Topic.EXPECTED_RELEASE_DATE: "Expected release date",
    Topic.EXPECTED_PROBATION_OFFICE: "Expected probation office",
    Topic.PRACTITIONER_OFFICE: "Probation office",
    Topic.PRACTITIONER_NAME: "Probation practitioner name",
    Topic.PRACTITIONER_EMAIL: "Probation practitioner email address",
    Topic.PRACTITIONER_PHONE_NUMBER: "Probation practitioner phone number",
    Topic.PRACTITIONER_TEAM_PHONE_NUMBER: "Team phone number",
    Topic.COMPLETION_DATETIME: "Date to be completed by",
    Topic.MAXIMUM_ENFORCEABLE_DAYS: "Maximum number of enforceable days",
    Topic.REASON_FOR_REFERRAL: "Reason for referral",
    Topic.REASON_FOR_REFERRAL_FURTHER_INFORMATION: "Further information on the reason for referral",
    Topic.FURTHER_INFORMATION: "Further information",
    Topic.REASON_FOR_REFERRAL_BEFORE_ALLOCATION: "Reason for referring before allocation",
}
ANSWERS = frozenset({Topic.HAS_ADDITIONAL_RESPONSIBILITIES, Topic.INTERPRETER_REQUIRED})


@dataclass(frozen=True)
class Change:
    """One changed part: values before and after, and how people read them where that is not the value itself.

    ``told`` says whether the caseworker should hear of it.
    """

    topic: Topic
    old: tuple[str, ...]
    new: tuple[str, ...]
    reason: str = ""
    old_shown: str | None = None
    new_shown: str | None = None
    told: bool = True


@dataclass(frozen=True)
class Entry:
    """A change on record."""

    id: UUID
    referral_id: UUID
    change: Change
    changed: Mark


def translated(topic: Topic, values: Sequence[str], catalogue: Catalogue) -> list[str]:
    """Values as people read them: titles for levels, texts for outcomes, ``Yes-…`` or ``No`` for answers."""
    if topic is Topic.COMPLEXITY_LEVEL:
        titles = {str(level.id): level.title for one in catalogue.categories.values() for level in one.levels}
        return [titles.get(one, one).upper() for one in values]
    if topic is Topic.DESIRED_OUTCOMES:
        texts = {str(one.id): one.description for one in catalogue.outcomes.values()}
        return [texts.get(one, one) for one in values]
    if topic in ANSWERS and values:
        return ["-".join(["Yes", *values[1:]])] if values[0] == "true" else ["No"]
    if topic is Topic.COMPLETION_DATETIME:
        return [f"{date.fromisoformat(one):%d %b %Y}" for one in values]
    return list(values)


def when(moment: datetime) -> str:
    """A moment in London, as in ``04 Mar 2024 at 1.05pm``."""
    local = london(moment)
    return f"{local:%d %b %Y} at {local.hour % 12 or 12}.{local:%M}{'am' if local.hour < 12 else 'pm'}"


def no_change() -> NotThere:
    """The refusal of an entry that is not there."""
    return NotThere("CHANGELOG_NOT_FOUND", "there is no such change on record")
