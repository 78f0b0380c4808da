"""The pages of a referral in writing that no story comes by: what is changed, deleted, not known or gone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Browser

from tests.pages.answers import PRE_RELEASE, UNALLOCATED, answer_until, begin
from tests.pages.walker import Walker, check, check_errors, walker
from tests.running import Site
from throughcare.seeding.accounts import PRACTITIONERS

DETAILS = ("name", "email-address", "phone-number", "pdu", "office", "team-phone-number")
ANYTHING = re.compile(".")


@pytest.mark.slow
async def test_every_page_of_a_draft_is_as_a_page_must_be(browser: Browser, full_site: Site) -> None:
    who = await walker(browser, full_site.url, PRACTITIONERS[1].username)
    await begin(who, "X100109")
    await who.see(re.compile("allocated probation practitioner"))
    await who.page.go_back()
    await who.see("This page is no longer available")
    assert await who.page_id() == "DR-2"
    await who.go(f"{urlsplit(who.page.url).path.rpartition('/')[0]}/{UUID(int=1)}")
    await who.see("This page is no longer available")
    assert await who.page_id() == "DR-1"
    await who.go("/probation-practitioner/dashboard/draft-cases")
    await who.page.get_by_role("row").filter(has_text="X100109").get_by_role("link").first.click()
    await answer_until(who, "MR-05", PRE_RELEASE)
    draft = who.page.url.removesuffix("/form").removeprefix(full_site.url)
    await visit(who, draft, *(f"update-probation-practitioner-{one}" for one in DETAILS))
    await visit(who, draft, "delete-probation-practitioner/phone-number", "edit-oasys-risk-information")
    await visit(who, draft, "community-allocated-form")
    await answer_until(who, "MR-05", UNALLOCATED)
    await visit(who, draft, "confirm-main-point-of-contact", "reason-for-referral-before-allocation")
    await visit(who, draft, "change-expected-release-date", "expected-release-date-unknown")
    await visit(who, draft, "expected-probation-office", "expected-probation-office-unknown")
    await visit(who, draft, "check-all-referral-information")
    await who.press("Submit referral")
    await check_errors(who.page)
    await who.see(ANYTHING)
    await visit(who, draft, "delete")
    await who.press("Delete this draft")
    await who.see("Draft cases")
    assert "The draft was deleted." in await who.page.locator("main").inner_text()
    await who.go(draft + "/form")
    await who.see("Page not found")
    await who.page.context.close()


@pytest.mark.slow
async def test_a_search_for_nothing_is_refused_and_one_without_results_helps(browser: Browser, full_site: Site) -> None:
    who = await walker(browser, full_site.url, PRACTITIONERS[1].username)
    await who.go("/search?q=")
    await check_errors(who.page)
    for nowhere in ("/search?q=zzzzqq", "/probation-practitioner/dashboard/open-cases?case-search-text=Zq+Zq",
                    "/find-interventions?search=zzzzqq"):  # fmt: skip
        await who.go(nowhere)
        await check(who.page)
    await who.page.context.close()


async def visit(who: Walker, draft: str, *pages: str) -> None:
    """Open pages of a draft by their addresses."""
    for page in pages:
        await who.go(f"{draft}/{page}")
        await who.see(ANYTHING)
