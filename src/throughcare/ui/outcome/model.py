"""What a referral is to achieve: the outcomes that its practitioner chose, by service category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.ui.peers.catalogue import Intervention, Outcome
from throughcare.ui.peers.drafts import Written


@dataclass(frozen=True)
class Wanted:
    """The outcomes that were chosen in one category."""

    category: str
    outcomes: Sequence[Outcome]


def wanted_of(written: Written, intervention: Intervention) -> list[Wanted]:
    """What was chosen in each category of a referral, categories by name."""
    chosen = set(written.service_category_ids)
    found = []
    for one in sorted(intervention.service_categories, key=lambda category: category.name):
        picked = set(written.outcomes_of(one.id))
        if one.id in chosen:
            found.append(Wanted(one.name, [each for each in one.desired_outcomes if each.id in picked]))
    return found
