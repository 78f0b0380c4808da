"""The whole story of a referral in two browsers: referred, assigned, assessed, planned, delivered, reported, read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from functools import partial

import pytest
from playwright.async_api import Browser

from tests.pages.answers import CUSTODIAL, PRE_RELEASE, UNALLOCATED, Kind, refer
from tests.pages.keyboard import keyboard
from tests.pages.walker import Walker, walker
from tests.running import COMMAND, Site
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

Begun = Callable[..., Awaitable[Walker]]
PROGRESS = re.compile("progress")


def clock(site: Site, *words: str) -> None:
    """Move the system's clock."""
    subprocess.run([*COMMAND, "clock", *words, "--data", str(site.folder)], check=True, capture_output=True, timeout=60)


async def assign(who: Walker, reference: str) -> None:
    """Take the referral on, and go to its progress."""
    await who.follow("Unassigned cases")
    await who.see("Unassigned cases")
    row = who.page.get_by_role("row").filter(has_text=reference)
    await who.touch(row.get_by_role("link").first)
    await who.see(re.compile("referral details"))
    await who.type({"Who do you want to assign this referral to?": CASEWORKERS[0].email})
    await who.go_on()
    await who.see(re.compile("Confirm the .* referral assignment"))
    await who.press("Confirm assignment")
    await who.see("Caseworker assigned")
    await who.follow("Go to the progress of this referral")
    await who.see(PROGRESS)


async def book(who: Walker, day: date, *, moved: bool = False, session: bool = False) -> None:
    """Fill in an appointment, check it and confirm."""
    await who.date("date", day)
    await who.fill("#time-hour", "10")
    await who.fill("#time-minute", "00")
    await who.take(who.page.locator("#time-part-of-day"), "AM")
    await who.fill("#duration-hours", "1")
    if session:
        await who.choose("1:1")
    await who.choose("Phone call")
    if moved:
        await who.choose("Service Provider")
        await who.fill("#rescheduled-reason", "The caseworker is ill.")
    await who.go_on()
    await who.see(re.compile("Confirm"))
    await who.go_on("Confirm")


async def account(who: Walker, *, came: bool = True) -> None:
    """Say how an appointment went, from attendance to confirmation."""
    await who.see(re.compile("Add feedback"))
    if came:
        await who.choose("Yes", question="Did the session happen?")
        await who.go_on()
        await who.see("You told us that the session happened")
        await who.check("input[name=late][value=no]")
        await who.fill("#session-summary", "Talked about work.")
        await who.fill("#session-response", "Took part.")
        await who.check("input[name=notify-probation-practitioner][value=no]")
    else:
        await who.check("input[name=did-session-happen][value=no]")
        await who.check("input[name=attended][value=no]")
        await who.go_on()
        await who.see("You told us that the person did not attend")
        await who.fill("#no-attendance-information", "Could not be reached.")
        await who.check("input[name=notify-probation-practitioner][value=no]")
    await who.go_on()
    await who.see(re.compile("Confirm feedback"))
    await who.go_on("Confirm and send")
    await who.see(re.compile("progress"))
    assert "The feedback was added." in await who.page.locator("main").inner_text()


async def row_of(who: Walker, name: str, what: str) -> None:
    """Press or follow what a row of a table offers."""
    row = who.page.get_by_role("row").filter(has_text=name).first
    button = row.get_by_role("button", name=re.compile(what))
    await who.touch((button if await button.count() else row.get_by_role("link", name=re.compile(what))).first)


async def plan(who: Walker) -> None:
    """An action plan of two activities and two sessions."""
    await who.press("Create action plan")
    await who.see(re.compile("Add activity 1"))
    await who.fill("#description", "Write a CV.")
    await who.press(re.compile("Save and add activity"))
    await who.see(re.compile("Add activity 2"))
    await who.fill("#description", "Practise interviews.")
    await who.press(re.compile("Save and add activity"))
    await who.press("Continue without adding other activities")
    await who.fill("#number-of-sessions", "2")
    await who.go_on()
    await who.see("Confirm action plan")
    await who.press("Submit action plan")
    await who.see(re.compile("Action plan"))
    await who.press("Return to progress")


async def report(who: Walker) -> None:
    """The end of service report."""
    await who.press("Create end of service report")
    while "/outcomes/" in who.page.url:
        await who.see(re.compile("outcome", re.IGNORECASE))
        await who.check("input[name=achievement-level]")
        await who.fill("#progression-comments", "Found work.")
        await who.go_on()
    await who.see(re.compile("further", re.IGNORECASE))
    await who.go_on()
    await who.see(re.compile("Review"))
    await who.press("Submit the report")
    await who.see(re.compile("submitted", re.IGNORECASE))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("begun", "crn"),
    [(walker, "X100102"), (partial(walker, scripts=False), "X100103"), (keyboard, "X100110")],
    ids=["with scripts", "without scripts", "by keyboard alone"],
)
async def test_a_referral_from_finding_a_service_to_reading_its_report(
    browser: Browser, full_site: Site, begun: Begun, crn: str
) -> None:
    practitioner = await begun(browser, full_site.url, PRACTITIONERS[0].username)
    reference = await refer(practitioner, crn)
    caseworker = await begun(browser, full_site.url, CASEWORKERS[0].username)
    await assign(caseworker, reference)
    day = today(full_site) + timedelta(days=1)
    await row_of(caseworker, "Not scheduled", "Schedule")
    await caseworker.see("Add appointment details")
    await book(caseworker, day)
    await caseworker.see("Supplier assessment appointment added")
    clock(full_site, "set", f"{day}T18:00:00Z")
    await caseworker.press("Return to progress")
    await row_of(caseworker, "Needs feedback", "Mark attendance")
    await account(caseworker)
    await plan(caseworker)
    await caseworker.see(PROGRESS)
    await deliver(caseworker, full_site, day)
    await report(caseworker)
    await read(practitioner, reference)
    for one in (practitioner, caseworker):
        await one.page.context.close()


async def deliver(who: Walker, site: Site, day: date) -> None:
    """Two sessions: the first takes place, the second is moved, missed and made up for."""
    await row_of(who, "Session 1", "Add session details")
    await book(who, day + timedelta(days=1), session=True)
    await row_of(who, "Session 2", "Add session details")
    await book(who, day + timedelta(days=2), session=True)
    await row_of(who, "Session 2", "Reschedule")
    await book(who, day + timedelta(days=3), moved=True)
    clock(site, "set", f"{day + timedelta(days=3)}T18:00:00Z")
    await who.follow("Progress")
    await row_of(who, "Session 1", "Give feedback")
    await account(who)
    await row_of(who, "Session 2", "Give feedback")
    await account(who, came=False)
    await row_of(who, "Session 2", "Reschedule")
    await book(who, day + timedelta(days=4))
    clock(site, "set", f"{day + timedelta(days=4)}T18:00:00Z")
    await who.follow("Progress")
    await row_of(who, "Session 2", "Give feedback")
    await account(who)


async def read(who: Walker, reference: str) -> None:
    """What the practitioner reads in the end."""
    await who.follow("View your referrals")
    await who.follow("Completed cases")
    await who.see("Completed cases")
    await row_of(who, reference, "View")
    await who.see(PROGRESS)
    shown = await who.page.locator("main").inner_text()
    for said in ("Completed", "Did not attend", "Rescheduled", "Submitted", "Approved"):
        assert said in shown, said
    await who.follow("View the end of service report")
    await who.see(re.compile("report", re.IGNORECASE))
    await who.follow("Progress", within="body")
    for page, heading in (("View or change referral", "referral details"), ("Change log", "change log"),
                          ("Case notes", "case notes"), ("Timeline", "timeline")):  # fmt: skip
        await who.follow(page)
        await who.see(re.compile(heading, re.IGNORECASE))


def today(site: Site) -> date:
    """The system's day."""
    said = subprocess.run(
        [*COMMAND, "clock", "show", "--data", str(site.folder)], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    found = re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert found is not None, said
    return date.fromisoformat(found.group())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("crn", "kind", "intervention"),
    [("X100104", PRE_RELEASE, "GM - ETE"), ("X100105", UNALLOCATED, "GM - ETE"),
     ("X100106", CUSTODIAL, "Personal Wellbeing")],
    ids=["before release", "without a practitioner", "staying in prison, several services"],
)  # fmt: skip
async def test_somebody_in_prison_is_referred(
    browser: Browser, full_site: Site, crn: str, kind: Kind, intervention: str
) -> None:
    practitioner = await walker(browser, full_site.url, PRACTITIONERS[1].username)
    reference = await refer(practitioner, crn, kind, intervention)
    await practitioner.go(f"/search?q={reference}")
    assert reference in await practitioner.page.locator("body").inner_text()
    await practitioner.page.context.close()


@pytest.mark.slow
async def test_referrals_are_assigned_together_changed_noted_and_withdrawn(browser: Browser, full_site: Site) -> None:
    practitioner = await walker(browser, full_site.url, PRACTITIONERS[0].username)
    references = [await refer(practitioner, crn) for crn in ("X100107", "X100108")]
    caseworker = await walker(browser, full_site.url, CASEWORKERS[0].username)
    await together(caseworker, references)
    await practitioner.go(f"/search?q={references[0]}")
    details = practitioner.page.url.replace("/progress", "/details")
    await practitioner.page.goto(details)
    await practitioner.see(re.compile("referral details"))
    await practitioner.page.goto(details.replace("/details", "/update-maximum-enforceable-days"))
    await practitioner.fill("#maximum-enforceable-days", "20")
    await practitioner.fill("#reason-for-change", "More is needed.")
    await practitioner.go_on("Save changes")
    await practitioner.see(re.compile("referral details"))
    assert "The referral is changed." in await practitioner.page.locator("main").inner_text()
    await note(practitioner, details)
    await withdraw(practitioner, details.replace("/details", "/progress"))
    await caseworker.page.goto(
        details.replace("/details", "/progress").replace("probation-practitioner", "service-provider")
    )
    assert "because the person moved out of the service area" in await caseworker.page.locator("main").inner_text()
    for one in (practitioner, caseworker):
        await one.page.context.close()


async def together(who: Walker, references: list[str]) -> None:
    """Assign several referrals at once."""
    await who.go("/service-provider/dashboard/unassigned-cases")
    for reference in references:
        await who.tick(who.page.get_by_role("row").filter(has_text=reference).get_by_role("checkbox"))
    await who.press("Assign selected referrals")
    await who.see(re.compile("Assign|Confirm"))
    await who.fill("input[name=email]", CASEWORKERS[0].email)
    await who.press("Confirm assignment")
    await who.see(re.compile("cases"))
    assert "The referrals were assigned." in await who.page.locator("main").inner_text()


async def note(who: Walker, details: str) -> None:
    """Write a case note."""
    await who.page.goto(details.replace("/details", "/case-notes"))
    await who.press("Add case note")
    await who.see("Add case note")
    await who.fill("#case-note-subject", "A call")
    await who.fill("#case-note-body", "Will come\non Monday.")
    await who.go_on("Continue")
    await who.see("Review case note")
    await who.press("Confirm case note")
    await who.see(re.compile("added", re.IGNORECASE))
    await who.press("Return to case notes")
    await who.see(re.compile("case notes"))
    await who.follow("A call")
    await who.see(re.compile("A call"))


async def withdraw(who: Walker, progress: str) -> None:
    """Withdraw the referral."""
    await who.page.goto(progress)
    await who.press(re.compile("Withdraw"))
    await who.see(re.compile("Why are you withdrawing"))
    await who.check("input[value=MOV]")
    await who.fill("#withdrawal-comments-MOV", "Moved to another town.")
    await who.go_on("Continue")
    await who.see(re.compile("Are you sure"))
    await who.press("Withdraw referral")
    await who.see("Referral withdrawn")


@pytest.mark.slow
async def test_a_performance_report_is_asked_for_and_fetched(browser: Browser, full_site: Site) -> None:
    caseworker = await walker(browser, full_site.url, CASEWORKERS[0].username)
    await caseworker.go("/service-provider/performance-report")
    await caseworker.see("Reporting")
    until = today(full_site)
    await caseworker.date("from-date", until - timedelta(days=30))
    await caseworker.date("to-date", until)
    await caseworker.press("Request data")
    await caseworker.see(re.compile("request|report", re.IGNORECASE))
    ready = caseworker.page.locator('main a[href*="/performance-report/file/"]').first
    for _ in range(60):
        await caseworker.go("/service-provider/performance-report")
        if await ready.count():
            break
    file = (await ready.get_attribute("href") or "").rpartition("/")[2]
    await caseworker.go(f"/service-provider/performance-report/download?filename={file}")
    await caseworker.see("Get your report")
    async with caseworker.page.expect_download() as fetched:
        await caseworker.page.locator("main").get_by_role("link", name=re.compile("[Dd]ownload")).first.click()
    text = (await (await fetched.value).path()).read_text("utf-8")
    assert text.startswith("referral_ref,referral_id,contract_ref")
    await caseworker.page.context.close()
