"""Prison and prisoner search with who issues their tokens, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.service.prisoner_search.custody import Custody, hosting
from tests.world import World


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """Auth, prison and prisoner search, hosted in this process."""
    async with hosting(database) as made:
        yield made


@pytest.fixture
async def custody(world: World) -> Custody:
    """Prison and its index, seen by clients that may do everything."""
    return await Custody.of(world)
