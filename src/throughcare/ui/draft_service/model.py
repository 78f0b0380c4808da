"""How sentences, categories and outcomes are offered, and which page follows for each category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from throughcare.kit.web.wording import day
from throughcare.ui.peers.case import CaseRecord, CaseSentence
from throughcare.ui.peers.catalogue import Category, Intervention
from throughcare.ui.peers.drafts import Written


def sentence_choices(sentences: Sequence[CaseSentence]) -> tuple[list[tuple[str, str]], Mapping[str, str]]:
    """Values with the category of the main offence, and for each value what else tells sentences apart."""
    choices = [(str(one.id), one.main_offence.category) for one in sentences]
    ends = {
        one.id: day(one.sentence.expected_end_date) if one.sentence.expected_end_date else "not known"
        for one in sentences
    }
    hints = {
        str(one.id): f"{one.main_offence.sub_category}. {one.sentence.description}. Ends: {ends[one.id]}"
        for one in sentences
    }
    return choices, hints


def sentence_end(draft: Written, case: CaseRecord) -> date | None:
    """When the sentence of a draft ends; None when that is not known."""
    chosen = (one.sentence for one in case.sentences or [] if one.id == draft.relevant_sentence_id)
    return next((one.expected_end_date for one in chosen), None)


def chosen_categories(draft: Written, intervention: Intervention) -> Sequence[Category]:
    """The categories that a draft is for, in the order in which they are asked about: by name."""
    chosen = (one for one in intervention.service_categories if one.id in draft.service_category_ids)
    return sorted(chosen, key=lambda one: one.name)


def first_page(draft: Written, intervention: Intervention) -> str:
    """The page after the sentence: the outcomes of the first category, or the choice of categories."""
    categories = chosen_categories(draft, intervention)
    return f"service-category/{categories[0].id}/desired-outcomes" if categories else "service-categories"


def page_after(category_id: UUID, draft: Written, intervention: Intervention) -> str:
    """The page after a category's level: the outcomes of the next category, or the days after the last."""
    ids = [one.id for one in chosen_categories(draft, intervention)]
    following = ids[ids.index(category_id) + 1 :]
    return f"service-category/{following[0]}/desired-outcomes" if following else "enforceable-days"


def lost_with(draft: Written, intervention: Intervention, kept: Sequence[str]) -> Sequence[Category]:
    """The categories about which something was said that is deleted when only ``kept`` are chosen."""
    return [
        one for one in chosen_categories(draft, intervention)
        if str(one.id) not in kept and (draft.level_of(one.id) or draft.outcomes_of(one.id))
    ]  # fmt: skip


def outcome_choices(offered: Category, every: Category, chosen: Sequence[UUID]) -> list[tuple[str, str]]:
    """The outcomes that are offered today, and those that were chosen before they ceased to be."""
    today = {one.id for one in offered.desired_outcomes}
    former = [one for one in every.desired_outcomes if one.id in chosen and one.id not in today]
    return [(str(one.id), one.description) for one in (*offered.desired_outcomes, *former)]
