"""How long each page takes among a hundred thousand referrals, one visitor after another."""

from __future__ import annotations

import asyncio
import subprocess
from math import ceil
from pathlib import Path
from time import perf_counter

import httpx2
from tests.pages.crawl import PAGE, Crawler, crawler
from tests.running import COMMAND, running_system

from benchmarks.frame import Benchmark, Budget, Figure
from benchmarks.ground import ROOT, clean_environment
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

REFERRALS, PEOPLE, LOOKS, SHOWN = 100_000, 300, 12, 3
SIDES = {"practitioner": PRACTITIONERS[0].username, "caseworker": CASEWORKERS[0].username}
WHAT = f"""
{REFERRALS:,} referrals beside the synthetic world, and the whole system in one process, as `throughcare up` runs it. A
practitioner and a caseworker follow every link that they find, up to two pages of each kind; then each page is asked
for {LOOKS} times, one after another, and the time is taken from the request to the last byte. The 95th percentile is
that of each page; named are the slowest pages of each side.
"""


def measure(folder: Path) -> list[Figure]:
    """The 95th percentile of the slowest pages of each side, and that of all looks at any page."""
    seed = [*COMMAND, "seed", "--people", str(PEOPLE), "--referrals", str(REFERRALS), "--data", str(folder / "data")]
    subprocess.run(seed, cwd=ROOT, env=clean_environment(), check=True, capture_output=True, timeout=600)
    with running_system(folder / "data", people=PEOPLE) as url:
        return [figure for side, username in SIDES.items() for figure in asyncio.run(_side(url, side, username))]


async def _side(url: str, side: str, username: str) -> list[Figure]:
    who = crawler(url)
    await who.sign_in(username)
    await who.walk("/")
    times = {template: await _looks(who, paths[0]) for template, paths in who.found.items() if paths}
    await who.http.aclose()
    slowest = sorted(times, key=lambda one: percentile(times[one]), reverse=True)[:SHOWN]
    every = [one for looks in times.values() for one in looks]
    return [
        Figure(f"all {len(times)} pages of a {side}, p95", "ms", [percentile(every)], budget=Budget(150, at_most=True)),
        *(
            Figure(f"{side}: {one}, p95", "ms", [percentile(times[one])], budget=Budget(150, at_most=True))
            for one in slowest
        ),
    ]


async def _looks(who: Crawler, path: str) -> list[float]:
    times = []
    for _ in range(LOOKS):
        started = perf_counter()
        answer: httpx2.Response = await who.http.get(path, headers=PAGE)
        await answer.aread()
        times.append((perf_counter() - started) * 1000)
    return times


def percentile(times: list[float], share: float = 0.95) -> float:
    """The value that this share of ``times`` does not exceed."""
    return sorted(times)[ceil(share * len(times)) - 1]


BENCHMARK = Benchmark("pages", WHAT, measure)
