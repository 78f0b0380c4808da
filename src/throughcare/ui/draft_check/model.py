"""Which page changes which row of a referral that is checked, and what is said of what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from throughcare.ui.card.model import Card
from throughcare.ui.details.model import CONCERNS, Facts
from throughcare.ui.draft.model import Kind, kind_of, of_draft

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
MISSING: Mapping[str, tuple[str, str]] = {
    "expectedReleaseDate": ("Add the expected release date, or why it is not known", "expected-release-date"),
    "additionalRiskInformation": ("Check the risk information", "risk-information"),
    "relevantSentenceId": ("Select the relevant sentence", "relevant-sentence"),
    "personCurrentLocationType": ("Say whether they are in prison or in the community", "referral-type-form"),
    "serviceCategoryIds": ("Select at least one service type", "service-categories"),
    "completionDeadline": ("Enter when the service needs to be completed", "completion-deadline"),
}
"""What is said of a field that is missing when a referral is sent, and the page that asks for it."""


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


def lacking(fields: Sequence[str], facts: Facts) -> list[tuple[str, str]]:
    """What is said of each field that a referral lacks, and the path of the page that asks for it."""
    draft = facts.written
    said = [MISSING[one] for one in MISSING if one in fields]
    found = [(text, _path(draft.id, page)) for text, page in (*said, *_of_categories(fields, facts))]
    if not {*MISSING, "complexityLevels", "desiredOutcomes"}.issuperset(fields):
        found.append(("Something else is missing. Check every task of the list", of_draft(draft.id)))
    return found


def _of_categories(fields: Sequence[str], facts: Facts) -> Iterator[tuple[str, str]]:
    for one in facts.categories:
        base = f"service-category/{one.id}"
        if "desiredOutcomes" in fields and not facts.written.outcomes_of(one.id):
            yield f"Select the desired outcomes for {one.name}", f"{base}/desired-outcomes"
        if "complexityLevels" in fields and not facts.written.level_of(one.id):
            yield f"Select the complexity level for {one.name}", f"{base}/complexity-level"


def _path(draft_id: UUID, page: str) -> str:
    return f"{of_draft(draft_id, page)}?return=check"
