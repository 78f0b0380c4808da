"""Every page of a sent referral: as both sides read it, change it, write about it and end it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from icalendar import Calendar
from playwright.async_api import Browser

from tests.pages.answers import TODAY
from tests.pages.crawl import PAGE, Crawler, crawler
from tests.pages.test_story import book
from tests.pages.walker import Walker, check, walker
from tests.running import Site
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS
from throughcare.ui.amendment.model import AMENDMENTS

PRACTITIONER, PROVIDER = SIDES = ("probation-practitioner", "service-provider")
ACCOUNTS = {PRACTITIONER: PRACTITIONERS[0], PROVIDER: CASEWORKERS[0]}
ID = "([0-9a-f]{8}-[0-9a-f-]{27})"
ANYTHING = re.compile(".")
LONG_WORD = "Supercalifragilisticexpialidocious" * 7


@dataclass(frozen=True)
class Histories:
    """Referrals of one practitioner, each in another state, by their ids."""

    waiting: str
    booked: str
    under_way: str
    completed: str
    ended: str


@pytest.fixture(scope="module")
async def histories(full_site: Site) -> Histories:
    """Those that the seeded world has."""
    who = crawler(full_site.url)
    async with who.http:
        await who.sign_in(ACCOUNTS[PRACTITIONER].username)
        going_on, over = await progress_of(who, "open-cases"), await progress_of(who, "completed-cases")
        return Histories(
            in_state(going_on, "No caseworker is assigned yet"),
            in_state(going_on, "Scheduled</strong>", "Sessions appear here"),
            in_state(going_on, "Did not happen", "Scheduled</strong>"),
            in_state(over, "Rescheduled"),
            in_state(await progress_of(who, "cancelled-cases"), "This referral was withdrawn"),
        )


async def progress_of(who: Crawler, listed: str) -> dict[str, str]:
    """What the progress of each referral of a list says, by its id."""
    cases = (await who.http.get(f"/{PRACTITIONER}/dashboard/{listed}?size=100", headers=PAGE)).text
    ids = found(cases, f"/referrals/{ID}/")
    return {one: (await who.http.get(f"/{PRACTITIONER}/referrals/{one}/progress", headers=PAGE)).text for one in ids}


def in_state(referrals: Mapping[str, str], *words: str) -> str:
    """The first of these referrals whose progress says all of these words."""
    fitting = [one for one, said in referrals.items() if all(word in said for word in words)]
    assert fitting, f"none of {len(referrals)} referrals says {words}"
    return fitting[0]


def found(text: str, pattern: str) -> list[str]:
    """What the group of a pattern stands for, each once."""
    return list(dict.fromkeys(re.findall(pattern, text, re.MULTILINE)))


async def visit(who: Walker, base: str, *pages: str) -> None:
    """Open pages by their addresses."""
    for page in pages:
        await who.go(f"{base}/{page}".rstrip("/"))
        await who.see(ANYTHING)


async def linked(who: Walker, path: str, pattern: str) -> str:
    """What the group of a pattern stands for in the first address that fits, of those that a page leads to."""
    await who.go(path)
    await who.see(ANYTHING)
    links = await who.page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
    return found("\n".join(links), pattern)[0]


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
async def test_what_is_known_of_a_referral_is_read(
    browser: Browser, full_site: Site, histories: Histories, side: str
) -> None:
    who = await walker(browser, full_site.url, ACCOUNTS[side].username)
    one, done = f"/{side}/referrals/{histories.under_way}", f"/{side}/referrals/{histories.completed}"
    assessment = await linked(who, f"{one}/progress", f"/post-assessment-feedback/{ID}")
    session = await linked(who, f"{one}/progress", f"/session/2/appointment/{ID}/post-session-feedback")
    plan = await linked(who, f"{one}/progress", f"/action-plan/{ID}$")
    booked = await linked(who, f"{one}/timeline", f"/session/4/appointment/{ID}$")
    change = await linked(who, f"{one}/changelog", f"/changelog/{ID}/details")
    note = await linked(who, f"{one}/case-notes", f"/case-note/{ID}")
    moved = await linked(who, f"{done}/progress", f"/appointment/{ID}/rescheduled")
    report = await linked(who, f"{done}/progress", f"/end-of-service-report/{ID}")
    feedback = f"session/2/appointment/{session}/post-session-feedback"
    await visit(who, one, "action-plan", f"changelog/{change}/details", feedback)
    await visit(who, f"{one}/supplier-assessment", "", f"appointment/{assessment}")
    await visit(who, f"{one}/supplier-assessment/post-assessment-feedback", "", assessment)
    await visit(who, one, f"session/4/appointment/{booked}")
    await visit(who, f"/{side}/action-plan/{plan}", "", feedback, "appointment/1/post-session-feedback")
    await visit(who, done, f"session/3/appointment/{moved}/rescheduled")
    await visit(who, f"/{side}", f"case-note/{note}", f"end-of-service-report/{report}")
    await in_calendars(who, f"{one}/session/4/appointment/{booked}")
    await who.page.context.close()


async def in_calendars(who: Walker, appointment: str) -> None:
    """The appointment as a file: when it is and for which referral, nothing about the person."""
    person = await who.page.locator(".tc-person dd").first.inner_text()
    answer = await who.page.context.request.get(f"{who.site}{appointment}/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    file = await answer.text()
    (event,) = Calendar.from_ical(file).events
    assert event.start < event.end
    assert re.search("referral [A-Z]{2}[0-9]{4}[A-Z]{2}$", str(event["summary"]))
    assert not any(name in file for name in person.split())


@pytest.mark.slow
async def test_an_appointment_that_was_moved_is_shown_to_both_sides(
    browser: Browser, full_site: Site, histories: Histories
) -> None:
    caseworker, practitioner = [await walker(browser, full_site.url, ACCOUNTS[one].username) for one in SIDES[::-1]]
    await caseworker.go(f"/{PROVIDER}/referrals/{histories.booked}/supplier-assessment")
    await caseworker.press("Change appointment")
    await book(caseworker, TODAY + timedelta(days=11), moved=True)
    await caseworker.see("Supplier assessment appointment updated")
    for side, who in ((PROVIDER, caseworker), (PRACTITIONER, practitioner)):
        base = f"/{side}/referrals/{histories.booked}"
        moved = await linked(who, f"{base}/progress", f"/rescheduled/appointment/{ID}")
        path = f"{base}/supplier-assessment/rescheduled/appointment/{moved}"
        present = await linked(who, path, f"/supplier-assessment/appointment/{ID}$")
        await visit(who, f"{base}/supplier-assessment", f"appointment/{present}")
        await in_calendars(who, f"{base}/supplier-assessment/appointment/{present}")
        await who.page.context.close()


@pytest.mark.slow
async def test_everything_that_can_be_changed_is_changed_on_a_page(
    browser: Browser, full_site: Site, histories: Histories
) -> None:
    who = await walker(browser, full_site.url, ACCOUNTS[PRACTITIONER].username)
    base = f"/{PRACTITIONER}/referrals/{histories.waiting}"
    category = await linked(who, f"{base}/details", f"/{ID}/update-desired-outcomes")
    for one in AMENDMENTS:
        if one.warned:
            await visit(who, base, one.warned.strip("/"))
            await who.press("Continue")
            await who.see(ANYTHING)
        else:
            await visit(who, base, one.path.strip("/").replace("{category_id:uuid}", category))
    await visit(who, base, "amend-probation-practitioner-name")
    await who.page.fill("#amend-probation-practitioner-name", LONG_WORD)
    await who.go_on("Save changes")
    await who.see(re.compile("referral details"))
    await check(who.page, "long name ")
    await visit(who, f"/{PRACTITIONER}/referrals/{histories.under_way}", f"{category}/update-desired-outcomes")
    await who.see("You cannot change this")
    await who.page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
async def test_a_case_note_is_written_by_either_side(
    browser: Browser, full_site: Site, histories: Histories, side: str
) -> None:
    who = await walker(browser, full_site.url, ACCOUNTS[side].username)
    await visit(who, f"/{side}/referrals/{histories.waiting}", "add-case-note/start")
    await who.press("Add case note")
    await who.see("Add case note")
    await who.page.fill("#case-note-subject", LONG_WORD)
    await who.page.fill("#case-note-body", f"{LONG_WORD}\n\nA second paragraph.")
    await who.go_on("Continue")
    await who.see("Review case note")
    await visit(who, who.page.url.removeprefix(who.site).replace("/check-answers", ""), "submit")
    await who.press("Confirm case note")
    await who.see("Case note added")
    await who.press("Return to case notes")
    await who.see(re.compile("case notes"))
    await check(who.page, "long note ")
    await who.follow(LONG_WORD)
    await who.see(re.compile("Subject"))
    await check(who.page, "long note ")
    await who.page.context.close()


@pytest.mark.slow
async def test_a_referral_is_withdrawn_after_a_reason_and_a_check(
    browser: Browser, full_site: Site, histories: Histories
) -> None:
    who = await walker(browser, full_site.url, ACCOUNTS[PRACTITIONER].username)
    await visit(who, f"/{PRACTITIONER}/referrals/{histories.waiting}", "cancellation/of-old/reason")
    assert who.page.url.endswith("/withdrawal/start")
    await who.press("Start")
    await who.see(re.compile("Why are you withdrawing"))
    await who.page.locator("input[value=MOV]").check()
    await who.page.fill("#withdrawal-comments-MOV", LONG_WORD)
    await who.go_on("Continue")
    await who.see(re.compile("Are you sure"))
    await visit(who, who.page.url.removeprefix(who.site).replace("/check-your-answers", ""), "submit")
    await visit(who, f"/{PRACTITIONER}/referrals/{histories.ended}", "withdrawal/confirmation", "progress")
    await visit(who, f"/{PRACTITIONER}/referrals/{histories.under_way}", "action-plan/approved")
    await who.page.context.close()
