"""How long each page takes among a hundred thousand referrals, one visitor after another."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

import asyncpg
import httpx2
from playwright.async_api import async_playwright
from tests.browser.conftest import CHROMIUM, FLAGS, sign_in
from tests.pages.crawl import PAGE, Crawler, crawler, template_of
from tests.running import COMMAND, running_system

from benchmarks.frame import Benchmark, Budget, Figure
from benchmarks.ground import ROOT, clean_environment
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, PRACTITIONERS, SUPPORTERS
from throughcare.services.interventions.extract.model import Extract

REFERRALS, PEOPLE, LOOKS, OPENED, SHOWN = 100_000, 300, 20, 3, 3
SIDES = {
    "practitioner": (PRACTITIONERS[0].username, "/"), "caseworker": (CASEWORKERS[0].username, "/"),
    "supporter": (SUPPORTERS[0].username, "/support"),
    "service editor": (EDITORS[0].username, "/service-editor/dashboard"),
}  # fmt: skip
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
SETTLE_SECONDS = 300
MADE = "select count(*) from interventions.job_run where job like 'extract-%' and outcome = 'ok'"
WHAT = f"""
{REFERRALS:,} referrals beside the synthetic world, and the whole system in one process, as `throughcare up` runs it,
after what it does at its first start: it makes the weekly extracts of all referrals, and pages take two to five times
as long for that minute (`serve` and `work` keep the two apart). The database is vacuumed. A practitioner, a
caseworker, a supporter and a service editor follow every link that they find, up to two pages of each kind; then each
page is asked for {LOOKS} times, one after another, and the time is taken from the request to the last byte. The 95th
percentile is that of each page; named are the slowest pages of each side. Then headless Chromium, signed in and with
its cache switched off, opens each page {OPENED} times: usable is what the browser calls loaded, styles and scripts
included.
"""


def measure(folder: Path) -> list[Figure]:
    """The 95th percentile of the slowest pages of each side, and that of all looks at any page."""
    seed = [*COMMAND, "seed", "--people", str(PEOPLE), "--referrals", str(REFERRALS), "--data", str(folder / "data")]
    subprocess.run(seed, cwd=ROOT, env=clean_environment(), check=True, capture_output=True, timeout=600)
    with running_system(folder / "data", people=PEOPLE) as url:
        asyncio.run(_settle(folder / "data"))
        return [figure for side in SIDES for figure in asyncio.run(_side(url, side))]


async def _settle(data: Path) -> None:
    """Wait for the extracts, and do what the database would do by itself in the next minutes."""
    connection = await asyncpg.connect(EmbeddedPostgres(data / "postgres").start())
    for _ in range(SETTLE_SECONDS):
        if await connection.fetchval(MADE) == len(Extract):
            break
        await asyncio.sleep(1)
    else:
        raise TimeoutError("the extracts were not made in time")
    await connection.execute("vacuum analyze")
    await connection.close()


async def _side(url: str, side: str) -> list[Figure]:
    who, (username, start) = crawler(url), SIDES[side]
    await who.sign_in(username)
    await who.walk(start)
    times = {template: await _looks(who, paths[0]) for template, paths in who.found.items() if paths}
    await who.http.aclose()
    slowest = sorted(times, key=lambda one: percentile(times[one]), reverse=True)[:SHOWN]
    every = [one for looks in times.values() for one in looks]
    opened = await _opened(url, username, [paths[0] for paths in who.found.values() if paths])
    last = max(opened, key=opened.__getitem__)
    return [
        _at_most(150, f"all {len(times)} pages of a {side}, p95", percentile(every)),
        *(_at_most(150, f"{side}: {one}, p95", percentile(times[one])) for one in slowest),
        _at_most(1000, f"all {len(opened)} pages of a {side} usable in Chromium, p95", percentile([*opened.values()])),
        _at_most(1000, f"{side}: {last} usable in Chromium", opened[last]),
    ]


def _at_most(budget: float, name: str, taken: float) -> Figure:
    return Figure(name, "ms", [taken], budget=Budget(budget, at_most=True))


async def _looks(who: Crawler, path: str) -> list[float]:
    times = []
    for _ in range(LOOKS):
        started = perf_counter()
        answer: httpx2.Response = await who.http.get(path, headers=PAGE)
        await answer.aread()
        times.append((perf_counter() - started) * 1000)
    return times


async def _opened(url: str, username: str, paths: Sequence[str]) -> dict[str, float]:
    """How long each page takes in a browser that keeps nothing, the middle one of some; by route."""
    found = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        await sign_in(page, url, username)
        session = await page.context.new_cdp_session(page)
        await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        for path in paths:
            times = []
            for _ in range(OPENED):
                await page.goto(f"{url}{path}")
                times.append(float(await page.evaluate(LOADED)))
            found[str(template_of(urlsplit(path).path))] = sorted(times)[OPENED // 2]
        await browser.close()
    return found


def percentile(times: list[float], share: float = 0.95) -> float:
    """The value that this share of ``times`` does not exceed."""
    return sorted(times)[ceil(share * len(times)) - 1]


BENCHMARK = Benchmark("pages", WHAT, measure)
