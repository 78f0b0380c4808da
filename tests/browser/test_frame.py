"""What scripts add to every page: typing is kept, long lists are searched, nobody is signed out without a warning."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, Route, expect
from starlette.datastructures import ImmutableMultiDict

from tests.browser.conftest import sign_in
from tests.browser.test_pages import check
from throughcare.kit.web.pages import environment
from throughcare.kit.web.static import asset
from throughcare.seeding.accounts import PRACTITIONERS, SUPPORTERS
from throughcare.ui.fields import Pick
from throughcare.ui.form import PageForm

pytestmark = pytest.mark.long

KEPT, NOT_KEPT = re.compile("^Saved at [0-9:]+[ap]m$|^Saved at mid"), "Not saved yet"
STATUS = "[data-autosave-status]"
OFFICES = [("A", "Leeds: Waterloo House"), ("B", "Derby: Derwent Centre"), ("C", "Leeds: Kirkstall Road")]
LIST = """<!doctype html><html lang="en"><head><title>List</title><link rel="stylesheet" href="{{ style }}"></head>
<body class="govuk-template__body"><main><h1>List</h1><form method="get">
{% import "form/fields.html" as f with context %}{{ f.pick(form.office, "Office", hint="Where you meet") }}
<button>Send</button></form></main><script type="module" src="{{ script }}"></script></body></html>"""


class OfficeForm(PageForm):
    """A long list."""

    office = Pick(required="Select an office", choices=OFFICES)


@pytest.fixture
async def practitioner(visitor: BrowserContext, site: str) -> Page:
    """A page of a browser in which the practitioner is signed in."""
    page = await visitor.new_page()
    await sign_in(page, site, PRACTITIONERS[0].username)
    return page


@pytest.mark.parametrize(
    "path",
    ["/accessibility-statement", "/cookies", "/privacy", "/probation-practitioner/whats-new", "/drafts",
     "/report-a-problem"],
)  # fmt: skip
async def test_pages_about_the_service_are_accessible_at_both_widths(practitioner: Page, site: str, path: str) -> None:
    await practitioner.goto(f"{site}{path}")
    await check(practitioner)


async def test_pages_of_support_are_accessible_at_both_widths(visitor: BrowserContext, site: str) -> None:
    page = await visitor.new_page()
    await sign_in(page, site, SUPPORTERS[0].username)
    await check(page)
    for path in ("/support/problems", "/support/banners"):
        await page.goto(f"{site}{path}")
        await check(page)
    await page.get_by_role("button", name="Add a banner").click()
    await check(page)


async def test_what_is_typed_is_kept_when_one_leaves_a_field_and_comes_back(practitioner: Page, site: str) -> None:
    await practitioner.goto(f"{site}/report-a-problem")
    await practitioner.fill("#what", "Half a sentence")
    await practitioner.focus("#page-address")
    await expect(practitioner.locator(STATUS)).to_have_text(KEPT)
    await practitioner.goto(f"{site}/report-a-problem")
    assert await practitioner.input_value("#what") == "Half a sentence"
    await practitioner.route("**/typed/kept*", lambda route: route.abort())
    await practitioner.fill("#what", "A whole sentence")
    await practitioner.focus("#page-address")
    await expect(practitioner.locator(STATUS)).to_have_text(NOT_KEPT)
    await practitioner.unroute("**/typed/kept*")
    await practitioner.focus("#what")
    await expect(practitioner.locator(STATUS)).to_have_text(KEPT)
    await practitioner.get_by_role("button", name="Start again from what is saved").click()
    assert await practitioner.input_value("#what") == ""


async def test_what_is_typed_is_kept_every_ten_seconds(practitioner: Page, site: str) -> None:
    await practitioner.clock.install()
    await practitioner.goto(f"{site}/report-a-problem")
    await practitioner.fill("#what", "Still typing")
    await practitioner.clock.run_for(10_000)
    await expect(practitioner.locator(STATUS)).to_have_text(KEPT)


async def test_the_summary_of_errors_gets_the_focus(practitioner: Page, site: str) -> None:
    await practitioner.goto(f"{site}/report-a-problem")
    await practitioner.fill("#what", "")
    await practitioner.get_by_role("button", name="Send report").click()
    summary = practitioner.locator(".govuk-error-summary")
    assert await summary.evaluate("element => element === document.activeElement")


async def test_one_is_warned_before_being_signed_out_and_can_stay(practitioner: Page, site: str) -> None:
    dialog, told = practitioner.locator("dialog[open]"), practitioner.locator("[data-announce]")
    await practitioner.clock.install()
    await practitioner.goto(f"{site}/cookies")
    await practitioner.clock.fast_forward("01:54:00")
    assert await dialog.count() == 0
    await practitioner.clock.fast_forward("01:30")
    await dialog.wait_for()
    assert (await Axe().run(practitioner)).violations_count == 0
    assert await told.inner_text() == "We will sign you out in 5 minutes."
    for minutes, words in (("02:31", "2 minutes"), ("01:00", "1 minute")):
        await practitioner.clock.fast_forward(minutes)
        await practitioner.clock.run_for(1_000)
        assert await told.inner_text() == f"We will sign you out in {words}."
    await practitioner.get_by_role("button", name="Stay signed in").click()
    await dialog.wait_for(state="detached")
    await practitioner.clock.fast_forward("01:56:00")
    await practitioner.clock.run_for(1_000)
    await practitioner.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await practitioner.clock.fast_forward("02:00:01")
    await practitioner.clock.run_for(1_000)
    await practitioner.wait_for_url("**/sign-out/success")


async def listed(
    browser: Browser, site: str, value: str = "", *, sent: str = "", wrong: bool = False, scripts: bool = True
) -> Page:
    """A page with nothing but the list of offices: as it is opened with ``value``, or comes back with what was sent."""
    form = OfficeForm(ImmutableMultiDict({"office": sent}) if sent else None, data={"office": value})
    if wrong:
        form.office.errors = ["Select an office"]
    template = environment("throughcare.ui").from_string(LIST)
    html = template.render(form=form, style=asset("throughcare.css", ""), script=asset("throughcare.js", ""))

    async def answer(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page = await (await browser.new_context(java_script_enabled=scripts)).new_page()
    await page.route(lambda url: "/list" in url, answer)
    await page.goto(f"{site}/list")
    return page


async def test_a_long_list_is_searched_by_any_of_its_words(browser: Browser, site: str) -> None:
    page = await listed(browser, site)
    field, held = page.locator("input").and_(page.get_by_role("combobox", name="Office")), page.locator("select")
    assert await field.input_value() == "", "the words that ask for a choice are no choice"
    assert "office-hint" in (await field.get_attribute("aria-describedby") or "")
    await field.fill("road leeds")
    [option] = await page.get_by_role("option").all_inner_texts()
    assert option.startswith("Leeds: Kirkstall Road")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert await held.input_value() == "C"
    assert "office-hint" in (await field.get_attribute("aria-describedby") or "")
    await field.fill("")
    await page.keyboard.press("Tab")
    assert await held.input_value() == "", "clearing the field takes the choice back"
    await field.fill("DERBY: derwent centre")
    await page.keyboard.press("Tab")
    assert await held.input_value() == "B"
    await field.fill("Nowhere")
    await page.keyboard.press("Tab")
    assert await held.input_value() == "Nowhere", "what is not in the list is sent and refused, not lost"
    await field.fill("")
    await page.keyboard.press("Tab")
    assert await held.input_value() == ""
    await page.context.close()


async def test_a_long_list_with_an_error_is_tied_to_it_and_keeps_its_choice(browser: Browser, site: str) -> None:
    page = await listed(browser, site, "B", wrong=True)
    field = page.locator("input").and_(page.get_by_role("combobox", name="Office"))
    assert await field.input_value() == "Derby: Derwent Centre"
    described = (await field.get_attribute("aria-describedby") or "").split()
    assert {"office-hint", "office-error"} <= {*described}
    assert "govuk-input--error" in (await field.get_attribute("class") or "")
    assert await field.get_attribute("id") == "office", "the summary of errors leads to it"
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    await page.context.close()


async def test_what_is_not_in_a_long_list_comes_back_beside_its_error(browser: Browser, site: str) -> None:
    page = await listed(browser, site, sent="Nowhere", wrong=True)
    field, held = page.locator("input").and_(page.get_by_role("combobox", name="Office")), page.locator("select")
    assert await field.input_value() == "Nowhere"
    assert await held.input_value() == "Nowhere", "it is refused again unless it is changed"
    await field.fill("derby: derwent centre")
    await page.keyboard.press("Tab")
    assert await held.input_value() == "B"
    await page.context.close()


async def test_without_scripts_a_long_list_is_a_list(browser: Browser, site: str) -> None:
    page = await listed(browser, site, scripts=False)
    assert await page.locator("select").is_visible()
    await page.get_by_label("Office").select_option("Leeds: Kirkstall Road")
    assert await page.locator("select").input_value() == "C"
    await page.context.close()
