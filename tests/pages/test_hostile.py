"""Every form that a person can reach, sent empty, oversized, with hostile text and out of date."""

from __future__ import annotations

import pytest

from tests.pages.conftest import PEOPLE
from tests.pages.crawl import Crawler, Form
from tests.pages.hostile import HOSTILE, answered_wrong, forms_of


async def forms(person: Crawler) -> list[tuple[str, Form]]:
    """Every form of every page that this person found, one for each address and set of fields."""
    known: dict[tuple[str, tuple[str, ...]], tuple[str, Form]] = {}
    for template, paths in person.found.items():
        for path in paths[:1]:
            for form in await forms_of(person, path):
                known.setdefault((template, tuple(form.asked)), (path, form))
    return list(known.values())


@pytest.mark.parametrize("name", PEOPLE)
async def test_no_form_breaks_or_gives_hostile_text_back_unescaped(walked: dict[str, Crawler], name: str) -> None:
    person = walked[name]
    assert [
        one for path, form in await forms(person) for one in await answered_wrong(person, path, form, HOSTILE)
    ] == []


def test_there_are_forms_to_try(walked: dict[str, Crawler]) -> None:
    assert len(walked["practitioner"].found) > 20
    assert len(walked["caseworker"].found) > 20
