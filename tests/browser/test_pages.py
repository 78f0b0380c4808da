"""Every page as people meet it: reachable, titled, without accessibility violations, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import AsyncIterator

import html5lib
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Response

from tests.browser.conftest import fill_in, sign_in
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, OPERATORS, PASSWORD, PRACTITIONERS, SUPPORTERS

WIDTHS = (320, 1280)
OPERATOR = OPERATORS[0].username
LISTEN = """element => {
    window.scrolled = new Promise(done => element.addEventListener("scroll", () => done(element.scrollLeft)));
}"""


async def check(page: Page, reply: Response | None = None) -> None:
    """axe, one h1, a title, valid HTML, nothing wider than the screen."""
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        results = await Axe().run(page)
        assert results.violations_count == 0, f"{page.url} at {width} px: {results.generate_report()}"
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
            f"{page.url} at {width} px"
        )
    assert await page.locator("h1").count() == 1
    assert (await page.title()).endswith(" – throughcare")
    if reply is None:
        reply_text = await (await page.context.request.get(page.url, headers={"Accept": "text/html"})).text()
    else:
        reply_text = await reply.text()
    html5lib.HTMLParser(strict=True).parse(reply_text)


@pytest.fixture(scope="module")
async def operator(browser: Browser, site: str) -> AsyncIterator[Page]:
    """A page of a browser in which the operator is signed in."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await sign_in(page, site, OPERATOR)
    yield page
    await context.close()


async def test_a_wrong_password_and_a_locked_account_get_one_clear_message(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    await page.goto(f"{site}/")
    await check(page)
    username = PRACTITIONERS[1].username
    token = await page.input_value("input[name=csrf_token]")
    wrong: dict[str, str | float | bool] = {"username": username, "password": "not the password", "csrf_token": token}
    for _ in range(9):
        assert (await page.request.post(f"{site}/auth/sign-in", form=wrong)).status == 400
    for password in ("not the password", PASSWORD):
        await fill_in(page, username, password)
    assert await page.title() == "Error: Sign in – throughcare"
    summary = page.locator(".govuk-error-summary")
    assert await summary.get_by_role("link").inner_text() == "Enter the correct username and password"
    assert await summary.evaluate("element => element === document.activeElement")
    assert await page.input_value("input[name=username]") == username
    assert await page.input_value("input[name=password]") == ""
    await check(page)
    assert all("400" in one for one in complaints), complaints


async def test_a_password_can_be_shown_before_it_is_sent(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await page.goto(f"{site}/sign-in")
    await page.fill("input[name=password]", "secret")
    await page.get_by_role("button", name="Show password").click()
    assert await page.get_attribute("input[name=password]", "type") == "text"
    await page.get_by_role("button", name="Hide password").click()
    assert await page.get_attribute("input[name=password]", "type") == "password"


@pytest.mark.parametrize(
    ("username", "heading", "tells"),
    [
        (PRACTITIONERS[0].username, "Commissioned Rehabilitative Services (CRS)", "Find a referral"),
        (CASEWORKERS[0].username, "My cases", "My cases"),
        (SUPPORTERS[0].username, "Support", "Reported problems"),
        (EDITORS[0].username, "My services", "Prime provider"),
        (OPERATOR, "Throughcare", "All well"),
    ],
)
async def test_home_is_for_the_role_of_who_signed_in(
    visitor: BrowserContext, site: str, username: str, heading: str, tells: str
) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, username)
    assert await page.locator("h1").inner_text() == heading
    assert tells in await page.locator("main").inner_text()
    await check(page)


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/console", "Console"), ("/inbox", "Messages"), ("/inbox?to=nobody", "Messages"), ("/nowhere", "Page not found"),
     ("/inbox?older=x", "Something in the request is wrong"), ("/console/outbox/prison", "Publish what prison gave up"),
     ("/auth/oauth2/authorize", "There is a problem with the service that you came from"),
     ("/auth/nowhere", "Page not found"), ("/sign-in/callback", "You were not signed in"),
     ("/console/consumers", "Outside bodies"), ("/console/consumers/mapps-demo", "mapps-demo"),
     ("/console/consumers/mapps-demo/retry", "Try again what mapps-demo did not get"),
     ("/console/consumers/mapps-demo/retry?position=1", "Try delivery 1 again"),
     ("/console/consumers/mapps-demo/suspension", "Suspend mapps-demo"),
     ("/console/consumers/nobody", "Page not found")],
)  # fmt: skip
async def test_operators_pages_are_accessible_at_both_widths(
    operator: Page, site: str, path: str, heading: str
) -> None:
    reply = await operator.goto(f"{site}{path}")
    assert await operator.locator("h1").inner_text() == heading
    await check(operator, reply)


async def test_a_wide_table_is_scrolled_by_keyboard(operator: Page, site: str) -> None:
    await operator.set_viewport_size({"width": 320, "height": 900})
    await operator.goto(f"{site}/console")
    table = operator.get_by_role("region", name="Services")
    await table.focus()
    await table.evaluate(LISTEN)
    await operator.keyboard.press("ArrowRight")
    assert await operator.evaluate("window.scrolled") > 0


async def test_from_the_latest_events_to_all_that_one_request_caused(operator: Page, site: str) -> None:
    await operator.goto(f"{site}/console")
    steps = operator.locator(".tc-steps__step")
    for link in await operator.locator('a[href^="/console/events/"]').evaluate_all("all => all.map(one => one.href)"):
        await operator.goto(link)
        if await steps.count() > 1:
            break
    assert await steps.count() > 1
    assert await operator.locator(".tc-steps__step:target").count() == 1
    assert "All settled" in await operator.locator("main").inner_text()
    await check(operator)


async def test_from_an_event_to_what_each_consumer_was_told(operator: Page, site: str) -> None:
    await operator.goto(f"{site}/console")
    chains = await operator.locator('a[href^="/console/events/"]').evaluate_all("all => all.map(one => one.href)")
    for chain in dict.fromkeys(one.partition("#")[0] for one in chains):
        await operator.goto(chain)
        link = operator.locator('a[href*="/told/"]').first
        if await link.count():
            break
    await link.click()
    assert await operator.locator("h1").inner_text() == "What outside bodies were told"
    await check(operator)
    told = operator.url
    await operator.locator('a[href^="/console/notifications/"]').first.click()
    assert (await operator.locator("h1").inner_text()).startswith("Notification ")
    await check(operator)
    await operator.goto(told)
    await operator.get_by_role("link", name="What one request caused").click()
    assert await operator.locator(".tc-steps__step:target").count() == 1


async def test_a_message_can_be_read_as_its_reader_sees_it(operator: Page, site: str) -> None:
    await operator.goto(f"{site}/inbox")
    await operator.locator('tbody a[href^="/inbox/"]').first.click()
    frame = operator.frame_locator("iframe")
    assert await frame.locator("body").inner_text()
    await check(operator)
    async with operator.context.expect_page() as opened:
        await frame.get_by_role("link").first.click()
    beside = await opened.value
    assert beside.url.startswith(f"{site}/")
    await beside.close()


async def test_everything_works_without_scripts(browser: Browser, site: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, OPERATOR, "/inbox?to=nobody")
    assert page.url == f"{site}/inbox?to=nobody", "a deep link leads through sign-in to where it points"
    await page.get_by_label("Recipient").fill("alex.rivers")
    await page.get_by_role("button", name="Find messages").click()
    assert await page.locator("tbody tr").count() > 0
    await page.get_by_role("button", name="Sign out").click()
    assert await page.locator("h1").inner_text() == "You have been signed out"
    await page.go_back()
    assert await page.locator("h1").inner_text() == "Sign in", "going back shows nothing of the visit"
    await context.close()


async def test_a_page_that_is_not_for_ones_role_says_so(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, PRACTITIONERS[0].username)
    reply = await page.goto(f"{site}/console")
    assert reply is not None
    assert reply.status == 403
    assert await page.locator("h1").inner_text() == "You do not have permission to view this page"
    await check(page)


async def test_signing_out_ends_the_visit(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, CASEWORKERS[1].username)
    await page.get_by_role("button", name="Sign out").click()
    await check(page)
    await page.goto(f"{site}/")
    assert await page.locator("input[name=password]").count() == 1
