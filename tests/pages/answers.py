"""How somebody answers each page of a referral that is being written, by the page's id."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tests.pages.walker import Walker

TODAY = date(2024, 3, 4)
SENT = re.compile(r"[A-Z]{2}[0-9]{4}[A-Z]{2}")
MOST_PAGES = 60


@dataclass(frozen=True)
class Kind:
    """What decides which pages a referral has."""

    allocated: bool
    in_prison: bool = False
    released: bool = False


COMMUNITY, PRE_RELEASE = Kind(allocated=True), Kind(allocated=True, in_prison=True)
UNALLOCATED, CUSTODIAL = Kind(False, in_prison=True, released=True), Kind(False, in_prison=True)


async def refer(who: Walker, crn: str, kind: Kind = COMMUNITY, intervention: str = "GM - ETE") -> str:
    """A referral from the first page to the last; its number."""
    await begin(who, crn, intervention)
    await answer_until(who, "MR-35", kind)
    found = SENT.search(await who.page.locator("main").inner_text())
    assert found is not None
    return found.group()


async def begin(who: Walker, crn: str, intervention: str = "GM - ETE") -> None:
    """A referral as far as its draft."""
    await who.go("/crs-homepage")
    await who.see(re.compile("Commissioned Rehabilitative Services"))
    await who.follow(re.compile("Find a CRS intervention"))
    await who.see("Find interventions")
    await who.fill("#search", intervention)
    await who.press("Filter results")
    await who.follow(re.compile(intervention), within="h3")
    await who.see(re.compile(intervention))
    await who.press("Make a referral")
    await who.see(re.compile("case identifier"))
    await who.fill("#service-user-crn", crn)
    await who.go_on("Continue")
    await who.see("Is this the right person?")
    await who.press(re.compile("^Yes"))


async def answer_until(who: Walker, wanted: str, kind: Kind = COMMUNITY) -> None:
    """Answer one page after another until the one with this id."""
    for _ in range(MOST_PAGES):
        await who.see(re.compile("."))
        page = await who.page_id()
        if page == wanted:
            return
        await PAGES.get(page, save)(who, kind)
    raise AssertionError(f"{wanted} did not come within {MOST_PAGES} pages: {who.page.url}")


async def save(who: Walker, _: Kind) -> None:
    """Take what the page says as it is."""
    await who.go_on()


async def next_task(who: Walker, _: Kind) -> None:
    """Go to the first task that is not done and can be."""
    undone = who.page.locator(".govuk-task-list__item").filter(has_not_text="Completed")
    await who.touch(undone.get_by_role("link").first)


async def contact(who: Walker, _: Kind) -> None:
    """The main point of contact."""
    await who.type({"Role or job title": "Offender manager", "Email address": "contact@justice.gov.uk"})
    await who.choose("Prison establishment")
    await who.pick("prison-select")
    await who.go_on()


async def prison(who: Walker, _: Kind) -> None:
    """In which prison the person is."""
    known = "input[name=already-know-prison-name][value=no]"
    if await who.page.locator(known).count():
        await who.check(known)
    await who.pick("prison-select")
    await who.go_on()


async def release(who: Walker, _: Kind) -> None:
    """When the person is released."""
    if await who.page.locator("#expected-release-date-2").count() and await who.page_id() == "MR-18":
        await who.check("#expected-release-date")
    else:
        await who.check("input[name=expected-release-date][value=yes]")
        await who.date("release-date", TODAY + timedelta(days=60))
    await who.go_on()


async def risk(who: Walker, _: Kind) -> None:
    """Leave OASys as it is, or write what is known without."""
    if await who.page.locator("#edit-risk-confirmation-2").count():
        await who.check("#edit-risk-confirmation-2")
    else:
        await who.write(who.page.locator("textarea").first, "Nothing is known.")
    await who.check("input[name=confirm-understood]")
    await who.go_on()


async def needs(who: Walker, _: Kind) -> None:
    """No interpreter, no responsibilities."""
    for name in ("needs-interpreter", "has-additional-responsibilities"):
        await who.check(f"input[name={name}][value=no]")
    await who.go_on()


async def reason(who: Walker, _: Kind) -> None:
    """Why."""
    await who.fill("#reason-for-referral", "Wants to work.\nHas done so before.")
    await who.fill("#reason-for-referral-further-information", "Mornings are best.")
    await who.go_on()


async def days(who: Walker, _: Kind) -> None:
    """How many days."""
    await who.fill("#maximum-enforceable-days", "10")
    await who.go_on()


async def deadline(who: Walker, _: Kind) -> None:
    """By when."""
    await who.date("completion-deadline", TODAY + timedelta(days=150))
    await who.go_on()


async def office(who: Walker, _: Kind) -> None:
    """Where the person reports after release."""
    await who.pick("expected-probation-office")
    await who.go_on()


async def send(who: Walker, _: Kind) -> None:
    """Send it."""
    await who.press("Submit referral")


def yes_or_no(name: str, of: Callable[[Kind], bool]) -> Callable[[Walker, Kind], Awaitable[None]]:
    """Yes or no, as the kind of referral says."""

    async def answer(who: Walker, kind: Kind) -> None:
        await who.check(f"input[name={name}][value={'yes' if of(kind) else 'no'}]")
        await who.go_on()

    return answer


def first(what: str) -> Callable[[Walker, Kind], Awaitable[None]]:
    """The first answer that is offered."""

    async def answer(who: Walker, _: Kind) -> None:
        await who.check(f"main input[type={what}]")
        await who.go_on()

    return answer


async def where(who: Walker, kind: Kind) -> None:
    """In prison or in the community."""
    await who.check(f"input[value={'CUSTODY' if kind.in_prison else 'COMMUNITY'}]")
    await who.go_on()


PAGES: Mapping[str, Callable[[Walker, Kind], Awaitable[None]]] = {
    "MR-02": yes_or_no("community-allocated", lambda kind: kind.allocated), "MR-03": where,
    "MR-04": yes_or_no("prison-release", lambda kind: kind.released), "MR-05": next_task, "MR-14": contact,
    "MR-16": prison, "MR-17": release, "MR-18": release, "MR-21": office, "MR-24": risk, "MR-26": needs,
    "MR-27": first("checkbox"), "MR-28": first("radio"), "MR-29": first("checkbox"), "MR-30": first("radio"),
    "MR-31": days, "MR-32": deadline, "MR-33": reason, "MR-34": send,
}  # fmt: skip
