"""Risks and needs with the services that it asks: users and cases for real, and a stand-in for interventions."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import SECRETS
from tests.service.risks_and_needs.assessments import Referrals
from tests.world import World, hosted
from throughcare import catalogue

SERVICES = ["auth", "probation", "risks_and_needs"]


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """Auth, probation and risks and needs, with accounts and reference data but no people."""
    async with hosted(database, catalogue.services(SERVICES), secrets=SECRETS) as made:
        made.host.topology.apps["interventions"] = Referrals()
        yield made


@pytest.fixture
def referrals(world: World) -> Referrals:
    """The stand-in for the interventions service."""
    found = world.host.topology.apps["interventions"]
    assert isinstance(found, Referrals)
    return found
