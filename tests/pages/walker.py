"""Somebody at a browser: reads headings, fills in what labels ask for, presses buttons by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import sign_in
from tests.pages.crawl import template_of
from tests.pages.record import first
from tests.pages.wrong import EMPTY, WRONG

WIDTHS = (320, 1280)
AXE: Mapping[str, object] = {"resultTypes": ["violations"]}
WITHOUT_CONTRAST = {**AXE, "rules": {"color-contrast": {"enabled": False}}}
"""Colours are the same at every width, and measuring them is most of what axe does: once is enough."""
SEEN: list[tuple[str, dict[str, str]]] = []
"""Where each page was seen that was checked on this site, and the cookies of whoever saw it."""
SCREENSHOTS = os.environ.get("THROUGHCARE_SCREENSHOTS")
"""A folder in which pictures of every page are kept: at both widths and as printed."""

DEAD_END = re.compile("problem-|DR-|ERR-|not-sent")
FORM = "main form:has(input[name=request_id])"
ANSWERS = f"""[...document.querySelector("{FORM}")?.elements ?? []].filter(
  one => one.name && !["hidden", "submit"].includes(one.type)
)"""
ASKS = f"{ANSWERS}.length > 0"
ANSWER = f"""wrong => {ANSWERS}.forEach(one => {{
  const said = wrong[one.name] ?? "";
  if (["checkbox", "radio"].includes(one.type)) one.checked = said === one.value;
  else if (one.type === "select-one" && said) one.add(new Option(said, said, true, true));
  else one.value = said;
}})"""
UNFOLD = f"""document.querySelector("{FORM}").closest("details")?.setAttribute("open", "")"""
SUMMARY_IN_FOCUS = "document.activeElement.matches('.govuk-error-summary')"
LEADS_ASTRAY = """() => {
  const beside = [...document.querySelectorAll("main .govuk-error-message")].map(one => one.textContent);
  return [...document.querySelectorAll(".govuk-error-summary a")].filter(one => {
    if (one.getAttribute("href").startsWith("/")) return false;
    const led = document.getElementById(one.hash.slice(1));
    const answers = led !== null && led.matches("input, select, textarea, button, a") && led.checkVisibility();
    return !answers || !beside.some(text => text.includes(one.textContent.trim()));
  }).map(one => `${one.textContent.trim()} ${one.hash}`);
}"""
"""Errors of the summary that lead to no answer, nor to the page of one, or are not said beside it."""


class Walker:
    """One person's browser. With ``looks`` every page that nobody has looked at yet is checked on the way."""

    def __init__(self, page: Page, site: str, *, looks: bool, scripts: bool = True) -> None:
        self.page, self.site, self.looks, self.scripts = page, site, looks, scripts

    async def see(self, heading: str | re.Pattern[str]) -> None:
        """Be on a page with this heading, which is as a page must be, also when it is sent wrong."""
        await expect(self.page.locator("h1")).to_have_text(heading)
        if self.looks:
            await look(self.page)
            await look_at_errors(self.page)

    async def go(self, path: str) -> None:
        """Open an address."""
        await self.page.goto(f"{self.site}{path}")

    async def touch(self, control: Locator) -> None:
        """Follow a link, or press a button."""
        await control.click()

    async def write(self, control: Locator, text: str) -> None:
        """Type into a field, in place of what it says."""
        await control.fill(text)

    async def tick(self, control: Locator) -> None:
        """Choose a radio or a checkbox."""
        await control.check()

    async def take(self, control: Locator, label: str) -> None:
        """Take an answer of a list."""
        await control.select_option(label=label)

    async def follow(self, name: str | re.Pattern[str], *, within: str = "main") -> None:
        """Follow the first link with this name."""
        await self.touch(self.page.locator(within).get_by_role("link", name=name).first)

    async def press(self, name: str | re.Pattern[str]) -> None:
        """Press the first button with this name."""
        await self.touch(self.page.locator("main").get_by_role("button", name=name).first)

    async def fill(self, where: str, text: str) -> None:
        """Type into the field at a selector."""
        await self.write(self.page.locator(where), text)

    async def check(self, where: str) -> None:
        """Choose the first answer at a selector that can be seen."""
        await self.tick(self.page.locator(where).locator("visible=true").first)

    async def type(self, answers: Mapping[str, str]) -> None:
        """Type into fields by their labels."""
        for label, text in answers.items():
            field = self.page.locator("main").get_by_label(label, exact=True).locator("visible=true").first
            await self.write(field, text)

    async def choose(self, *answers: str, question: str = "") -> None:
        """Choose answers of radios or checkboxes by their labels, under a question where several have the same."""
        where = self.page.locator("main")
        if question:
            where = where.get_by_role("group", name=question).last
        for one in answers:
            await self.tick(where.get_by_label(one, exact=True).first)

    async def pick(self, name: str, number: int = 3) -> None:
        """Pick from a long list: by typing where scripts run, else from the list itself."""
        kept = self.page.locator(f"select[name={name}]")
        said = (await kept.locator("option").nth(number).inner_text()).strip()
        if not self.scripts:
            await self.take(kept, said)
            return
        await self.write(self.page.locator(f"input#{name}"), said)
        await self.page.keyboard.press("Tab")

    async def page_id(self) -> str:
        """Which page it is."""
        return await self.page.locator("main").get_attribute("data-page") or ""

    async def date(self, prefix: str, day: date) -> None:
        """Type a date into three boxes."""
        for part, said in (("day", day.day), ("month", day.month), ("year", day.year)):
            await self.fill(f"#{prefix}-{part}", str(said))

    async def go_on(self, name: str = "Save and continue") -> None:
        """Press the main button."""
        await self.touch(self.page.locator("main").get_by_role("button", name=name, exact=True).first)


async def walker(browser: Browser, site: str, username: str, *, scripts: bool = True, looks: bool = True) -> Walker:
    """Somebody who has signed in."""
    context: BrowserContext = await browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts
    )
    page = await context.new_page()
    context.set_default_timeout(15_000)
    await sign_in(page, site, username)
    return Walker(page, site, looks=looks and scripts, scripts=scripts)


async def look(page: Page, text: str = "") -> None:
    """What ``check`` says, and valid HTML; once for each page of each route. axe looks once at each page of each side.

    ``text`` is the page as it was answered, where its address would not answer with the same again.
    """
    template, page_id = await _which(page)
    if not first("page", template, page_id, title=await page.title()):
        return
    side = template.split("/")[1] if "/" in template else ""
    await check(page, axe=first("axe", side, page_id))
    if not text:
        text = await (await page.context.request.get(page.url, headers={"Accept": "text/html"})).text()
    html5lib.HTMLParser(strict=True).parse(text)
    cookies = await page.context.cookies(page.url)
    SEEN.append((page.url, {one["name"]: one["value"] for one in cookies}))


async def look_at_errors(page: Page) -> None:
    """The form of this page, sent wrong in a tab of its own; once for each page, whatever its route.

    Nothing where it asks nothing.
    """
    _, page_id = await _which(page)
    wrong = WRONG.get(page_id, EMPTY)
    if wrong is None or not await page.evaluate(ASKS) or not first("errors", page_id):
        return
    tab = await page.context.new_page()
    try:
        await tab.goto(page.url)
        await tab.evaluate(UNFOLD)
        await tab.evaluate(ANSWER, wrong)
        async with tab.expect_navigation() as sent:
            await tab.locator(f"{FORM} button.govuk-button:not(.govuk-button--secondary)").first.click()
        reply = await sent.value
        assert (await _which(tab))[1] == page_id, f"{page.url} was not refused, and led to {tab.url}"
        html5lib.HTMLParser(strict=True).parse(await reply.text())
        await check_errors(tab)
    finally:
        await tab.close()


async def check_errors(page: Page) -> None:
    """A page that refuses answers: its title says so, its summary leads to each of them, where the same is said."""
    assert (await page.title()).startswith("Error: "), page.url
    assert await page.evaluate(SUMMARY_IN_FOCUS), page.url
    astray = await page.evaluate(LEADS_ASTRAY)
    assert astray == [], f"{page.url}: {astray}"
    await check(page, "error ", WIDTHS[:1])


async def _which(page: Page) -> tuple[str, str]:
    """The route of a page and its id: one route can have several pages. A dead end has no route, but its id."""
    page_id = await page.locator("main").get_attribute("data-page") or ""
    route = None if DEAD_END.match(page_id) else template_of(urlsplit(page.url).path)
    return route or page_id, page_id


async def check(page: Page, how: str = "", widths: Sequence[int] = WIDTHS, *, axe: bool = True) -> None:
    """axe at these widths, one h1 and one main, no id twice, nothing wider than a phone."""
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 900})
        if axe:
            results = await Axe().run(page, options=AXE if width == WIDTHS[-1] else WITHOUT_CONTRAST)
            assert results.violations_count == 0, f"{page.url} at {width} px: {results.generate_report()}"
        wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide at {width} px"
        await _keep(page, f"{how}{width}")
    await page.emulate_media(media="print")
    await _keep(page, f"{how}print")
    await page.emulate_media(media="screen")
    assert await page.locator("h1").count() == 1, page.url
    assert await page.locator("main[data-page]").count() == 1, page.url
    ids = await page.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)), f"{page.url}: {sorted(one for one in ids if ids.count(one) > 1)}"


async def _keep(page: Page, how: str) -> None:
    if SCREENSHOTS is not None:
        template, page_id = await _which(page)
        name = re.sub(r"[^a-z]+", "-", template.lower()).strip("-")
        await page.screenshot(path=Path(SCREENSHOTS) / f"{page_id} {name} {how}.png", full_page=True)
