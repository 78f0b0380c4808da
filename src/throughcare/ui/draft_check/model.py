"""Which page changes which row of a referral that is checked, and what is still to be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from throughcare.ui.card.model import Card
from throughcare.ui.details.model import CONCERNS, Facts
from throughcare.ui.draft.model import Kind, State, first_question, kind_of, of_draft, task_list
from throughcare.ui.peers.drafts import DraftRisk

PAGES: Mapping[str, str] = {
    "prison": "submit-current-location",
    "expected-release-date": "expected-release-date",
    "release-date-reason": "expected-release-date-unknown",
    "reason-for-referral": "reason-for-referral",
    "further-information": "reason-for-referral",
    "service-categories": "service-categories",
    "relevant-sentence": "relevant-sentence",
    "enforceable-days": "enforceable-days",
    "completion-deadline": "completion-deadline",
    "identify-needs": "needs-and-requirements",
    "accessibility-needs": "needs-and-requirements",
    "interpreter-required": "needs-and-requirements",
    "interpreter-language": "needs-and-requirements",
    "responsibilities": "needs-and-requirements",
    "when-unavailable": "needs-and-requirements",
    **{name: "edit-oasys-risk-information" for name, _ in CONCERNS},
}
"""The page that asks for each row."""
PRACTITIONER: Mapping[str, str] = {
    "pp-name": "update-probation-practitioner-name",
    "pp-email": "update-probation-practitioner-email-address",
    "pp-phone": "update-probation-practitioner-phone-number",
    "pp-pdu": "update-probation-practitioner-pdu",
    "pp-office": "update-probation-practitioner-office",
    "pp-team-phone": "update-probation-practitioner-team-phone-number",
}
CONTACT: Mapping[str, str] = {
    **dict.fromkeys(
        ("pp-name", "pp-email", "pp-phone", "contact-role", "contact-place"), "confirm-main-point-of-contact"
    ),
    "contact-reason": "reason-for-referral-before-allocation",
    "expected-probation-office": "expected-probation-office",
    "office-reason": "expected-probation-office-unknown",
}


def changes_of(facts: Facts, cards: Sequence[Card]) -> dict[str, str]:
    """The paths of the pages that change rows, by the names of the rows; each leads back to its card."""
    draft, kind = facts.written, kind_of(facts.written)
    pages = {**PAGES, **(PRACTITIONER if kind is None or kind.has_practitioner else CONTACT)}
    if kind is Kind.PRE_RELEASE:
        pages["expected-probation-office"] = PRACTITIONER["pp-office"]
    for one in facts.categories:
        pages[f"complexity-level:{one.id}"] = f"service-category/{one.id}/complexity-level"
        pages[f"desired-outcomes:{one.id}"] = f"service-category/{one.id}/desired-outcomes"
    return {
        row.name: f"{_path(draft.id, pages[row.name])}&card={card.name}"
        for card in cards for row in card.rows if row.name in pages
    }  # fmt: skip


def undone(facts: Facts) -> list[tuple[str, str]]:
    """What is still to be done before the referral can be sent, and the paths of the pages to do it on.

    What waits for another task is not told beside it.
    """
    draft, kind = facts.written, kind_of(facts.written)
    question = first_question(draft)
    if kind is None or question is not None:
        return [("Say what type of referral this is", of_draft(draft.id, question or "community-allocated-form"))]
    risk = DraftRisk() if facts.risk_away else facts.risk
    *sections, _check = task_list(draft, kind, facts.intervention.service_categories, risk).sections
    return [
        (f"{heading}: {one.title[:1].lower()}{one.title[1:]}", _path(draft.id, one.page))
        for heading, tasks in sections for one in tasks if one.state in {State.NEW, State.BEGUN}
    ]  # fmt: skip


def _path(draft_id: UUID, page: str) -> str:
    return f"{of_draft(draft_id, page)}?return=check"
