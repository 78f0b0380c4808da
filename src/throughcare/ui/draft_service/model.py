"""How sentences are offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from throughcare.kit.web.wording import day
from throughcare.ui.peers.case import CaseSentence


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
