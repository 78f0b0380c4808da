"""``python -m tests.abuse.walk``: random commands on referrals, compared with a second account of the rules."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from time import monotonic

from tests.abuse.fresh import fresh_world
from tests.service.interventions.walk.driver import Disagreement, Walk

SHOW_EVERY = 500


def main() -> int:
    """Walk and report; 1 on a disagreement."""
    parser = argparse.ArgumentParser(prog="python -m tests.abuse.walk", description=__doc__)
    parser.add_argument("--steps", type=int, default=5000, help="commands, legal and illegal")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    given = parser.parse_args()
    began = monotonic()
    try:
        walk = asyncio.run(_walk(given.steps, given.seed))
    except Disagreement as found:
        print(f"walk: {found}", file=sys.stderr)
        return 1
    print(f"walk: seed {given.seed}, {walk.steps:,} steps in {monotonic() - began:.0f} s without a disagreement")
    print(f"asked: {', '.join(f'{many} × {name}' for name, many in walk.asked.most_common())}")
    print(f"answers: {', '.join(f'{many} × {status}' for status, many in sorted(walk.answers.items()))}")
    return 0


async def _walk(steps: int, seed: int) -> Walk:
    async with fresh_world() as world:
        walk = Walk(world, seed)
        for part in range(SHOW_EVERY, steps + SHOW_EVERY, SHOW_EVERY):
            await walk.run(min(part, steps))
            print(f"walk: {walk.steps:,} of {steps:,} steps", file=sys.stderr)
    return walk


if __name__ == "__main__":
    sys.exit(main())
