"""``python -m tests.abuse``: load, faults, then the ledgers; ends with 1 unless they agree."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path
from time import monotonic

from tests.abuse.books import Line
from tests.abuse.faults import WINDOW_MINUTES, Faults, Plan
from tests.abuse.ledger import settle, settled_books
from tests.abuse.lives import Client, Load
from tests.abuse.system import System

SHOWN = 5


def main() -> int:
    """Run and report."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="throughcare-abuse-", ignore_cleanup_errors=True) as folder:
        lines = asyncio.run(_abuse(given, Path(given.keep or folder)))
    for line in lines:
        _print(line)
    wrong = sum(not line.ok for line in lines)
    again = f'make abuse ARGS="--seed {given.seed} --changes {given.changes}"'
    print(f"abuse: {'the ledgers agree' if not wrong else f'{wrong} ledgers disagree'}; the same faults again: {again}")
    return min(wrong, 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make abuse", description=__doc__)
    parser.add_argument("--changes", type=int, default=2000, help="state changes over HTTP")
    parser.add_argument("--kills", type=int, default=20, help="workers killed with SIGKILL")
    parser.add_argument("--web-kills", type=int, default=2, help="kills of the process that serves")
    parser.add_argument("--restarts", type=int, default=2, help="restarts of the database, every second one a crash")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--at-once", type=int, default=12, help="lives side by side")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--keep", help="a folder for the data and logs, which then stay")
    return parser.parse_args()


async def _abuse(given: argparse.Namespace, folder: Path) -> list[Line]:
    plan = Plan(given.kills, given.web_kills, given.restarts)
    began = monotonic()
    async with System(folder, workers=given.workers) as system:
        client = Client(system.urls, system.secrets, f"{system.base_url}/sign-in/callback", f"abuse-{given.seed}")
        load = Load(client, random.Random(given.seed), given.changes, lambda: faults.progress(load.done))
        due = plan.at(random.Random(given.seed), given.changes)
        faults = Faults(system, random.Random(given.seed), due, load.advance)
        try:
            await load.prepare()
            loading = monotonic()
            await asyncio.gather(load.run(given.at_once), faults.run())
            loaded = monotonic() - loading
            settling = await settle(system.dsn, lambda: load.advance(WINDOW_MINUTES))
        finally:
            await client.close()
        lines = await settled_books(system.dsn, load.accepted)
    print(
        f"abuse: seed {given.seed}, {load.done:,} changes accepted in {loaded:.0f} s while "
        f"{', '.join(f'{count} × {name}' for name, count in sorted(faults.happened.items()))} happened; "
        f"settled {settling:.0f} s later, {monotonic() - began:.0f} s in all"
    )
    print(f"answers: {', '.join(f'{count:,} {kind}' for kind, count in sorted(load.answers.items()))}")
    print(f"{'ledger':<44}{'owed':>8}{'found':>8}{'missing':>9}{'too many':>10}")
    return lines


def _print(line: Line) -> None:
    print(f"{line.what:<44}{line.owed:>8,}{line.found:>8,}{len(line.missing):>9,}{len(line.surplus):>10,}")
    for what, some in (("missing", line.missing), ("too many", line.surplus)):
        for one in some[:SHOWN]:
            print(f"  {what}: {one}")


if __name__ == "__main__":
    sys.exit(main())
