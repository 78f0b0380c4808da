"""``python -m tests.abuse.documented``: requests made up from the OpenAPI document of interventions, many of them."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys

from tests.abuse.fresh import fresh_world
from tests.service.interventions.documented import Trial


def main() -> int:
    """Ask and report; 1 when an answer is not as the document says."""
    parser = argparse.ArgumentParser(prog="python -m tests.abuse.documented", description=__doc__)
    parser.add_argument("--examples", type=int, default=25, help="right and wrong requests of each operation")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    trial = asyncio.run(_try(given.examples, given.seed))
    for one in trial.wrong:
        print(one)
    print(f"answers: {', '.join(f'{many:,} × {status}' for status, many in sorted(trial.asked.items()))}")
    print(f"documented: seed {given.seed}, {len(trial.wrong)} answers are not as the document says")
    return min(len(trial.wrong), 1)


async def _try(examples: int, seed: int) -> Trial:
    async with fresh_world() as world:
        trial = Trial(world, random.Random(seed))
        await trial.run(examples, every_actor=True)
    return trial


if __name__ == "__main__":
    sys.exit(main())
