"""What the keyboard alone can do beyond the story: every stop of a page, lists, filters, and what was refused."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.pages.keyboard import MOST_STOPS, Keyboard, keyboard
from tests.running import Site
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

STOPS = """() => {
  const every = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex='0']";
  const wide = ["auto", "scroll"];
  const scrolls = one => wide.includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth;
  const name = one => one.type === "radio" ? `radio ${one.name}` : one.outerHTML.slice(0, 200);
  const seen = one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0;
  return {
    stops: [...new Set([...document.querySelectorAll(every)].filter(seen).map(name))],
    unreachable: [...document.querySelectorAll("main *")].filter(scrolls)
      .filter(one => one.tabIndex < 0 || !one.getAttribute("aria-label")).map(name),
  };
}"""
NOW = """() => {
  const now = document.activeElement;
  return now === document.body ? "" : now.type === "radio" ? `radio ${now.name}` : now.outerHTML.slice(0, 200);
}"""


async def round_of(who: Keyboard) -> None:
    """Tab goes to every control of the page, in their order, and leaves it at the end."""
    told = await who.page.evaluate(STOPS)
    assert told["unreachable"] == [], f"{who.page.url}: only a mouse scrolls these"
    met: list[str] = []
    for _ in range(MOST_STOPS):
        await who.page.keyboard.press("Tab")
        stop = await who.page.evaluate(NOW)
        if not stop:
            break
        await who.look_at({"kind": "", "text": stop})
        met.append(stop)
    assert sorted(set(met)) == sorted(told["stops"]), who.page.url
    assert list(dict.fromkeys(met)) == told["stops"], f"{who.page.url}: the order is another than that of the page"


@pytest.mark.slow
async def test_the_focus_goes_to_everything_in_its_order_and_is_caught_nowhere(
    browser: Browser, full_site: Site
) -> None:
    practitioner = await keyboard(browser, full_site.url, PRACTITIONERS[0].username)
    for path in ("/crs-homepage", "/find-interventions?search=ETE", "/probation-practitioner/dashboard",
                 "/report-a-problem", "/cookies"):  # fmt: skip
        await practitioner.go(path)
        await round_of(practitioner)
    caseworker = await keyboard(browser, full_site.url, CASEWORKERS[0].username)
    for path in ("/service-provider/dashboard/unassigned-cases", "/service-provider/performance-report",
                 "/service-provider/due"):  # fmt: skip
        await caseworker.go(path)
        await round_of(caseworker)
    await caseworker.go("/service-provider/dashboard/all-open-cases")
    await caseworker.page.set_viewport_size({"width": 320, "height": 900})
    await round_of(caseworker)
    for one in (practitioner, caseworker):
        await one.page.context.close()


@pytest.mark.slow
async def test_what_is_refused_has_the_focus_and_leads_to_the_answer(browser: Browser, full_site: Site) -> None:
    who = await keyboard(browser, full_site.url, PRACTITIONERS[1].username)  # of whom nothing typed here is kept
    await who.go("/report-a-problem")
    await who.press("Send report")
    await expect(who.page.locator(".govuk-error-summary")).to_be_focused()
    await who.page.keyboard.press("Tab")
    await who.page.keyboard.press("Enter")
    await expect(who.page.locator("#what")).to_be_focused()
    await who.page.context.close()


@pytest.mark.slow
async def test_lists_are_filtered_sorted_and_chosen_from(browser: Browser, full_site: Site) -> None:
    practitioner = await keyboard(browser, full_site.url, PRACTITIONERS[0].username)
    await practitioner.follow("Find interventions", within="header")
    await practitioner.see("Find interventions")
    await practitioner.choose("Accommodation", question="Service category")
    await practitioner.press("Filter results")
    await practitioner.follow(re.compile("^Remove the filter"))
    await expect(practitioner.page.locator(".moj-filter__tag")).to_have_count(0)
    caseworker = await keyboard(browser, full_site.url, CASEWORKERS[0].username)
    await caseworker.follow("Unassigned cases")
    await caseworker.see("Unassigned cases")
    await caseworker.follow("Referral number")
    await expect(caseworker.page.locator("[aria-sort=ascending]")).to_have_text("Referral number")
    boxes = await caseworker.page.get_by_role("checkbox").all()
    for box in boxes:
        await caseworker.tick(box)
    await caseworker.press("Assign selected referrals")
    await caseworker.see(re.compile(f"Assign {len(boxes)} referral"))
    for one in (practitioner, caseworker):
        await one.page.context.close()
