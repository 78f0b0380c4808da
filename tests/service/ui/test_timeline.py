"""The page that tells everything that happened to a referral, for both sides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from inspect import isfunction
from uuid import UUID

import httpx2
import pytest

from tests.service.interventions.eventful import eventful_referral
from tests.service.interventions.journey import Journey, ok
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS
from throughcare.services.interventions.page.model import Pages

SIDES = ("probation-practitioner", "service-provider")
REPORTS = "/reports/service-provider/performance"
STORY = [
    "Referral sent", f"Assigned to {CASEWORKERS[0].name}", f"Reassigned to {CASEWORKERS[1].name}",
    f"Reassigned to {CASEWORKERS[0].name}", "Probation practitioner name changed", "Case note: About <b>work</b>",
    "Supplier assessment appointment booked for", "Supplier assessment appointment moved to",
    "Supplier assessment appointment took place", "Feedback added: supplier assessment appointment",
    "Concerns flagged: supplier assessment appointment", "Action plan version 1 submitted",
    "Action plan version 1 approved", "Session 1 booked for", "Session 1 was missed", "Feedback added: session 1",
    "Session 1 booked for", "Session 1 took place", "Feedback added: session 1",
    "Referral withdrawn because the person moved out of the service area", "End of service report submitted",
]  # fmt: skip


@pytest.fixture(scope="module")
async def both(world: World, services: Switchboard) -> AsyncIterator[dict[str, Visitor]]:
    """The browsers of the practitioner and the caseworker."""
    made = {side: browser(world) for side in SIDES}
    yield made
    for visitor in made.values():
        await visitor.http.aclose()


@pytest.fixture(scope="module")
async def story(world: World, both: dict[str, Visitor]) -> Journey:
    """A referral to which everything happened; both sides sign in afterwards, for it took days."""
    made = await eventful_referral(world)
    for visitor, account in zip(both.values(), (PRACTITIONERS[0], CASEWORKERS[0]), strict=True):
        await visitor.sign_in(account.username)
    return made


def path(side: str, journey: Journey, query: str = "") -> str:
    return f"/{side}/referrals/{journey.referral_id}/timeline{query}"


def titles(page: httpx2.Response) -> list[str]:
    """What happened, the oldest first."""
    found = re.findall(r'<h2 class="moj-timeline__title">(.*?)</h2>', page.text, re.DOTALL)
    return [unescape(one) for one in reversed(found)]


@pytest.mark.parametrize("side", SIDES)
async def test_everything_is_told_once_in_order_and_leads_to_its_page(
    both: dict[str, Visitor], story: Journey, side: str
) -> None:
    page = await both[side].get(path(side, story))
    assert heading(page) == "Education, Training and Employment (ETE): timeline"
    found = [one for one in titles(page) if not one.startswith("Message: ")]
    assert len(found) == len(STORY)
    for title, told in zip(found, STORY, strict=True):
        assert title.startswith(told)
    assert "Message: Referral sent" in titles(page)
    shown = words(page)
    for said in ("Reason: Nobody there", "Requested by Service Provider", "Did not answer the door", "Sam O'Neill",
                 "Talked of leaving", "Moved away", f"by {PRACTITIONERS[0].name}"):  # fmt: skip
        assert said in shown
    assert CASEWORKERS[0].username not in page.text.upper()
    assert "About <b>" not in page.text
    timeline = page.text.partition("moj-timeline")[2].partition("</ol>")[0]
    links = {unescape(one).partition("#")[0] for one in re.findall(r'href="([^"]+)"', timeline)}
    assert len(links) >= 10
    for link in sorted(links):
        assert (await both[side].get(link)).status_code == 200, link


@pytest.mark.parametrize("side", SIDES)
async def test_one_kind_or_one_person_can_be_shown_alone(both: dict[str, Visitor], story: Journey, side: str) -> None:
    page = await both[side].get(path(side, story, "?show=changes"))
    assert titles(page) == ["Probation practitioner name changed"]
    assert "1 of " in words(page)
    everything = await both[side].get(path(side, story))
    [mine] = re.findall(rf'href="([^"]+\?by=[^"]+)">{PRACTITIONERS[0].name} \(', everything.text)
    found = titles(await both[side].get(unescape(mine)))
    assert found[0] == "Referral sent"
    assert len(found) == 4
    both_ways = await both[side].get(f"{unescape(mine)}&show=case-notes")
    assert titles(both_ways) == ["Case note: About <b>work</b>"]
    for nonsense in ("?show=nonsense", "?by=nobody"):
        assert (await both[side].get(path(side, story, nonsense))).status_code == 200


@pytest.fixture(scope="module")
async def links(world: World, story: Journey) -> dict[str, list[str]]:
    """Every link that messages, events and case records carry, by the side that it is for, without the host."""
    pages, referral_id = Pages(""), UUID(story.referral_id)
    items = ok(await story.as_caseworker("GET", f"/sent-referral/{story.referral_id}/timeline"))
    ids = {one["kind"]: UUID(one["id"]) for one in items}
    today = story.world.clock.now().date().isoformat()
    asked = await story.as_caseworker("POST", REPORTS, json={"fromDate": today, "toDate": today})
    assert asked.status_code == 202, asked.text
    await world.drain()
    file = ok(await story.as_caseworker("GET", REPORTS))[0]["file"]
    return {
        "probation-practitioner": [
            pages.practitioner(referral_id), pages.practitioner(referral_id, "progress"),
            pages.practitioner(referral_id, "supplier-assessment"), pages.practitioner(referral_id, "action-plan"),
            pages.assessment_feedback(referral_id), pages.session_feedback(referral_id, 1, ids["APPOINTMENT_MISSED"]),
            pages.case_note(ids["CASE_NOTE"], for_provider=False), pages.report(ids["REPORT_SUBMITTED"]),
        ],
        "service-provider": [
            *(pages.provider(referral_id, *end) for end in ((), ("progress",), ("action-plan",))),
            pages.case_note(ids["CASE_NOTE"], for_provider=True), pages.performance_report(file),
        ],
    }  # fmt: skip


async def test_every_link_of_messages_leads_to_a_page(
    both: dict[str, Visitor], links: dict[str, list[str]]
) -> None:  # fmt: skip
    made = {name for name, one in vars(Pages).items() if isfunction(one) and not name.startswith("_")}
    assert made == {
        "practitioner", "provider", "assessment_feedback", "session_feedback", "case_note", "report",
        "performance_report",
    }  # fmt: skip
    for side, paths in links.items():
        for link in paths:
            page = await both[side].get(link)
            assert page.status_code == 200, link


async def test_a_link_of_the_other_side_offers_the_page_of_ones_own(
    both: dict[str, Visitor], links: dict[str, list[str]], story: Journey
) -> None:
    for side, other, people in ((*SIDES, "service providers"), (*reversed(SIDES), "probation practitioners")):
        for link in links[side]:
            page = await both[other].get(link)
            assert page.status_code == 403, link
            if "performance-report" in link:
                assert "for people with another role" in words(page)
                continue
            [button] = re.findall(rf'href="([^"]+)"[^>]*>\s*Open the page for {people}', page.text)
            shown = await both[other].get(button)
            assert shown.status_code == 200, button
            assert button == link.replace(side, other)
    provider, practitioner = both["service-provider"], both["probation-practitioner"]
    assert "Open the page for service providers" in words(await provider.get("/probation-practitioner/dashboard"))
    mine, theirs = (f"/{side}/referrals/{story.referral_id}" for side in SIDES)
    only_theirs = await practitioner.get(f"{theirs}/supplier-assessment/scheduled-confirmation")
    assert f'href="{mine}/progress"' in only_theirs.text
