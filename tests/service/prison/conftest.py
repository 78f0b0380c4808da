"""Prison with who issues its tokens, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import SECRETS
from tests.world import World, hosted
from throughcare import catalogue


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """Auth and prison, hosted in this process."""
    async with hosted(database, catalogue.services(["auth", "prison"]), secrets=SECRETS) as made:
        yield made
