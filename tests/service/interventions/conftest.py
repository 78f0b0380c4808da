"""What the tests of interventions share."""

from __future__ import annotations

import pytest

from tests.service.interventions.outage import Peers
from tests.world import World


@pytest.fixture(scope="module")
def peers(world: World) -> Peers:
    """The peers of interventions behind switches. A module that uses it does so in every test."""
    return Peers(world)
