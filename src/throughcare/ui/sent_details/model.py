"""Where a practitioner changes what a sent referral says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from throughcare.ui.card.model import Card
from throughcare.ui.draft.model import Kind, kind_of
from throughcare.ui.referral.model import Frame, Side

ALWAYS = {
    "enforceable-days": "update-maximum-enforceable-days",
    "reason-for-referral": "amend-reason-for-referral",
    "further-information": "amend-reason-for-referral",
    "identify-needs": "update-additional-information",
    "accessibility-needs": "update-accessibility-needs",
    "interpreter-required": "interpreter-needs",
    "responsibilities": "employment-responsibilities",
}
IN_PRISON = {"prison": "amend-prison-establishment"}
BEFORE_RELEASE = {
    "expected-release-date": "amend-expected-release-date",
    "expected-probation-office": "confirm-amend-expected-probation-office",
    "expected-pdu": "confirm-amend-expected-probation-office",
}
AFTERWARDS = {
    "location-office": "confirm-amend-pp-probation-office",
    "location-pdu": "confirm-amend-pp-probation-office",
}
OF_PRACTITIONER = {
    "pp-name": "amend-probation-practitioner-name",
    "pp-email": "amend-probation-practitioner-email",
    "pp-phone": "amend-probation-practitioner-phone-number",
    "pp-office": "confirm-amend-pp-probation-office",
    "pp-team-phone": "amend-team-phone-number",
}
"""Ends of addresses, by the names of the rows that they change."""


def changes_of(frame: Frame, cards: Sequence[Card]) -> Mapping[str, str]:
    """The page that changes each row, for the practitioner of a referral that goes on; empty for everybody else.

    Outcomes and complexity stay once a plan was approved for them.
    """
    if frame.side is not Side.PRACTITIONER or frame.referral.concluded_at is not None:
        return {}
    shown = {row.name for card in cards for row in card.rows}
    return {name: path for name, path in _pages(frame) if name in shown}


def _pages(frame: Frame) -> Iterator[tuple[str, str]]:
    kind, written = kind_of(frame.referral.referral), frame.referral.referral
    ends = dict(ALWAYS)
    if kind is not None:
        ends |= IN_PRISON if kind.in_prison else AFTERWARDS
        ends |= BEFORE_RELEASE if kind is Kind.PRE_RELEASE else {}
        ends |= OF_PRACTITIONER if kind.has_practitioner else {}
    if kind is Kind.UNALLOCATED:
        ends["expected-probation-office"] = BEFORE_RELEASE["expected-probation-office"]
    yield from ((name, frame.path(end)) for name, end in ends.items())
    yield "completion-deadline", f"/referrals/{frame.referral.id}/completion-deadline"
    if not frame.referral.outcomes_are_fixed:
        for one in written.service_category_ids:
            yield f"complexity-level:{one}", frame.path(f"service-category/{one}/update-complexity-level")
            yield f"desired-outcomes:{one}", frame.path(f"{one}/update-desired-outcomes")
