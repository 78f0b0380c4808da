"""What a provider's caseworker does that the whole story does not reach, among the referrals of the seeded world."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser

from tests.pages.test_story import book, row_of, today
from tests.pages.walker import Walker, check_errors, walker
from tests.running import Site
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

pytestmark = pytest.mark.slow
DUE, FEEDBACK, ANYTHING = "/service-provider/due", re.compile("Add feedback"), re.compile(".")
ACCOUNTS = ((False, True), (False, False), (True, True))
"""Every way in which an appointment can have gone: whether it happened, and whether the person came."""


@pytest.fixture
async def caseworker(browser: Browser, full_site: Site) -> AsyncIterator[Walker]:
    """A caseworker's browser."""
    who = await walker(browser, full_site.url, CASEWORKERS[0].username)
    yield who
    await who.page.context.close()


async def due(who: Walker, what: str) -> None:
    """Go where the first thing is done that is due and called so."""
    await who.go(DUE)
    await who.see("Due work")
    await who.follow(re.compile(what))


async def account(who: Walker, *, happened: bool, came: bool) -> None:
    """Say how an appointment went, as far as the last look before it is sent."""
    await who.see(FEEDBACK)
    await who.page.locator(f"input[name=did-session-happen][value={'yes' if happened else 'no'}]").check()
    if not happened:
        await who.page.locator(f"input[name=attended][value={'yes' if came else 'no'}]").check()
    await who.go_on()
    if happened:
        await who.see("You told us that the session happened")
        await who.page.locator("input[name=late][value=no]").check()
        await who.page.fill("#session-summary", "Talked about work.")
        await who.page.fill("#session-response", "Took part.")
    elif came:
        await who.see("You told us that the person attended")
        await who.page.locator("input[name=no-session-reason-type][value=LOGISTICS]").check()
        await who.page.fill("#no-session-reason-logistics", "The room was taken.")
    else:
        await who.see("You told us that the person did not attend")
        await who.page.fill("#no-attendance-information", "Could not be reached.")
    await who.page.locator("input[name=notify-probation-practitioner][value=no]").check()
    await who.go_on()
    await who.see(re.compile("Confirm feedback"))


async def every_account(who: Walker) -> None:
    """Say how an appointment went in every way, one after another, and send none of it."""
    for happened, came in ACCOUNTS:
        await account(who, happened=happened, came=came)
        await who.follow(re.compile("Change"))


async def visit(who: Walker, *paths: str) -> None:
    """See every one of these pages."""
    for path in paths:
        await who.go(path)
        await who.see(ANYTHING)


def path_of(who: Walker) -> str:
    """The address of the page, as links say it."""
    return urlsplit(who.page.url).path


@pytest.mark.parametrize("what", ["Add feedback on the supplier assessment", "Add feedback on session"])
async def test_feedback_on_what_was_booked_is_given_in_every_way(caseworker: Walker, what: str) -> None:
    await due(caseworker, what)
    await every_account(caseworker)


async def test_an_assessment_that_is_over_is_booked_with_its_feedback(caseworker: Walker, full_site: Site) -> None:
    await due(caseworker, "Assign a caseworker")
    referral = path_of(caseworker).removesuffix("/details")
    await visit(caseworker, f"{referral}/assignment/start")
    await caseworker.press("Assign to me")
    await caseworker.see(re.compile("Confirm the .* referral assignment"))
    await visit(caseworker, path_of(caseworker).replace("/check", "/submit"))
    await caseworker.press("Confirm assignment")
    await caseworker.see("Caseworker assigned")
    await visit(caseworker, f"{referral}/supplier-assessment/schedule/start")
    await caseworker.press("Start")
    await caseworker.see("Add appointment details")
    await book(caseworker, today(full_site))
    await every_account(caseworker)
    await caseworker.go(f"{referral}/progress")
    await caseworker.press("Create action plan")
    await caseworker.see("Add activity 1 to action plan")
    await caseworker.press("Continue without adding other activities")
    await check_errors(caseworker.page)
    await visit(caseworker, path_of(caseworker))


async def test_an_assessment_is_booked_again_and_moved(caseworker: Walker, full_site: Site) -> None:
    await due(caseworker, "Hold the supplier assessment")
    referral = path_of(caseworker).removesuffix("/progress")
    await row_of(caseworker, "Did not attend", "Reschedule")
    await caseworker.see("Add appointment details")
    assert "Previous missed appointment" in await caseworker.page.locator("main").inner_text()
    day = today(full_site) + timedelta(days=7)
    await book(caseworker, day)
    await caseworker.see("Supplier assessment appointment added")
    await visit(caseworker, f"{referral}/supplier-assessment")
    await caseworker.press("Change appointment")
    await caseworker.see("Change appointment details")
    await book(caseworker, day + timedelta(days=1), moved=True)
    await caseworker.see("Supplier assessment appointment updated")
    await caseworker.go(f"{referral}/progress")
    await row_of(caseworker, "Rescheduled", "View appointment details")
    await caseworker.see("View earlier appointment details")
    await visit(caseworker, path_of(caseworker).replace("/rescheduled", ""))


async def test_sessions_are_booked_ahead_moved_and_booked_when_they_are_over(
    caseworker: Walker, full_site: Site
) -> None:
    await due(caseworker, "Schedule session 1")
    await caseworker.see("Book session 1")
    await caseworker.press("Start")
    await caseworker.see("Add session 1 details")
    day = today(full_site) + timedelta(days=7)
    await book(caseworker, day, session=True)
    await caseworker.see(re.compile("progress"))
    progress = path_of(caseworker)
    await row_of(caseworker, "Session 1", "Reschedule")
    await caseworker.see("Change session 1 details")
    await book(caseworker, day + timedelta(days=1), moved=True)
    await row_of(caseworker, "Session 1, earlier", "View appointment details")
    await caseworker.see("View earlier appointment details")
    moved = f"{progress.removesuffix('progress')}session/{path_of(caseworker).rpartition('/session/')[2]}"
    await visit(caseworker, moved, moved.removesuffix("/rescheduled"))
    await caseworker.go(progress)
    await row_of(caseworker, "Session 2", "Add session details")
    await caseworker.see("Add session 2 details")
    await book(caseworker, today(full_site), session=True)
    await every_account(caseworker)


async def test_a_plan_and_its_second_version_are_written(caseworker: Walker) -> None:
    await due(caseworker, "Submit the action plan")
    progress = path_of(caseworker)
    await row_of(caseworker, "Not yet", "Create action plan|Continue")
    await caseworker.see(re.compile("Add activity"))
    await caseworker.page.fill("#description", "Visit a college.")
    await caseworker.press(re.compile("Save and add activity"))
    await submit_plan(caseworker)
    await caseworker.go(progress)
    await caseworker.follow(re.compile("^View version"))
    await caseworker.see("View action plan")
    await caseworker.press("Create a new action plan")
    await caseworker.see("Are you sure you want to create a new action plan?")
    await caseworker.press("Confirm and continue")
    await caseworker.see(re.compile("Add activity"))
    await submit_plan(caseworker)
    await visit(caseworker, progress.replace("/progress", "/action-plan"))
    assert "2 of 2" in await caseworker.page.locator("main").inner_text()


async def submit_plan(who: Walker) -> None:
    """Go on from the activities of a plan to its submission."""
    await who.press("Continue without adding other activities")
    await who.see("Number of sessions")
    await who.page.fill("#number-of-sessions", "3")
    await who.go_on()
    await who.see("Confirm action plan")
    await who.press("Submit action plan")
    await who.see("Action plan submitted")


async def test_what_was_delivered_is_read(browser: Browser, caseworker: Walker, full_site: Site) -> None:
    await caseworker.go("/service-provider/dashboard/completed-cases")
    await caseworker.page.get_by_role("rowheader").get_by_role("link").first.click()
    await caseworker.see(re.compile("referral details"))
    referral = path_of(caseworker).removesuffix("/details")
    await caseworker.go(f"{referral}/progress")
    await row_of(caseworker, "Session 1", "View feedback form")
    await caseworker.see(re.compile("feedback"))
    plan, _, session = path_of(caseworker).partition("/session/")
    await visit(
        caseworker, f"{referral}/session/{session}", f"{plan}/appointment/1/post-session-feedback",
        f"{referral}/supplier-assessment/post-assessment-feedback", f"{referral}/end-of-service-report",
    )  # fmt: skip
    practitioner = await walker(browser, full_site.url, PRACTITIONERS[0].username)
    await visit(practitioner, f"{referral.replace('service-provider', 'probation-practitioner')}/action-plan/approved")
    await practitioner.page.context.close()


async def test_a_report_is_begun_and_looked_at_before_it_is_sent(caseworker: Walker) -> None:
    await due(caseworker, "Submit the end of service report")
    if await caseworker.page.get_by_role("button", name="Create end of service report").count():
        await caseworker.press("Create end of service report")
    else:
        await caseworker.follow("Continue the end of service report")
    await caseworker.see(re.compile("End of service report"))
    await visit(caseworker, f"{path_of(caseworker).partition('/outcomes/')[0]}/submit")
