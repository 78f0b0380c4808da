"""Somebody at a browser: reads headings, fills in what labels ask for, presses buttons by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.pages.crawl import template_of

WIDTHS = (320, 1280)
LOOKED_AT: dict[str, tuple[str, str]] = {}
"""The pages that were checked, by their routes: id and title."""
SCREENSHOTS = os.environ.get("THROUGHCARE_SCREENSHOTS")
"""A folder in which pictures of every page are kept: at both widths and as printed."""


class Walker:
    """One person's browser. With ``looks`` every page that nobody has looked at yet is checked on the way."""

    def __init__(self, page: Page, site: str, *, looks: bool) -> None:
        self.page, self.site, self.looks = page, site, looks

    async def see(self, heading: str | re.Pattern[str]) -> None:
        """Be on a page with this heading, which is as a page must be."""
        await expect(self.page.locator("h1")).to_have_text(heading)
        if self.looks:
            await look(self.page)

    async def go(self, path: str) -> None:
        """Open an address."""
        await self.page.goto(f"{self.site}{path}")

    async def follow(self, name: str | re.Pattern[str], *, within: str = "main") -> None:
        """Follow the first link with this name."""
        await self.page.locator(within).get_by_role("link", name=name).first.click()

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Press the first button with this name."""
        await self.page.locator("main").get_by_role("button", name=name).first.click()

    async def type(self, answers: Mapping[str, str]) -> None:
        """Type into fields by their labels."""
        for label, text in answers.items():
            await self.page.locator("main").get_by_label(label, exact=True).locator("visible=true").first.fill(text)

    async def choose(self, *answers: str, question: str = "") -> None:
        """Choose answers of radios or checkboxes by their labels, under a question where several have the same."""
        where = self.page.locator("main")
        if question:
            where = where.get_by_role("group", name=question).last
        for one in answers:
            await where.get_by_label(one, exact=True).first.check()

    async def pick(self, name: str, number: int = 3) -> None:
        """Pick from a long list: by typing where scripts run, else from the list itself."""
        kept = self.page.locator(f"select[name={name}]")
        said = (await kept.locator("option").nth(number).inner_text()).strip()
        if await kept.is_visible():
            await kept.select_option(label=said)
            return
        await self.page.fill(f"input#{name}", said)
        await self.page.keyboard.press("Tab")

    async def page_id(self) -> str:
        """Which page it is."""
        return await self.page.locator("main").get_attribute("data-page") or ""

    async def date(self, prefix: str, day: date) -> None:
        """Type a date into three boxes."""
        for part, said in (("day", day.day), ("month", day.month), ("year", day.year)):
            await self.page.fill(f"#{prefix}-{part}", str(said))

    async def go_on(self, name: str = "Save and continue") -> None:
        """Press the main button."""
        await self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()


async def walker(browser: Browser, site: str, username: str, *, scripts: bool = True, looks: bool = True) -> Walker:
    """Somebody who has signed in."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
    )
    page = await context.new_page()
    context.set_default_timeout(15_000)
    await sign_in(page, site, username)
    return Walker(page, site, looks=looks and scripts)


async def look(page: Page) -> None:
    """axe at both widths, one h1 and one main, nothing wider than a phone, valid HTML; once for each route."""
    template = template_of(urlsplit(page.url).path)
    if template is None or template in LOOKED_AT:
        return
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        results = await Axe().run(page)
        assert results.violations_count == 0, f"{page.url} at {width} px: {results.generate_report()}"
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {width} px"
        await _keep(page, template, str(width))
    await page.emulate_media(media="print")
    await _keep(page, template, "print")
    await page.emulate_media(media="screen")
    assert await page.locator("h1").count() == 1, page.url
    assert await page.locator("main").count() == 1, page.url
    page_id = await page.locator("main").get_attribute("data-page")
    assert page_id, page.url
    ids = await page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)), f"{page.url}: {sorted(one for one in ids if ids.count(one) > 1)}"
    reply = await page.context.request.get(page.url, headers={"Accept": "text/html"})
    html5lib.HTMLParser(strict=True).parse(await reply.text())
    LOOKED_AT[template] = (page_id, await page.title())


async def _keep(page: Page, template: str, how: str) -> None:
    if SCREENSHOTS is not None:
        page_id = await page.locator("main").get_attribute("data-page")
        name = re.sub(r"[^a-z]+", "-", template.lower()).strip("-")
        await page.screenshot(path=Path(SCREENSHOTS) / f"{page_id} {name} {how}.png", full_page=True)
