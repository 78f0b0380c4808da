"""A running system with a world in which referrals are in every state, and people who walk through it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.browser.conftest import browser, pytest_collection_modifyitems, visitor
from tests.pages.crawl import Crawler, crawler
from tests.running import Site, started
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, OPERATORS, PRACTITIONERS, SUPPORTERS

__all__ = ["browser", "pytest_collection_modifyitems", "visitor"]
PEOPLE = {
    "practitioner": (PRACTITIONERS[0].username, "/"), "caseworker": (CASEWORKERS[0].username, "/"),
    "operator": (OPERATORS[0].username, "/"), "supporter": (SUPPORTERS[0].username, "/support"),
    "editor": (EDITORS[0].username, "/service-editor/dashboard"),
}  # fmt: skip


@pytest.fixture(scope="session")
def full_site() -> Iterator[Site]:
    """A system as it starts for the first time, with everybody and every history."""
    with started(people=200, demonstrations=0) as made:
        yield made


@pytest.fixture(scope="module")
async def walked(full_site: Site) -> AsyncIterator[dict[str, Crawler]]:
    """Everybody, after a walk through all that they can reach."""
    made = {name: crawler(full_site.url) for name in PEOPLE}
    try:
        broken = {}
        for name, (username, start) in PEOPLE.items():
            await made[name].sign_in(username)
            broken[name] = await made[name].walk(start)
        assert not any(broken.values()), broken
        yield made
    finally:
        for one in made.values():
            await one.http.aclose()
