"""The whole story of a referral in two browsers: referred, assigned, assessed, planned, delivered, reported, read."""

from __future__ import annotations

import re
import subprocess
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser

from tests.pages.walker import Walker, walker
from tests.running import COMMAND, Site
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

TODAY = date(2024, 3, 4)


def clock(site: Site, *words: str) -> None:
    """Move the system's clock."""
    subprocess.run([*COMMAND, "clock", *words, "--data", str(site.folder)], check=True, capture_output=True, timeout=60)


async def begin(who: Walker, crn: str, intervention: str = "GM - ETE") -> None:
    """Find an intervention and begin a referral for somebody."""
    await who.go("/crs-homepage")
    await who.see(re.compile("Commissioned Rehabilitative Services"))
    await who.follow(re.compile("Find a CRS intervention"))
    await who.see("Find interventions")
    await who.page.fill("#search", intervention)
    await who.press("Filter results")
    await who.page.locator("h3").get_by_role("link", name=intervention, exact=True).first.click()
    await who.see(intervention)
    await who.press("Make a referral")
    await who.see(re.compile("case identifier"))
    await who.page.fill("#service-user-crn", crn)
    await who.go_on("Continue")
    await who.see("Is this the right person?")
    await who.press(re.compile("^Yes"))


async def name_of(who: Walker) -> str:
    """The person whom the draft is about, as the caption of the page says."""
    caption = await who.page.locator(".govuk-caption-l").inner_text()
    return caption.partition(" (CRN")[0]


async def write_the_rest(who: Walker, person: str) -> None:
    """From personal details to the reason for the referral, as the pages lead."""
    await who.see(f"{person}’s information")
    await who.go_on()
    await who.see(re.compile("OASys risk information|risk information", re.IGNORECASE))
    if await who.page.locator("#edit-risk-confirmation-2").count():
        await who.page.locator("#edit-risk-confirmation-2").check()
    else:
        await who.page.locator("textarea").first.fill("Nothing is known.")
    await who.page.locator("input[name=confirm-understood]").locator("visible=true").first.check()
    await who.go_on()
    await who.see(f"{person}’s needs and requirements")
    await who.choose("No", question=f"Does {person} need an interpreter?")
    await who.choose("No", question=f"Does {person} have caring or employment responsibilities?")
    await who.go_on()


async def write_the_service(who: Walker) -> None:
    """Sentence, outcomes, complexity, days, date and reason."""
    await who.see(re.compile("relevant sentence"))
    await who.page.locator("input[type=radio]").first.check()
    await who.go_on()
    while "desired-outcomes" in who.page.url:
        await who.see(re.compile("desired outcomes"))
        await who.page.locator("input[type=checkbox]").first.check()
        await who.go_on()
        await who.see(re.compile("complexity level"))
        await who.page.locator("input[type=radio]").first.check()
        await who.go_on()
    await who.see(re.compile("How many days"))
    await who.page.fill("#maximum-enforceable-days", "10")
    await who.go_on()
    await who.see(re.compile("What date"))
    await who.date("completion-deadline", TODAY + timedelta(days=150))
    await who.go_on()
    await who.see(re.compile("Provide the reason"))
    await who.page.fill("#reason-for-referral", "Wants to work.\nHas done so before.")
    await who.page.fill("#reason-for-referral-further-information", "Mornings are best.")
    await who.go_on()
    await who.see("Check all referral information")


async def send(who: Walker) -> str:
    """Send the referral; its number."""
    await who.press("Submit referral")
    await who.see(re.compile("We’ve sent your referral"))
    found = re.search(r"[A-Z]{2}[0-9]{4}[A-Z]{2}", await who.page.locator("main").inner_text())
    assert found is not None
    return found.group()


async def refer(who: Walker, crn: str) -> str:
    """A community referral from the first page to the last; its number."""
    await begin(who, crn)
    person = await name_of(who)
    await who.see(re.compile("allocated probation practitioner"))
    await who.choose("Yes")
    await who.go_on()
    await who.see("What type of referral is this?")
    await who.choose("In the community")
    await who.go_on()
    await who.see("Make a referral")
    await who.follow("Name, email address and location")
    await who.see("Confirm probation practitioner details")
    await who.go_on()
    await who.see("Make a referral")
    await who.follow("Personal details")
    await write_the_rest(who, person)
    await write_the_service(who)
    return await send(who)


async def assign(who: Walker, reference: str) -> str:
    """Take the referral on; the address of its progress."""
    await who.go("/service-provider/dashboard/unassigned-cases")
    await who.see("Unassigned cases")
    row = who.page.get_by_role("row").filter(has_text=reference)
    await row.get_by_role("link").first.click()
    await who.see(re.compile("referral details"))
    await who.page.get_by_label("Who do you want to assign this referral to?").fill(CASEWORKERS[0].email)
    await who.go_on()
    await who.see(re.compile("Confirm the .* referral assignment"))
    await who.press("Confirm assignment")
    await who.see("Caseworker assigned")
    return who.page.url.replace("/assignment/confirmation", "/progress")


async def book(who: Walker, day: date, *, moved: bool = False, session: bool = False) -> None:
    """Fill in an appointment, check it and confirm."""
    await who.date("date", day)
    await who.page.fill("#time-hour", "10")
    await who.page.fill("#time-minute", "00")
    await who.page.locator("#time-part-of-day").select_option("am")
    await who.page.fill("#duration-hours", "1")
    if session:
        await who.choose("1:1")
    await who.choose("Phone call")
    if moved:
        await who.choose("Service Provider")
        await who.page.fill("#rescheduled-reason", "The caseworker is ill.")
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
        await who.page.locator("input[name=late][value=no]").check()
        await who.page.fill("#session-summary", "Talked about work.")
        await who.page.fill("#session-response", "Took part.")
        await who.page.locator("input[name=notify-probation-practitioner][value=no]").check()
    else:
        await who.page.locator("input[name=did-session-happen][value=no]").check()
        await who.page.locator("input[name=attended][value=no]").check()
        await who.go_on()
        await who.see("You told us that the person did not attend")
        await who.page.fill("#no-attendance-information", "Could not be reached.")
        await who.page.locator("input[name=notify-probation-practitioner][value=no]").check()
    await who.go_on()
    await who.see(re.compile("Confirm feedback"))
    await who.go_on("Confirm and send")
    await who.see(re.compile("progress"))
    assert "The feedback was added." in await who.page.locator("main").inner_text()


async def row_of(who: Walker, name: str, what: str) -> None:
    """Press or follow what a row of a table offers."""
    row = who.page.get_by_role("row").filter(has_text=name).first
    button = row.get_by_role("button", name=re.compile(what))
    await (button if await button.count() else row.get_by_role("link", name=re.compile(what))).first.click()


async def plan(who: Walker) -> None:
    """An action plan of two activities and two sessions."""
    await who.press("Create action plan")
    await who.see(re.compile("Add activity 1"))
    await who.page.fill("#description", "Write a CV.")
    await who.press(re.compile("Save and add activity"))
    await who.see(re.compile("Add activity 2"))
    await who.page.fill("#description", "Practise interviews.")
    await who.press(re.compile("Save and add activity"))
    await who.press("Continue without adding other activities")
    await who.page.fill("#number-of-sessions", "2")
    await who.go_on()
    await who.see("Confirm action plan")
    await who.press("Submit action plan")
    await who.see(re.compile("Action plan"))
    await who.follow("Return to progress") if await who.page.get_by_role(
        "link", name="Return to progress"
    ).count() else (await who.press("Return to progress"))


async def report(who: Walker) -> None:
    """The end of service report."""
    await who.press("Create end of service report")
    while "/outcomes/" in who.page.url:
        await who.see(re.compile("outcome", re.IGNORECASE))
        await who.page.locator("input[name=achievement-level]").first.check()
        await who.page.fill("#progression-comments", "Found work.")
        await who.go_on()
    await who.see(re.compile("further", re.IGNORECASE))
    await who.go_on()
    await who.see(re.compile("Review"))
    await who.press("Submit the report")
    await who.see(re.compile("submitted", re.IGNORECASE))


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_referral_from_finding_a_service_to_reading_its_report(
    browser: Browser, full_site: Site, scripts: bool
) -> None:
    practitioner = await walker(browser, full_site.url, PRACTITIONERS[0].username, scripts=scripts)
    reference = await refer(practitioner, "X100109" if scripts else "X100103")
    caseworker = await walker(browser, full_site.url, CASEWORKERS[0].username, scripts=scripts)
    progress = await assign(caseworker, reference)
    day = today(full_site) + timedelta(days=1)
    await caseworker.page.goto(progress)
    await row_of(caseworker, "Not scheduled", "Schedule")
    await caseworker.see("Add appointment details")
    await book(caseworker, day)
    await caseworker.see("Supplier assessment appointment added")
    clock(full_site, "set", f"{day}T18:00:00Z")
    await caseworker.page.goto(progress)
    await row_of(caseworker, "Needs feedback", "Mark attendance")
    await account(caseworker)
    await plan(caseworker)
    await caseworker.see(re.compile("progress"))
    await deliver(caseworker, full_site, progress, day)
    await caseworker.page.goto(progress)
    await report(caseworker)
    await read(practitioner, progress.replace("service-provider", "probation-practitioner"))
    for one in (practitioner, caseworker):
        await one.page.context.close()


async def deliver(who: Walker, site: Site, progress: str, day: date) -> None:
    """Two sessions: the first takes place, the second is moved, missed and made up for."""
    await row_of(who, "Session 1", "Add session details")
    await book(who, day + timedelta(days=1), session=True)
    await row_of(who, "Session 2", "Add session details")
    await book(who, day + timedelta(days=2), session=True)
    await row_of(who, "Session 2", "Reschedule")
    await book(who, day + timedelta(days=3), moved=True)
    clock(site, "set", f"{day + timedelta(days=3)}T18:00:00Z")
    await who.page.goto(progress)
    await row_of(who, "Session 1", "Give feedback")
    await account(who)
    await row_of(who, "Session 2", "Give feedback")
    await account(who, came=False)
    await row_of(who, "Session 2", "Reschedule")
    await book(who, day + timedelta(days=4))
    clock(site, "set", f"{day + timedelta(days=4)}T18:00:00Z")
    await who.page.goto(progress)
    await row_of(who, "Session 2", "Give feedback")
    await account(who)


async def read(who: Walker, progress: str) -> None:
    """What the practitioner reads in the end."""
    await who.page.goto(progress)
    await who.see(re.compile("progress"))
    shown = await who.page.locator("main").inner_text()
    for said in ("Completed", "Did not attend", "Rescheduled", "Submitted", "Approved"):
        assert said in shown, said
    await who.follow("View the end of service report")
    await who.see(re.compile("report", re.IGNORECASE))
    for page, heading in (("details", "referral details"), ("changelog", "change log"), ("case-notes", "case notes"),
                          ("timeline", "timeline")):  # fmt: skip
        await who.page.goto(progress.replace("/progress", f"/{page}"))
        await who.see(re.compile(heading, re.IGNORECASE))


def today(site: Site) -> date:
    """The system's day."""
    said = subprocess.run(
        [*COMMAND, "clock", "show", "--data", str(site.folder)], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    found = re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert found is not None, said
    return date.fromisoformat(found.group())
