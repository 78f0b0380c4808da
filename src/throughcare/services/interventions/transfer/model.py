"""Moving referrals from one contract to another: what may be moved, and what the notes on the cases say.

Access follows the new contract at once. Whoever worked on a referral for the old provider stays in its history and can
no longer reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from throughcare.services.interventions.catalogue.model import Catalogue, Intervention
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import Refused

SUBJECT = "Case transferred"


@dataclass(frozen=True)
class Order:
    """Which referrals are to move, from which contract to which, and why."""

    source: str
    target: str
    references: Sequence[str]
    reason: str


@dataclass(frozen=True)
class Transfer:
    """An order that was carried out, by whom and when."""

    id: UUID
    order: Order
    carried_out_at: datetime
    carried_out_by: str


def ends_of(order: Order, catalogue: Catalogue) -> tuple[Intervention, Intervention]:
    """The interventions of both contracts. Raises Refused (CONTRACT_UNKNOWN, CONTRACT_THE_SAME)."""
    unknown = [one for one in (order.source, order.target) if one not in catalogue.by_contract]
    if unknown:
        raise Refused("CONTRACT_UNKNOWN", f"there is no contract {' and no contract '.join(unknown)}")
    if order.source == order.target:
        raise Refused("CONTRACT_THE_SAME", "the referrals are to go to another contract")
    return catalogue.by_contract[order.source], catalogue.by_contract[order.target]


def check_movable(order: Order, found: Sequence[Referral], source: Intervention, target: Intervention) -> None:
    """Raises Refused (REFERRALS_NOT_MOVABLE), naming each reference that stands twice, is none of the source's, or is
    for a category that the target does not cover.
    """
    by_reference = {one.reference_number: one for one in found}
    offered = frozenset(target.contract.type.category_ids)
    problems = []
    for reference in dict.fromkeys(order.references):
        one = by_reference.get(reference)
        if one is None or one.intervention_id != source.id:
            problems.append(f"{reference} is not under {order.source}")
        elif not one.selection.categories <= offered:
            problems.append(f"{reference} is for a category that {order.target} does not cover")
        elif order.references.count(reference) > 1:
            problems.append(f"{reference} is named more than once")
    if problems:
        raise Refused("REFERRALS_NOT_MOVABLE", "; ".join(problems))


def note_of(source: Intervention, target: Intervention) -> str:
    """What a note on the case says."""
    return f"This case was transferred from {source.title} to {target.title}."
