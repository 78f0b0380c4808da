"""A running system and a headless Chromium; skipped with the command that installs it where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from throughcare.cli.demo import answers, stop
from throughcare.cli.free_port import free_port
from throughcare.kit.clock import real_now
from throughcare.seeding.accounts import PASSWORD

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "Chromium is not installed: apt-get install chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_SECONDS = 90


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where Chromium is not found, unless they are required."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and os.environ.get("THROUGHCARE_BROWSER") != "required":
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a system started with ``throughcare up``, on which the journey was performed once."""
    if CHROMIUM is None:
        pytest.fail(MISSING)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="throughcare-browser-") as folder:
        arguments = ["up", "--port", str(port), "--data", folder, "--people", "30", "--clock", "2024-03-04T12:00:00Z"]
        command = [sys.executable, "-m", "throughcare"]
        with (Path(folder) / "up.txt").open("w+", encoding="utf-8") as said:
            process = subprocess.Popen([*command, *arguments], stdout=said, stderr=said, text=True)
            try:
                _wait(process, f"http://localhost:{port}")
                subprocess.run([*command, "demo", "--data", folder], check=True, stdout=subprocess.DEVNULL, timeout=120)
                yield f"http://localhost:{port}"
            finally:
                stop(process)


def _wait(process: subprocess.Popen[str], url: str) -> None:
    deadline = real_now().timestamp() + START_SECONDS
    while not answers(url):
        assert process.poll() is None, "the system did not start"
        assert real_now().timestamp() < deadline, "the system did not answer in time"
        with_patience = subprocess.run(["sleep", "0.2"], check=True)
        assert with_patience.returncode == 0


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture
async def visitor(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A browser without cookies."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    await context.close()


async def sign_in(page: Page, site: str, username: str, path: str = "/") -> None:
    """Go to a page as somebody, through the sign-in page."""
    await page.goto(f"{site}{path}")
    await fill_in(page, username)


async def fill_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page, and send it."""
    await page.fill("input[name=username]", username)
    await page.fill("input[name=password]", password)
    await page.get_by_role("button", name="Sign in").click()
