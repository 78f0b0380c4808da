"""The case record with the user directory beside it, and a stand-in for the one service that it asks about events."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import SECRETS
from tests.service.probation.interventions import Interventions
from tests.world import World, hosted
from throughcare import catalogue


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """Auth and probation alone, with accounts and reference data but no people."""
    async with hosted(database, catalogue.services(["auth", "probation"]), secrets=SECRETS) as made:
        made.host.topology.apps["interventions"] = Interventions()
        yield made


@pytest.fixture
def interventions(world: World) -> Interventions:
    """The stand-in for the interventions service."""
    found = world.host.topology.apps["interventions"]
    assert isinstance(found, Interventions)
    return found
