"""People to be found, made once for all modules here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from tests.conftest import clone, drop
from tests.service.prisoner_search.custody import Custody, hosting
from tests.service.prisoner_search.finding.people import Cast, cast_of


@pytest.fixture(scope="session")
def populated(server: str, template: str) -> tuple[str, Cast]:
    """The name of a database that holds them, and who they are."""

    async def make() -> tuple[str, Cast]:
        url = await clone(server, template)
        async with hosting(url) as made:
            return urlsplit(url).path.lstrip("/"), await cast_of(await Custody.of(made))

    return asyncio.run(make())


@pytest.fixture(scope="session")
def cast(populated: tuple[str, Cast]) -> Cast:
    """The people who are looked for."""
    return populated[1]


@pytest.fixture(scope="module")
async def database(server: str, populated: tuple[str, Cast]) -> AsyncIterator[str]:
    """The owner's URL of a database for one test module, with these people in it."""
    url = await clone(server, populated[0])
    yield url
    await drop(server, url)
