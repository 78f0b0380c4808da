"""Where the pages of a draft are, which comes next, what kind of referral it is, and what is still to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from fastapi import Request

from throughcare.ui.peers.catalogue import Category
from throughcare.ui.peers.drafts import DraftRisk, Written

_CARD = re.compile(r"[a-z0-9-]{1,60}")


class Kind(Enum):
    """What decides which pages a referral has: where the person is, and whether they have a practitioner."""

    COMMUNITY = "in the community, with a practitioner"
    PRE_RELEASE = "in prison, with a practitioner in the community"
    UNALLOCATED = "in prison, to be released during the intervention, without a practitioner"
    CUSTODIAL = "in prison and staying there, without a practitioner"

    @property
    def in_prison(self) -> bool:
        """Whether the person is in prison."""
        return self is not Kind.COMMUNITY

    @property
    def has_practitioner(self) -> bool:
        """Whether somebody in the community is responsible for the person."""
        return self in {Kind.COMMUNITY, Kind.PRE_RELEASE}


def kind_of(written: Written) -> Kind | None:
    """The kind of a referral, sent or not; None while its first questions are not answered."""
    if written.person_current_location_type == "COMMUNITY":
        return Kind.COMMUNITY
    if written.person_current_location_type != "CUSTODY":
        return None
    if written.releasing_in_12_weeks is None:
        return Kind.PRE_RELEASE
    return Kind.UNALLOCATED if written.releasing_in_12_weeks else Kind.CUSTODIAL


def of_draft(draft_id: UUID, page: str = "form") -> str:
    """The path of a page of a draft; the task list when none is named."""
    return f"/referrals/{draft_id}/{page}"


def checked(request: Request, draft_id: UUID, following: str) -> str:
    """The page after this one: ``following``, or back to the card of the check of all answers that one came from."""
    if not _comes_from_check(request):
        return of_draft(draft_id, following)
    return of_draft(draft_id, f"check-all-referral-information{'#' if _card(request) else ''}{_card(request)}")


def returning(request: Request) -> str:
    """What is added to the path of a page on the way, so that it leads back to where this one leads back to."""
    if not _comes_from_check(request):
        return ""
    return f"?return=check&card={_card(request)}" if _card(request) else "?return=check"


def _comes_from_check(request: Request) -> bool:
    return request.query_params.get("return") == "check"


def _card(request: Request) -> str:
    said = request.query_params.get("card", "")
    return said if _CARD.fullmatch(said) else ""


def first_question(draft: Written) -> str | None:
    """The page that asks what kind of referral it is, as far as the answers so far do not say; None when they do."""
    kind, allocated = kind_of(draft), draft.allocated_community_pp
    if allocated is None and kind is None:
        return "community-allocated-form"
    if allocated is not None and (kind is None or kind.has_practitioner is not allocated):
        return "referral-type-form" if allocated else "prison-release-form"
    return None


class State(Enum):
    """How far a task has come, as it is said."""

    LATER = "Cannot start yet"
    NEW = "Not started"
    BEGUN = "In progress"
    DONE = "Completed"


@dataclass(frozen=True)
class Task:
    """Something to do for a referral, on a page of the draft."""

    title: str
    page: str
    state: State


@dataclass(frozen=True)
class TaskList:
    """Everything to do for a referral, in sections with their headings; the last task is to check it all."""

    sections: Sequence[tuple[str, Sequence[Task]]]

    @property
    def tasks(self) -> Sequence[Task]:
        """The tasks that a practitioner writes something for."""
        return [one for _, tasks in self.sections[:-1] for one in tasks]

    @property
    def done(self) -> int:
        """How many of them are completed."""
        return sum(one.state is State.DONE for one in self.tasks)

    @property
    def following(self) -> Task:
        """Where to go on: the first task that is not completed, or the check of all answers."""
        return next((one for one in self.tasks if one.state in {State.NEW, State.BEGUN}), self.sections[-1][1][0])


def task_list(draft: Written, kind: Kind, categories: Sequence[Category], risk: DraftRisk | None) -> TaskList:
    """What is to be done for a draft of this kind; ``categories`` are all that the service covers.

    A task waits only for what it cannot do without: outcomes and levels for the choice of categories, and the check
    for everything else.
    """
    person, contract = draft.service_user.name, draft.contract_type_name
    sections = [_contact(draft, kind)]
    if kind.in_prison:
        sections.append(_place(draft, kind))
    sections.append((f"Review {person}’s information", _information(draft, risk)))
    if len(categories) > 1:
        title = f"Select service types for the {contract} referral"
        chosen = _state(draft.service_category_ids)
        sections.append(("Choose service types", [Task(title, "service-categories", chosen)]))
    sections.append((f"Add {contract} referral details", _service(draft, categories)))
    whole = all(one.state is State.DONE for _, tasks in sections for one in tasks)
    check = Task(
        "Check referral information", "check-all-referral-information", State.NEW if whole else State.LATER
    )  # fmt: skip
    return TaskList([*sections, ("Check all referral information and submit referral", [check])])


def _contact(draft: Written, kind: Kind) -> tuple[str, Sequence[Task]]:
    title = "Name, email address and location"
    if kind.has_practitioner:
        state = _state(draft.pp_name or draft.ndelius_pp_name, draft.pp_pdu or draft.ndelius_pdu)
        task = Task(title, "confirm-probation-practitioner-details", state)
        return "Confirm probation practitioner details", [task]
    state = _state(draft.pp_name, draft.role_or_job_title, draft.pp_email_address)
    return "Confirm main point of contact details", [Task(title, "confirm-main-point-of-contact", state)]


def _place(draft: Written, kind: Kind) -> tuple[str, Sequence[Task]]:
    person, where = draft.service_user.name, _state(draft.person_custody_prison_id)
    if kind is Kind.CUSTODIAL:
        return f"Confirm {person}’s location", [Task("Establishment", "submit-current-location", where)]
    release = _state(draft.expected_release_date or draft.expected_release_date_missing_reason)
    title = "Current location" if kind is Kind.UNALLOCATED else "Establishment"
    tasks = [
        Task(title, "submit-current-location", where), Task("Expected release date", "expected-release-date", release)
    ]  # fmt: skip
    if kind is Kind.UNALLOCATED:
        office = _state(draft.expected_probation_office or draft.expected_probation_office_unknown_reason)
        tasks.append(Task("Expected probation office", "expected-probation-office", office))
    return f"Confirm {person}’s current location and expected release date", tasks


def _information(draft: Written, risk: DraftRisk | None) -> Sequence[Task]:
    needs = (
        draft.additional_needs_information, draft.accessibility_needs, draft.needs_interpreter,
        draft.has_additional_responsibilities,
    )  # fmt: skip
    return [
        Task("Personal details", "service-user-details", _state(draft.has_confirmed_personal_details)),
        Task("Risk information", "risk-information", _state(risk or draft.additional_risk_information)),
        Task("Needs and requirements", "needs-and-requirements", _state(*(one is not None for one in needs))),
    ]


def _service(draft: Written, categories: Sequence[Category]) -> Sequence[Task]:
    contract = draft.contract_type_name
    reason = _state(draft.reason_for_referral, draft.reason_for_referral_further_information)
    return [
        Task("Confirm the relevant sentence", "relevant-sentence", _state(draft.relevant_sentence_id)),
        *_chosen(draft, categories),
        Task("Enter enforceable days used", "enforceable-days", _state(draft.maximum_enforceable_days)),
        Task(
            f"Enter when the {contract} service needs to be completed", "completion-deadline",
            _state(draft.completion_deadline),
        ),
        Task("Reason for referral and further information for service provider", "reason-for-referral", reason),
    ]  # fmt: skip


def _chosen(draft: Written, categories: Sequence[Category]) -> Iterator[Task]:
    chosen = sorted((one for one in categories if one.id in draft.service_category_ids), key=lambda one: one.name)
    if not chosen:
        title = "Details of this part will depend on the services you choose"
        yield Task(title, "service-categories", State.LATER)
    for one in chosen:
        about = f" for {one.name}" if len(categories) > 1 else ""
        page = f"service-category/{one.id}"
        yield Task(f"Select desired outcomes{about}", f"{page}/desired-outcomes", _state(draft.outcomes_of(one.id)))
        level = _state(draft.level_of(one.id))
        yield Task(f"Select required complexity level{about}", f"{page}/complexity-level", level)


def _state(*answers: object) -> State:
    """Of a task that asks for all of ``answers``."""
    given = [bool(one) for one in answers]
    return State.DONE if all(given) else State.BEGUN if any(given) else State.NEW
