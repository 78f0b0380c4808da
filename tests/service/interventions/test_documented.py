"""The API as a whole keeps to its own document."""

from __future__ import annotations

from random import Random

import pytest

from tests.service.interventions.documented import Trial
from tests.world import World

pytestmark = pytest.mark.long


async def test_made_up_requests_of_every_actor_are_answered_as_the_document_says(world: World) -> None:
    trial = Trial(world, Random(4))
    await trial.run(examples=1, every_actor=False)
    assert trial.wrong == []
    assert {200, 400, 403, 404} <= set(trial.asked)
