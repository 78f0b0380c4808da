"""Somebody who uses the keyboard alone, and sees at every stop where they are."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.pages.walker import Walker
from throughcare.seeding.accounts import PASSWORD

MOST_STOPS, PATIENCE = 400, 3_000
HERE, AMONG, START = "here", "among", "start"
STOP = """wanted => {
  const now = document.activeElement;
  const ahead = Boolean(now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (now === document.body) return {way: "start"};
  if (now.tabIndex < 0) return {way: "beyond", ahead, kind: "", nth: 0};
  const among = now.type === "radio" && wanted.type === "radio" && now.name === wanted.name;
  return {
    way: now === wanted ? "here" : among ? "among" : "beyond", ahead,
    kind: `${now.tagName} ${now.type ?? ""} ${now.className}`, text: now.outerHTML.slice(0, 160),
    nth: [...document.querySelectorAll("*")].indexOf(now),
  };
}"""
SHOWN = """() => {
  const now = document.activeElement, box = now.getClientRects()[0];
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const over = document.elementFromPoint(x, y);
  return now.tabIndex < 0 || over !== null && (now.contains(over) || over.closest("label")?.control === now);
}"""
BEYOND = """main => main.contains(document.activeElement) ||
  Boolean(main.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""
LOOKS = """() => {
  const now = document.activeElement;
  const look = () => [[now], [now, "::before"], [now.labels?.[0] ?? now, "::before"]].map(one => {
    const style = getComputedStyle(...one);
    return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor].join();
  }).join(";");
  const focused = look();
  now.blur();
  const left = look();
  now.focus();
  return focused !== left;
}"""


class Keyboard(Walker):
    """One person's browser, to which nothing is said but by keys. Every stop on the way is looked at."""

    marked = {""}
    """The kinds of stops of which it is known that they look otherwise while they have the focus."""

    async def touch(self, control: Locator) -> None:
        """Go to a link and press Enter; to a button, and press Space."""
        await self.reach(control)
        key = "Space" if await control.evaluate("one => one.tagName === 'BUTTON' || one.role === 'button'") else "Enter"
        async with self.page.expect_navigation():
            await self.page.keyboard.press(key)

    async def write(self, control: Locator, text: str) -> None:
        """Go to a field and type."""
        await self.reach(control)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)
        await expect(control).to_have_value(text)

    async def tick(self, control: Locator) -> None:
        """Go to an answer, with the arrows among radios, and press Space unless it is chosen."""
        await self.reach(control)
        if not await control.is_checked():
            await self.page.keyboard.press("Space")
        assert await control.is_checked()

    async def take(self, control: Locator, label: str) -> None:
        """Go to a list and type what it shall say."""
        await self.reach(control)
        await self.page.keyboard.type(label)
        assert await control.evaluate("one => one.selectedOptions[0].text") == label

    async def reach(self, control: Locator) -> None:
        """Go from stop to stop until it has the focus. Raises AssertionError where no key leads on."""
        await control.wait_for()
        before = None
        for _ in range(MOST_STOPS):
            stop = await control.evaluate(STOP)
            if stop["way"] == START:
                await skip(self.page)
                continue
            await self.look_at(stop)
            if stop["way"] == HERE:
                return
            assert stop["nth"] != before, f"the focus does not leave {stop['text']}"
            before = stop["nth"]
            keys = ("ArrowDown", "ArrowUp") if stop["way"] == AMONG else ("Tab", "Shift+Tab")
            await self.page.keyboard.press(keys[0] if stop["ahead"] else keys[1])
        raise AssertionError(f"{control} is not reached")

    async def look_at(self, stop: dict[str, Any]) -> None:
        """Where the focus is can be seen: it lies open, and looks otherwise than without the focus."""
        try:
            await self.page.wait_for_function(SHOWN, timeout=PATIENCE)
        except PlaywrightTimeoutError:
            raise AssertionError(f"{self.page.url}: the focus is hidden at {stop['text']}") from None
        if stop["kind"] not in self.marked:
            assert await self.page.evaluate(LOOKS), f"{self.page.url}: nothing shows the focus at {stop['text']}"
            self.marked.add(stop["kind"])


async def skip(page: Page) -> None:
    """The first stop of a page is the link to what it is about, after which the next one lies there."""
    await page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    await expect(link).to_be_focused()
    await expect(link).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#main-content$"))
    await page.keyboard.press("Tab")
    assert await page.locator("main").evaluate(BEYOND), f"{page.url}: the link skips nothing"


async def keyboard(browser: Browser, site: str, username: str) -> Keyboard:
    """Somebody who has signed in by the keyboard alone."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    made = Keyboard(await context.new_page(), site, looks=False)
    await made.go("/")
    await made.fill("input[name=username]", username)
    await made.fill("input[name=password]", PASSWORD)
    await made.press("Sign in")
    return made
