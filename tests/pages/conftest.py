"""A running system with a world in which referrals are in every state, and people who walk through it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import browser, pytest_collection_modifyitems, visitor
from tests.pages.crawl import Crawler, crawler
from tests.pages.hostile import broken_forms
from tests.pages.record import begin
from tests.pages.walker import SEEN
from tests.running import Site, running_system
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, OPERATORS, PRACTITIONERS, SUPPORTERS

__all__ = ["browser", "pytest_collection_modifyitems", "visitor"]
PEOPLE_SEEDED, PATIENCE_MS = 200, 15_000
PEOPLE = {
    "practitioner": (PRACTITIONERS[0].username, "/"), "caseworker": (CASEWORKERS[0].username, "/"),
    "operator": (OPERATORS[0].username, "/"), "supporter": (SUPPORTERS[0].username, "/support"),
    "editor": (EDITORS[0].username, "/service-editor/dashboard"),
}  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Nobody has looked at any page yet; two browsers on two processors need patience."""
    expect.set_options(timeout=PATIENCE_MS)
    if not hasattr(config, "workerinput"):
        begin()


@pytest.fixture(scope="session")
def seeded() -> Iterator[Path]:
    """The data of a system as it starts for the first time, with everybody and every history."""
    with tempfile.TemporaryDirectory(prefix="throughcare seeded ") as made:
        folder = Path(made) / "data"
        with running_system(folder, people=PEOPLE_SEEDED):
            pass
        yield folder


@pytest.fixture(scope="module")
def own_site(seeded: Path) -> Iterator[Site]:
    """A running system of this module's own, on a copy of that data."""
    with tempfile.TemporaryDirectory(prefix="throughcare site ") as made:
        folder = Path(made) / "data"
        subprocess.run(["cp", "-a", seeded, folder], check=True)
        with running_system(folder, people=PEOPLE_SEEDED) as url:
            yield Site(url, folder, [])


@pytest.fixture(scope="module")
async def full_site(own_site: Site) -> AsyncIterator[Site]:
    """The same. When all is done on it, the forms of each page that was looked at there are sent wrong: none may
    break, or give hostile text back unescaped.
    """
    SEEN.clear()
    yield own_site
    assert await broken_forms(own_site.url, SEEN) == []


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
