"""The pages beside the journey: signing in and out, what support and operators see, and where a way ends."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.pages.conftest import PEOPLE
from tests.pages.trouble import (
    CORRELATION,
    database,
    event,
    failed_message,
    later,
    refused_deliveries,
    unreadable_message,
    without,
)
from tests.pages.walker import Walker, check_errors, look, walker
from tests.running import Site
from throughcare.kit.ids import new_id

LOOKS = 60
LONG = "A-provider-whose-name-has-no-end-and-no-place-to-break-it-" * 4


async def person(browser: Browser, site: Site, name: str, *, looks: bool = True) -> Walker:
    """Somebody who has signed in."""
    return await walker(browser, site.url, PEOPLE[name][0], looks=looks)


async def until(who: Walker, path: str, name: str | re.Pattern[str]) -> None:
    """Open an address until a link with this name is there, and follow it."""
    link = who.page.locator("main").get_by_role("link", name=name).first
    for _ in range(LOOKS):
        await who.go(path)
        if await link.count():
            break
    await link.click()


async def dead_end(who: Walker, path: str, status: int, heading: str) -> None:
    """An address that leads no further, and says so."""
    reply = await who.page.goto(f"{who.site}{path}")
    assert reply is not None
    assert reply.status == status, (path, reply.status)
    await who.see(heading)


async def refused(page: Page, button: str, status: int, heading: str) -> None:
    """A form that is sent and not accepted: the page that comes instead."""
    async with page.expect_navigation() as sent:
        await page.locator("main").get_by_role("button", name=button).click()
    reply = await sent.value
    assert reply.status == status, (page.url, reply.status)
    await expect(page.locator("h1")).to_have_text(heading)
    await look(page, await reply.text())


async def test_signing_in_and_out(browser: Browser, full_site: Site) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    somebody = Walker(await context.new_page(), full_site.url, looks=True)
    await somebody.go("/auth/sign-in")
    await somebody.see("Sign in")
    await somebody.press("Sign in")
    await check_errors(somebody.page)
    await dead_end(somebody, "/auth/oauth2/authorize?client_id=x", 400,
                   "There is a problem with the service that you came from")  # fmt: skip
    await dead_end(somebody, "/sign-in/callback?code=x&state=y", 403, "You were not signed in")
    await somebody.go("/sign-out")
    await somebody.see("You have been signed out")
    await context.close()


async def test_reporting_a_problem_and_what_support_does_about_it(browser: Browser, full_site: Site) -> None:
    practitioner = await person(browser, full_site, "practitioner")
    await practitioner.go("/report-a-problem")
    await practitioner.see("Report a problem")
    await practitioner.type({"What happened?": f"Nothing came.\n{LONG}", "Referral number (optional)": "AB1234CD"})
    await practitioner.choose("By email")
    await practitioner.type({"Email address": "b.beaks@probation.example.test"})
    await practitioner.go_on("Send report")
    await practitioner.see("Problem reported")
    supporter = await person(browser, full_site, "supporter")
    await supporter.go("/support")
    await supporter.see("Support")
    await supporter.follow("Reported problems")
    await supporter.see("Reported problems")
    await supporter.page.locator("main table").get_by_role("link").last.click()
    await supporter.see(re.compile("^Report "))
    await banner(supporter)
    for path in ("/probation-practitioner/whats-new", "/drafts", "/cookies", "/privacy", "/accessibility-statement"):
        await practitioner.go(path)
        await practitioner.see(re.compile("."))
    for one in (practitioner, supporter):
        await one.page.context.close()


async def banner(who: Walker) -> None:
    """Write a banner, and look at it again."""
    await who.go("/support/banners")
    await who.press("Add a banner")
    await who.see("Add a banner")
    await who.choose("Something new in the service", "Everybody")
    await who.type({"Heading": f"Sessions can be moved by {LONG[:100]}"})
    await who.choose("Yes", question="Can people hide")
    await who.go_on("Save banner")
    await who.see("Banners")
    await who.page.locator("main table").get_by_role("link").first.click()
    await who.see("Change a banner")


async def test_what_support_and_operators_see_of_a_referral(browser: Browser, full_site: Site) -> None:
    practitioner = await person(browser, full_site, "practitioner", looks=False)
    written = await case_note(practitioner)
    practitioner.looks = True
    await dead_end(practitioner, written, 410, "This page is no longer available")
    operator = await person(browser, full_site, "operator")
    await until(operator, "/inbox", re.compile("case note", re.IGNORECASE))
    await operator.see(re.compile("case note", re.IGNORECASE))
    async with database(full_site) as connection:
        await failed_message(connection)
        number = await connection.fetchval(
            "select r.reference_number from interventions.referral r join interventions.referral_message m "
            "on m.referral_id = r.id order by m.request_id desc limit 1"
        )
    supporter = await person(browser, full_site, "supporter")
    await supporter.go(f"/support?q={number}")
    await supporter.follow(number)
    await supporter.see(f"Referral {number}")
    await expect(supporter.page.get_by_role("button", name=re.compile("^Send again")).first).to_be_visible()
    for one in (practitioner, operator, supporter):
        await one.page.context.close()


async def case_note(who: Walker) -> str:
    """Write a case note of which the caseworker is told; the address of the page that was answered last."""
    await who.go("/probation-practitioner/dashboard/open-cases")
    await who.page.locator("main tbody").get_by_role("link").first.click()
    await who.page.wait_for_url("**/probation-practitioner/referrals/**")
    await who.page.goto(re.sub("/(progress|details)$", "/case-notes", who.page.url))
    await who.press("Add case note")
    await who.page.fill("#case-note-subject", "A call")
    await who.page.fill("#case-note-body", "Will come.")
    told = who.page.locator("main input[type=radio][value=yes]")
    if await told.count():
        await told.first.check()
    await who.go_on("Continue")
    last = who.page.url.removeprefix(who.site)
    await who.press("Confirm case note")
    await expect(who.page.locator("h1")).to_have_text(re.compile("added", re.IGNORECASE))
    return last


async def test_what_operators_see_when_something_goes_wrong(browser: Browser, full_site: Site) -> None:
    operator = await person(browser, full_site, "operator")
    async with database(full_site) as connection:
        await unreadable_message(connection)
        await event(connection, "prison.test.happened", given_up=True)
        await event(connection)
    await until(operator, "/console", re.compile("^Send back all of"))
    await operator.see(re.compile("^Send back every dead letter"))
    await operator.go("/console")
    await operator.see("Console")
    await operator.follow(re.compile("^Look at message"))
    await operator.see("Dead letter")
    await operator.follow("Drop it instead")
    await operator.see("Drop this message")
    await operator.press("Drop this message")
    await check_errors(operator.page)
    await operator.go("/console/outbox/prison")
    await operator.see("Publish what prison gave up")
    await notification(operator, full_site)
    await operator.page.context.close()


async def notification(operator: Walker, site: Site) -> None:
    """From the event of a prison to the consumer that was told of it, and refused it."""
    await until(operator, f"/console/events/{CORRELATION}", re.compile("^What outside bodies were told"))
    await operator.see("What outside bodies were told")
    told = operator.page.url.removeprefix(site.url)
    later(site, "10m")
    await until(operator, told, "kiosk-demo")
    async with database(site) as connection:
        await refused_deliveries(connection)
    await operator.go(told)
    await operator.page.locator('main a[href*="/console/notifications/"]').first.click()
    await operator.see(re.compile("^Notification "))
    await operator.follow(re.compile("^Try again"))
    await operator.see(re.compile("^Try delivery"))
    await operator.go("/console/consumers/kiosk-demo")
    await operator.see("kiosk-demo")
    await operator.follow("Suspend it")
    await operator.see("Suspend kiosk-demo")


async def test_every_dead_end_says_what_happened_and_leads_on(browser: Browser, full_site: Site) -> None:
    practitioner = await person(browser, full_site, "practitioner")
    for path, status, heading in (
        ("/nowhere", 404, "Page not found"),
        ("/console", 403, "You do not have permission to view this page"),
        (f"/intervention/{new_id()}/refer/{new_id()}", 410, "This page is no longer available"),
        (await a_closed_contract(full_site), 410, "You cannot make a referral to this intervention"),
    ):
        await dead_end(practitioner, path, status, heading)
    operator = await person(browser, full_site, "operator")
    await dead_end(operator, "/console/consumers/kiosk-demo/retry?position=x", 400,
                   "Something in the request is wrong")  # fmt: skip
    supporter = await person(browser, full_site, "supporter")
    async with database(full_site) as connection:
        async with without(connection, "ui.problem_report"):
            await dead_end(supporter, "/support/problems", 500, "Sorry, there is a problem with the service")
        async with without(connection, "notify.notification"):
            await dead_end(operator, "/inbox", 503, "Sorry, part of the service is not available")
    for one in (practitioner, operator, supporter):
        await one.page.context.close()


async def a_closed_contract(site: Site) -> str:
    """Where a referral would be begun for a service that takes none any more."""
    async with database(site) as connection:
        found = await connection.fetchval(
            "select i.id from interventions.intervention i join interventions.dynamic_framework_contract c "
            "on c.id = i.dynamic_framework_contract_id where c.referral_end_at < '2024-03-01' limit 1"
        )
    return f"/intervention/{found}/refer"


@pytest.mark.parametrize(
    ("spoil", "status", "heading"),
    [("cookies", 401, "You were signed out"), ("token", 403, "Check and send again"),
     ("size", 413, "What you sent is too large")],
)  # fmt: skip
async def test_a_form_that_is_not_accepted_gives_back_what_was_typed(
    browser: Browser, full_site: Site, spoil: str, status: int, heading: str
) -> None:
    operator = await person(browser, full_site, "operator", looks=False)
    async with database(full_site) as connection:
        await unreadable_message(connection)
    await until(operator, "/console", re.compile("^Look at message"))
    await operator.follow("Drop it instead")
    await operator.page.fill("#reason", f"It is a test of {LONG}")
    if spoil == "cookies":
        await operator.page.context.clear_cookies()
    elif spoil == "token":
        await operator.page.eval_on_selector("main input[name=csrf_token]", "one => { one.value = 'of-yesterday' }")
    else:
        await operator.page.eval_on_selector("#reason", "one => { one.value = 'x'.repeat(1100000) }")
    await refused(operator.page, "Drop this message", status, heading)
    if spoil != "size":
        assert LONG in await operator.page.locator("main textarea").input_value()
    await operator.page.context.close()
