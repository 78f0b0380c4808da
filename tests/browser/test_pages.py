"""Every page as people meet it: reachable, titled, without accessibility violations, on a phone and on a desk."""

from __future__ import annotations

import html5lib
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page

from tests.browser.conftest import sign_in
from throughcare.seeding.accounts import CASEWORKERS, OPERATORS, PRACTITIONERS

WIDTHS = (320, 1280)


async def check(page: Page) -> None:
    """axe, one h1, a title, valid HTML, nothing wider than the screen, no complaint of the browser's."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        results = await Axe().run(page)
        assert results.violations_count == 0, f"{page.url} at {width} px: {results.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{page.url} at {width} px"
        )
    assert await page.locator("h1").count() == 1
    assert await page.title()
    source = await (await page.context.request.get(page.url, headers={"Accept": "text/html"})).text()
    html5lib.HTMLParser(strict=True).parse(source)


async def test_signing_in_is_refused_with_a_clear_message_and_then_works(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{site}/")
    await check(page)
    await page.fill("input[name=username]", OPERATORS[0].username)
    await page.fill("input[name=password]", "not the password")
    await page.click("main button[type=submit]")
    assert await page.locator(".govuk-error-summary").count() == 1
    assert await page.input_value("input[name=username]") == OPERATORS[0].username
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert all("400" in one or "401" in one for one in complaints), complaints


@pytest.mark.parametrize(
    ("username", "heading"),
    [
        (PRACTITIONERS[0].username, "Refer and monitor an intervention"),
        (CASEWORKERS[0].username, "Manage referrals"),
        (OPERATORS[0].username, "Throughcare"),
    ],
)
async def test_home_is_for_the_role_of_who_signed_in(
    visitor: BrowserContext, site: str, username: str, heading: str
) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, username)
    assert await page.locator("h1").inner_text() == heading
    await check(page)


@pytest.mark.parametrize("path", ["/console", "/inbox", "/nowhere"])
async def test_operators_pages_are_accessible_at_both_widths(visitor: BrowserContext, site: str, path: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, OPERATORS[0].username)
    await page.goto(f"{site}{path}")
    await check(page)


async def test_from_the_latest_events_to_all_that_one_request_caused(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, OPERATORS[0].username, "/console")
    await page.goto(f"{site}/console")
    await page.locator('a[href^="/console/events/"]').first.click()
    assert await page.locator("tbody tr").count() > 1
    await check(page)


async def test_a_message_can_be_read_as_its_reader_sees_it(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, OPERATORS[0].username, "/inbox")
    await page.locator('tbody a[href^="/inbox/"]').first.click()
    frame = page.frame_locator("iframe")
    assert await frame.locator("body").inner_text()
    await check(page)


async def test_a_practitioner_cannot_see_the_console(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, PRACTITIONERS[0].username)
    reply = await page.goto(f"{site}/console")
    assert reply is not None
    assert reply.status == 403
    assert await page.locator("h1").inner_text() == "You cannot see this page"


async def test_signing_out_ends_the_visit(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, OPERATORS[0].username)
    await page.get_by_role("link", name="Sign out").click()
    await page.goto(f"{site}/console")
    assert await page.locator("input[name=password]").count() == 1
