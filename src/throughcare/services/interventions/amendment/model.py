"""Changes that a practitioner makes to a sent referral. Each command answers what the referral is after it.

Rules as in ministryofjustice/hmpps-interventions-service; differences in ``docs/interventions.md``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.services.interventions.catalogue.model import Catalogue, ServiceCategory
from throughcare.services.interventions.changelog.model import Change, Topic
from throughcare.services.interventions.draft.model import Details, Needs, PractitionerDetails
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import Clash, Problem, Refused, check

NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Known:
    """What commands have to know besides the referral."""

    catalogue: Catalogue
    plan_approved: bool
    now: datetime


@dataclass(frozen=True)
class Amended:
    """The referral after a command, and what goes on record; nothing does when nothing was changed.

    ``details_reason`` is set when there is a new version of the details, and why.
    """

    referral: Referral
    changes: tuple[Change, ...] = ()
    details_reason: str | None = None


class Command(Protocol):
    """A change that is asked for."""

    def apply(self, referral: Referral, known: Known) -> Amended:
        """The referral with the change made. Raises Refused, Invalid, Clash."""


def check_open(referral: Referral) -> None:
    """Raises Clash (REFERRAL_CONCLUDED) when the referral is over."""
    if referral.concluded_at is not None:
        raise Clash("REFERRAL_CONCLUDED", "this referral is over and can no longer be changed")


@dataclass(frozen=True)
class AmendLevel:
    """Another complexity level for one category."""

    category_id: UUID
    level_id: UUID
    reason: str

    def apply(self, referral: Referral, known: Known) -> Amended:
        """Only until a plan is approved, and to a level of the category. Raises Refused."""
        _check_unplanned(known)
        if not _selected(referral, self.category_id, known).has_level(self.level_id):
            raise Refused("LEVEL_NOT_IN_CATEGORY", "the complexity level does not belong to the category")
        held = referral.selection
        levels = {**held.levels, self.category_id: self.level_id}
        change = Change(
            Topic.COMPLEXITY_LEVEL, _texts(held.levels.get(self.category_id)), (str(self.level_id),), self.reason
        )
        return Amended(replace(referral, selection=replace(held, levels=levels)), (change,))


@dataclass(frozen=True)
class AmendOutcomes:
    """Other desired outcomes for one category."""

    category_id: UUID
    outcome_ids: Collection[UUID]
    reason: str

    def apply(self, referral: Referral, known: Known) -> Amended:
        """Only until a plan is approved; what was chosen before may stay though no longer offered. Raises Refused."""
        if not self.outcome_ids:
            raise Refused("OUTCOMES_EMPTY", "at least one desired outcome must be chosen")
        _check_unplanned(known)
        category, held = _selected(referral, self.category_id, known), referral.selection
        contract = referral.contract(known.catalogue)
        allowed = {one.id for one in category.offered(contract.reference, known.now)}
        if not allowed.union(held.outcomes.get(self.category_id, ())).issuperset(self.outcome_ids):
            raise Refused("OUTCOME_NOT_IN_CATEGORY", "a desired outcome is not offered for this category and contract")
        before = sorted({one for chosen in held.outcomes.values() for one in chosen})
        outcomes = {**held.outcomes, self.category_id: frozenset(self.outcome_ids)}
        new = sorted(frozenset(self.outcome_ids))
        change = Change(Topic.DESIRED_OUTCOMES, _texts(*before), _texts(*new), self.reason)
        return Amended(replace(referral, selection=replace(held, outcomes=outcomes)), (change,))


class Need(StrEnum):
    """Which of the needs is changed, as paths name it."""

    ADDITIONAL_RESPONSIBILITIES = "additional-responsibilities"
    ACCESSIBILITY = "accessibility-needs"
    INFORMATION = "identify-needs"
    INTERPRETER = "interpreter-required"


NEEDS = {
    Need.ADDITIONAL_RESPONSIBILITIES: (
        Topic.HAS_ADDITIONAL_RESPONSIBILITIES, ("has_additional_responsibilities", "when_unavailable"),
    ),
    Need.ACCESSIBILITY: (Topic.ACCESSIBILITY_NEEDS, ("accessibility_needs",)),
    Need.INFORMATION: (Topic.ADDITIONAL_INFORMATION, ("additional_needs_information",)),
    Need.INTERPRETER: (Topic.INTERPRETER_REQUIRED, ("needs_interpreter", "interpreter_language")),
}  # fmt: skip
QUESTIONS = {
    Need.ADDITIONAL_RESPONSIBILITIES: "hasAdditionalResponsibilities",
    Need.INTERPRETER: "needsInterpreter",
}


@dataclass(frozen=True)
class AmendNeeds:
    """Another answer about one of the needs; ``needs`` holds it and whatever else the request said."""

    kind: str
    needs: Needs
    reason: str

    def apply(self, referral: Referral, known: Known) -> Amended:
        """What belongs to a Yes is dropped with a No. Raises Refused, Invalid."""
        if self.kind not in {one.value for one in Need}:
            raise Refused("NEEDS_TYPE_UNKNOWN", "there is no such kind of need")
        kind = Need(self.kind)
        topic, (first, *rest) = NEEDS[kind]
        answer = getattr(self.needs, first)
        values: dict[str, Any] = {first: answer, **{name: getattr(self.needs, name) for name in rest}}
        if kind in QUESTIONS:
            if answer is None:
                check([Problem(QUESTIONS[kind], "CANNOT_BE_EMPTY")])
            if answer and not all(values[name] for name in rest):
                check([Problem(QUESTIONS[kind], "CONDITIONAL_FIELD_MUST_BE_SET")])
            if not answer:
                values |= dict.fromkeys(rest)
        old = [getattr(referral.needs, name) for name in values]
        change = Change(topic, _texts(*old), _texts(*values.values()), self.reason)
        return Amended(replace(referral, needs=replace(referral.needs, **values)), (change,))


@dataclass(frozen=True)
class AmendPrison:
    """Another prison; the two names are what the caseworker is told."""

    prison_id: str
    old_name: str
    new_name: str
    reason: str

    def apply(self, referral: Referral, known: Known) -> Amended:
        """The referral with the prison."""
        change = Change(
            Topic.PRISON_ESTABLISHMENT, _texts(referral.location.person_custody_prison_id), (self.prison_id,),
            self.reason, self.old_name, self.new_name, told=self.old_name != self.new_name,
        )  # fmt: skip
        place = replace(referral.location, person_custody_prison_id=self.prison_id)
        return Amended(replace(referral, location=place), (change,))


@dataclass(frozen=True)
class AmendRelease:
    """Another expected date of release, or why it is not known."""

    day: date | None
    missing_reason: str | None

    def apply(self, referral: Referral, known: Known) -> Amended:
        """One of the two takes the place of both; the same again changes nothing. Raises Invalid."""
        if self.day is None and not self.missing_reason:
            check([Problem("expectedReleaseDate", "CONDITIONAL_FIELD_MUST_BE_SET")])
        if self.day is not None and self.missing_reason:
            check([Problem("expectedReleaseDateMissingReason", "INVALID_VALUE")])
        place = referral.location
        after = replace(
            place, expected_release_date=self.day, expected_release_date_missing_reason=self.missing_reason or None
        )
        if after == place:
            return Amended(referral)
        held, reason = place.expected_release_date, place.expected_release_date_missing_reason
        change = Change(
            Topic.EXPECTED_RELEASE_DATE, _texts(_logged_day(held) or reason),
            _texts(_logged_day(self.day) or self.missing_reason), old_shown=day_in_words(held),
            new_shown=day_in_words(self.day),
        )  # fmt: skip
        return Amended(replace(referral, location=after), (change,))


@dataclass(frozen=True)
class AmendOffice:
    """Another probation office for after release."""

    office: str
    silent: bool

    def apply(self, referral: Referral, known: Known) -> Amended:
        """The referral with the office, which is known then."""
        held = referral.location.expected_probation_office
        place = replace(
            referral.location, expected_probation_office=self.office, expected_probation_office_unknown_reason=None
        )
        change = _replaced(Topic.EXPECTED_PROBATION_OFFICE, held, self.office, silent=self.silent)
        return Amended(replace(referral, location=place), (change,))


PRACTITIONER = {
    Topic.PRACTITIONER_OFFICE: ("pp_probation_office", None),
    Topic.PRACTITIONER_NAME: ("pp_name", "ndelius_pp_name"),
    Topic.PRACTITIONER_EMAIL: ("pp_email_address", "ndelius_pp_email_address"),
    Topic.PRACTITIONER_PHONE_NUMBER: ("pp_phone_number", "ndelius_phone_number"),
    Topic.PRACTITIONER_TEAM_PHONE_NUMBER: ("pp_team_phone_number", "ndelius_team_phone_number"),
}


@dataclass(frozen=True)
class AmendPractitioner:
    """Another answer to whom the provider can ask, and how."""

    topic: Topic
    value: str
    silent: bool

    def apply(self, referral: Referral, known: Known) -> Amended:
        """The referral with the value; before it stood what was written, else what the case record said."""
        name, snapshot = PRACTITIONER[self.topic]
        details: PractitionerDetails = referral.practitioner
        held = getattr(details, name) or (getattr(details, snapshot) if snapshot else None)
        change = _replaced(self.topic, held, self.value, silent=self.silent)
        values: dict[str, Any] = {name: self.value}
        return Amended(replace(referral, practitioner=replace(details, **values)), (change,))


DETAILS = {
    "completion_deadline": Topic.COMPLETION_DATETIME,
    "maximum_enforceable_days": Topic.MAXIMUM_ENFORCEABLE_DAYS,
    "reason_for_referral": Topic.REASON_FOR_REFERRAL,
    "reason_for_referral_further_information": Topic.REASON_FOR_REFERRAL_FURTHER_INFORMATION,
    "further_information": Topic.FURTHER_INFORMATION,
    "reason_for_referral_before_allocation": Topic.REASON_FOR_REFERRAL_BEFORE_ALLOCATION,
}
NOT_TOLD = {Topic.FURTHER_INFORMATION, Topic.REASON_FOR_REFERRAL_BEFORE_ALLOCATION}


@dataclass(frozen=True)
class AmendDetails:
    """What is asked of the provider, and why: a new version with these fields, the others carried forward."""

    given: Details
    reason: str

    def apply(self, referral: Referral, known: Known) -> Amended:
        """The referral with the new version; each field that differs goes on record. Raises Refused, Invalid."""
        values = {one.name: getattr(self.given, one.name) for one in fields(Details)}
        values = {name: value for name, value in values.items() if value is not None}
        if not values:
            raise Refused("NOTHING_TO_UPDATE", "nothing is said that could be changed")
        check(self._problems(known))
        before = referral.details
        after = replace(before, **values)
        different = [(DETAILS[name], getattr(before, name), value) for name, value in values.items()]
        different = [one for one in different if one[1] != one[2]]
        topics = {topic for topic, _, _ in different}
        changes = tuple(
            Change(topic, _texts(old), _texts(new), self.reason, _in_words(old), _in_words(new),
                   told=self._told(topic, topics))
            for topic, old, new in different
        )  # fmt: skip
        return Amended(replace(referral, details=after), changes, self.reason)

    def _problems(self, known: Known) -> list[Problem]:
        problems = []
        deadline, days = self.given.completion_deadline, self.given.maximum_enforceable_days
        if deadline is not None and deadline < london(known.now).date():
            problems.append(Problem("completionDeadline", "DATE_MUST_BE_IN_THE_FUTURE"))
        if days is not None and days <= 0:
            problems.append(Problem("maximumEnforceableDays", "CANNOT_BE_NEGATIVE_OR_ZERO"))
        return problems

    @staticmethod
    def _told(topic: Topic, topics: Collection[Topic]) -> bool:
        """Of the reason and its further information together, the caseworker hears once."""
        further = Topic.REASON_FOR_REFERRAL_FURTHER_INFORMATION
        return topic not in NOT_TOLD and not (topic is further and Topic.REASON_FOR_REFERRAL in topics)


def day_in_words(day: date | None) -> str:
    """A day as in ``1 April 2024``; ``Not known`` without one."""
    return NOT_KNOWN if day is None else f"{day.day} {day:%B %Y}"


def _in_words(value: object) -> str | None:
    return day_in_words(value) if isinstance(value, date) else None


def _logged_day(day: date | None) -> str | None:
    return None if day is None else f"{day:%d-%b-%Y}"


def _replaced(topic: Topic, old: str | None, new: str, *, silent: bool) -> Change:
    return Change(topic, _texts(old), _texts(new), told=not silent and old != new)


def _texts(*values: object) -> tuple[str, ...]:
    """Values as text, without those that are missing; truth values as JSON writes them."""
    known = [one for one in values if one is not None and one != ""]
    return tuple(str(one).lower() if isinstance(one, bool) else str(one) for one in known)


def _check_unplanned(known: Known) -> None:
    if known.plan_approved:
        raise Refused("PLAN_ALREADY_APPROVED", "this can no longer be changed: an action plan has been approved")


def _selected(referral: Referral, category_id: UUID, known: Known) -> ServiceCategory:
    if not referral.selection.categories:
        raise Refused("NO_CATEGORY_SELECTED", "no service category has been selected")
    category = known.catalogue.categories.get(category_id)
    if category is None or category_id not in referral.selection.categories:
        raise Refused("CATEGORY_NOT_SELECTED", "the service category has not been selected")
    return category
