"""One draft open in two tabs of a browser: neither writes over the other unseen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_pages import check
from tests.pages.walker import Walker, walker
from tests.running import Site
from throughcare.seeding.accounts import PRACTITIONERS


@pytest.mark.slow
async def test_the_later_save_tells_what_was_saved_and_asks(browser: Browser, full_site: Site) -> None:
    one = await walker(browser, full_site.url, PRACTITIONERS[0].username)
    await one.go("/probation-practitioner/dashboard/draft-cases")
    await one.touch(one.page.get_by_role("row").get_by_role("link").first)
    await one.see(re.compile("."))
    reason = one.page.url.removeprefix(full_site.url).replace("/form", "/reason-for-referral")
    other = Walker(await one.page.context.new_page(), full_site.url, looks=False)
    for tab in (one, other):
        await tab.go(reason)
    for tab, said in ((one, "Needs work."), (other, "Wants to move.")):
        await tab.fill("#reason-for-referral", said)
        await tab.fill("#reason-for-referral-further-information", "Mornings are best.")
    await one.go_on()
    await expect(one.page.locator("main")).not_to_have_attribute("data-page", "MR-33")
    await other.go_on()
    await expect(other.page.locator(".govuk-error-summary")).to_contain_text("You changed this at")
    await expect(other.page.locator("#reason-for-referral-instead")).to_contain_text("Needs work.")
    await expect(other.page.locator("#reason-for-referral")).to_have_value("Wants to move.")
    await check(other.page)
    await other.press("Use what is saved")
    await expect(other.page.locator("#reason-for-referral")).to_have_value("Needs work.")
    await one.page.context.close()
