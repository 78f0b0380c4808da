"""A short share of the random commands that ``python -m tests.abuse.walk`` gives for as long as is wanted."""

from __future__ import annotations

import pytest

from tests.service.interventions.walk.driver import Walk
from tests.world import World

pytestmark = pytest.mark.long

STEPS, SEED = 70, 8


async def test_random_commands_leave_what_a_second_account_of_the_rules_expects(world: World) -> None:
    walk = Walk(world, SEED)
    await walk.run(STEPS)
    assert {200, 201, 400, 403, 404, 409} <= set(walk.answers)
