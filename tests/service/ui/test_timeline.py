"""The page that tells everything that happened to a referral, for both sides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx2
import pytest

from tests.service.interventions.eventful import eventful_referral
from tests.service.interventions.journey import Journey
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("probation-practitioner", "service-provider")
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


async def test_the_other_sides_timeline_is_not_for_one(both: dict[str, Visitor], story: Journey) -> None:
    first, second = SIDES
    assert (await both[first].get(path(second, story))).status_code == 403
    assert (await both[second].get(path(first, story))).status_code == 403
