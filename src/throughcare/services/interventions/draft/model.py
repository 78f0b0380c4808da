"""A referral while it is being written, and the parts that it shares with a sent one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from throughcare.services.interventions.catalogue.model import Contract, ServiceCategory
from throughcare.services.interventions.refusal.model import Problem, Refused, check

P = TypeVar("P")

CUSTODY, COMMUNITY = "CUSTODY", "COMMUNITY"
ESTABLISHMENT, PROBATION_OFFICE = "establishment", "probation office"


@dataclass(frozen=True)
class ServiceUser:
    """The person on probation as the case record described them when the referral was written."""

    title: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    date_of_birth: date | None = None
    gender: str | None = None
    ethnicity: str | None = None
    preferred_language: str | None = None
    religion_or_belief: str | None = None
    disabilities: tuple[str, ...] | None = None

    @property
    def full_name(self) -> str:
        """First and last name, as written."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip()


@dataclass(frozen=True)
class Needs:
    """What the person needs so that they can take part.

    A language or times are kept only while they apply.
    """

    additional_needs_information: str | None = None
    accessibility_needs: str | None = None
    needs_interpreter: bool | None = None
    interpreter_language: str | None = None
    has_additional_responsibilities: bool | None = None
    when_unavailable: str | None = None


@dataclass(frozen=True)
class Location:
    """Where the person is, and where they will be after release."""

    person_current_location_type: str | None = None
    person_custody_prison_id: str | None = None
    expected_release_date: date | None = None
    expected_release_date_missing_reason: str | None = None
    referral_releasing_12_weeks: bool | None = None
    expected_probation_office: str | None = None
    expected_probation_office_unknown_reason: str | None = None


@dataclass(frozen=True)
class PractitionerDetails:
    """Whom the provider can ask: as the case record said (``ndelius_…``), and as confirmed or corrected."""

    ndelius_pp_name: str | None = None
    ndelius_pp_email_address: str | None = None
    ndelius_pdu: str | None = None
    ndelius_phone_number: str | None = None
    ndelius_team_phone_number: str | None = None
    pp_name: str | None = None
    pp_email_address: str | None = None
    pp_pdu: str | None = None
    pp_probation_office: str | None = None
    pp_phone_number: str | None = None
    pp_team_phone_number: str | None = None
    role_or_job_title: str | None = None
    pp_establishment: str | None = None


@dataclass(frozen=True)
class Details:
    """What is asked of the provider, and why."""

    completion_deadline: date | None = None
    further_information: str | None = None
    maximum_enforceable_days: int | None = None
    reason_for_referral: str | None = None
    reason_for_referral_further_information: str | None = None
    reason_for_referral_before_allocation: str | None = None


@dataclass(frozen=True)
class Selection:
    """Chosen categories, and for each a complexity level and desired outcomes."""

    categories: frozenset[UUID] = frozenset()
    levels: Mapping[UUID, UUID] = field(default_factory=dict)
    outcomes: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    def narrowed_to(self, categories: Collection[UUID]) -> Selection:
        """The same with ``categories`` chosen: what was said about others is dropped."""
        chosen = frozenset(categories)
        levels = {key: value for key, value in self.levels.items() if key in chosen}
        outcomes = {key: value for key, value in self.outcomes.items() if key in chosen}
        return Selection(chosen, levels, outcomes)


@dataclass(frozen=True)
class DraftFlags:
    """Answers that only shape the screens of a draft."""

    already_know_prison_name: bool | None = None
    allocated_community_pp: bool | None = None
    has_valid_delius_pp_details: bool | None = None
    has_main_point_of_contact_details: bool | None = None
    has_confirmed_personal_details: bool | None = None


@dataclass(frozen=True)
class OasysRisk:
    """The practitioner's redacted edit of the risk of serious harm texts."""

    risk_summary_who_is_at_risk: str | None = None
    risk_summary_nature_of_risk: str | None = None
    risk_summary_risk_imminence: str | None = None
    risk_to_self_suicide: str | None = None
    risk_to_self_self_harm: str | None = None
    risk_to_self_hostel_setting: str | None = None
    risk_to_self_vulnerability: str | None = None
    additional_information: str | None = None


@dataclass(frozen=True)
class Draft:
    """A referral that is being written. ``version`` counts its changes, the last of which was at ``changed_at``."""

    id: UUID
    created_at: datetime
    created_by: UUID
    crn: str
    intervention_id: UUID
    relevant_sentence_id: int | None = None
    selection: Selection = Selection()
    service_user: ServiceUser = ServiceUser()
    needs: Needs = Needs()
    location: Location = Location()
    practitioner: PractitionerDetails = PractitionerDetails()
    details: Details = Details()
    flags: DraftFlags = DraftFlags()
    additional_risk_information: str | None = None
    additional_risk_information_updated_at: datetime | None = None
    changed_at: datetime | None = None
    version: int = 1

    def with_level(self, category: ServiceCategory | None, category_id: UUID, level_id: UUID) -> Draft:
        """The draft with a complexity level for one category. Raises Refused."""
        chosen = self._selected(category, category_id)
        if not chosen.has_level(level_id):
            raise Refused("LEVEL_NOT_IN_CATEGORY", "the complexity level does not belong to the category")
        levels = {**self.selection.levels, category_id: level_id}
        return replace(self, selection=replace(self.selection, levels=levels))

    def with_outcomes(
        self, category: ServiceCategory | None, category_id: UUID, outcome_ids: Collection[UUID],
        *, contract: Contract, now: datetime,
    ) -> Draft:  # fmt: skip
        """The draft with these desired outcomes, and no others, for one category. Raises Refused.

        What was chosen before may stay, also when it is not offered to new referrals any more.
        """
        if not outcome_ids:
            raise Refused("OUTCOMES_EMPTY", "at least one desired outcome must be chosen")
        chosen = self._selected(category, category_id)
        offered = {one.id for one in chosen.offered(contract.reference, now)}
        if not offered.union(self.selection.outcomes.get(category_id, ())).issuperset(outcome_ids):
            raise Refused("OUTCOME_NOT_IN_CATEGORY", "a desired outcome is not offered for this category and contract")
        outcomes = {**self.selection.outcomes, category_id: frozenset(outcome_ids)}
        return replace(self, selection=replace(self.selection, outcomes=outcomes))

    def _selected(self, category: ServiceCategory | None, category_id: UUID) -> ServiceCategory:
        if not self.selection.categories:
            raise Refused("NO_CATEGORY_SELECTED", "no service category has been selected")
        if category_id not in self.selection.categories or category is None:
            raise Refused("CATEGORY_NOT_SELECTED", "the service category has not been selected")
        return category


Changes = Mapping[str, object]
"""The fields that a patch carries, by the names used here; None stands for a field given as null."""

CLEARED_BY_EMPTY_TEXT = (
    "ndelius_pp_email_address", "ndelius_phone_number", "ndelius_team_phone_number", "pp_email_address",
    "pp_phone_number", "pp_team_phone_number", "pp_probation_office",
)  # fmt: skip
RELEASE = ("expected_release_date", "expected_release_date_missing_reason")
OFFICE = ("expected_probation_office", "expected_probation_office_unknown_reason")


def patch_draft(draft: Draft, changes: Changes, *, contract: Contract, today: date, now: datetime) -> Draft:
    """The draft with ``changes``; what is absent or null stays. Raises Invalid with every problem.

    The main point of contact is written as a whole whenever the patch answers that question. Another answer to where
    the person is, whether they have a practitioner, or whether they are released takes with it what was written for
    the former one.
    """
    check(patch_problems(draft, changes, contract=contract, today=today))
    given = {name: value for name, value in changes.items() if value is not None}
    risk = _text(given.get("additional_risk_information"))
    selection = draft.selection
    if "service_category_ids" in given:
        selection = selection.narrowed_to(_ids(given["service_category_ids"]))
    patched = replace(
        draft,
        relevant_sentence_id=_int(given.get("relevant_sentence_id")) or draft.relevant_sentence_id,
        selection=selection,
        service_user=_with(draft.service_user, _mapping(given.get("service_user"))),
        needs=_needs(_with(draft.needs, given)),
        location=_location(draft, given),
        practitioner=_practitioner(draft.practitioner, changes, given),
        details=_with(draft.details, given),
        flags=_flags(draft.flags, given),
        additional_risk_information=draft.additional_risk_information if risk is None else risk,
        additional_risk_information_updated_at=(draft.additional_risk_information_updated_at if risk is None else now),
    )
    return _without(patched, set(_outdated(draft, patched)) - given.keys())


def patch_problems(draft: Draft, changes: Changes, *, contract: Contract, today: date) -> list[Problem]:
    """Everything that is wrong with a patch; today itself is a good deadline."""
    problems = []
    deadline = changes.get("completion_deadline")
    if isinstance(deadline, date) and deadline < today:
        problems.append(Problem("completionDeadline", "DATE_MUST_BE_IN_THE_FUTURE"))
    needed = "CONDITIONAL_FIELD_MUST_BE_SET"
    if changes.get("needs_interpreter") and changes.get("interpreter_language") is None:
        problems.append(Problem("needsInterpreter", needed))
    if changes.get("has_additional_responsibilities") and changes.get("when_unavailable") is None:
        problems.append(Problem("hasAdditionalResponsibilities", needed))
    if _mapping(changes.get("service_user")).get("crn", draft.crn) != draft.crn:
        problems.append(Problem("serviceUser.crn", "FIELD_CANNOT_BE_CHANGED"))
    if not _ids(changes.get("service_category_ids")).issubset(contract.type.category_ids):
        problems.append(Problem("serviceCategoryIds", "INVALID_SERVICE_CATEGORY_FOR_CONTRACT"))
    if changes.get("has_expected_release_date") and all(changes.get(name) is None for name in RELEASE):
        problems.append(Problem("expectedReleaseDate", needed))
    return problems


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _ids(value: object) -> frozenset[UUID]:
    return frozenset(value) if isinstance(value, list | tuple | set | frozenset) else frozenset()


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        return {}
    return {name: one for name, one in value.items() if one is not None}


def _with(part: P, given: Changes) -> P:
    taken: dict[str, Any] = {one.name: given[one.name] for one in fields(part) if one.name in given}  # type: ignore[arg-type]
    return replace(part, **taken) if taken else part  # type: ignore[type-var]


def _needs(needs: Needs) -> Needs:
    return replace(
        needs,
        interpreter_language=None if needs.needs_interpreter is False else needs.interpreter_language,
        when_unavailable=None if needs.has_additional_responsibilities is False else needs.when_unavailable,
    )


def _flags(flags: DraftFlags, given: Changes) -> DraftFlags:
    patched = _with(flags, given)
    if given.get("person_current_location_type") == COMMUNITY:
        return replace(patched, already_know_prison_name=None)
    return patched


def _location(draft: Draft, given: Changes) -> Location:
    old, location = draft.location, _with(draft.location, given)
    if any(name in given for name in RELEASE):
        location = replace(location, **{name: given.get(name) for name in RELEASE})  # type: ignore[arg-type]
    if "expected_probation_office" in given:
        location = replace(location, expected_probation_office_unknown_reason=None)
    elif "expected_probation_office_unknown_reason" in given:
        location = replace(location, expected_probation_office=None)
    asked = given.get("person_current_location_type")
    if location.person_current_location_type == COMMUNITY:
        location = replace(location, referral_releasing_12_weeks=old.referral_releasing_12_weeks)
    if asked == COMMUNITY:
        return replace(
            location, person_custody_prison_id=None, expected_release_date=None,
            expected_release_date_missing_reason=None, referral_releasing_12_weeks=None,
        )  # fmt: skip
    allocated = given.get("allocated_community_pp")
    if allocated or (allocated is None and asked == CUSTODY and draft.flags.allocated_community_pp):
        return replace(location, referral_releasing_12_weeks=None)
    return location


def _outdated(old: Draft, new: Draft) -> Iterator[str]:
    """The fields that were written for an answer which has changed."""
    had, has = old.flags.allocated_community_pp, new.flags.allocated_community_pp
    if had is not None and had != has:
        yield from (one.name for one in fields(PractitionerDetails))
        yield from ("has_valid_delius_pp_details", "has_main_point_of_contact_details")
        if has is False and new.location.person_current_location_type == COMMUNITY:
            yield "person_current_location_type"
    left = old.location.person_current_location_type == CUSTODY != new.location.person_current_location_type
    was, now = old.location.referral_releasing_12_weeks, new.location.referral_releasing_12_weeks
    if left or (was is True and now is not True) or (now is False and was is not False):
        yield from (*OFFICE, "reason_for_referral_before_allocation")
    if now is False and was is not False:
        yield from RELEASE


def _without(draft: Draft, names: Collection[str]) -> Draft:
    parts = {name: getattr(draft, name) for name in ("location", "practitioner", "details", "flags")}
    return replace(draft, **{name: _with(part, dict.fromkeys(names)) for name, part in parts.items()})


def _practitioner(details: PractitionerDetails, changes: Changes, given: Changes) -> PractitionerDetails:
    patched = _with(details, given)
    if "has_main_point_of_contact_details" in given:
        contact = ("pp_name", "role_or_job_title", "pp_email_address", "pp_phone_number")
        patched = replace(patched, **{name: changes.get(name) for name in contact})  # type: ignore[arg-type]
        where = given.get("pp_location_type")
        if where == ESTABLISHMENT:
            patched = replace(patched, pp_probation_office=None)
        elif where == PROBATION_OFFICE:
            patched = replace(patched, pp_establishment=None)
    empty: dict[str, Any] = {name: None for name in CLEARED_BY_EMPTY_TEXT if getattr(patched, name) == ""}
    return replace(patched, **empty)
