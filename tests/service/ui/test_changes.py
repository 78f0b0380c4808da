"""What was changed about a referral, for both sides."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.service.interventions.amending import amend, amended, changes
from tests.service.interventions.journey import Journey, ok, sent_referral
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

SIDES = ("probation-practitioner", "service-provider")
TEXT = "Wants to find work near <b>home</b>\nand to keep the flat"
REASON = "They rang & said so; this reason is longer than a line of a table would like it to be"


@pytest.fixture(scope="module")
async def both(world: World, services: Switchboard) -> AsyncIterator[dict[str, Visitor]]:
    """The browsers of the practitioner and the caseworker, signed in."""
    made = {side: browser(world) for side in SIDES}
    for visitor, account in zip(made.values(), (PRACTITIONERS[0], CASEWORKERS[0]), strict=True):
        await visitor.sign_in(account.username)
    yield made
    for visitor in made.values():
        await visitor.http.aclose()


@pytest.fixture(scope="module")
async def changed(world: World) -> Journey:
    """A referral of which several things were changed."""
    journey = await sent_referral(world)
    ok(await amend(journey, "referral-details", reasonForReferral="Wants to find work near", reasonForChange="First"))
    ok(await amend(journey, "referral-details", reasonForReferral=TEXT, reasonForChange=REASON))
    await amended(journey, "amend-probation-practitioner-name", ppName="Sam O'Neill")
    return journey


def log(side: str, journey: Journey, end: str = "") -> str:
    return f"/{side}/referrals/{journey.referral_id}/changelog{end}"


async def detail(both: dict[str, Visitor], side: str, journey: Journey, number: int) -> httpx2.Response:
    """The page of one change, counted from the newest."""
    one = (await changes(journey))[number]
    return await both[side].get(log(side, journey, f"/{one['changelogId']}/details"))


@pytest.mark.parametrize("side", SIDES)
async def test_the_log_shows_whole_reasons_and_who_changed_what(
    both: dict[str, Visitor], changed: Journey, side: str
) -> None:
    page = await both[side].get(log(side, changed))
    assert heading(page) == "Education, Training and Employment (ETE): change log"
    shown = words(page)
    assert REASON in shown
    assert PRACTITIONERS[0].name in shown
    assert PRACTITIONERS[0].username not in shown.replace(PRACTITIONERS[0].name, "")
    order = [shown.index(one) for one in ("Probation practitioner name", REASON, "First")]
    assert order == sorted(order)
    assert "Not provided" in shown
    assert re.search(r'aria-current="page">Change log<', page.text)
    links = re.findall(r'href="([^"]+/changelog/[^"]+/details)"', page.text)
    assert len(links) == 3
    assert (await both[side].get(links[0])).status_code == 200


@pytest.mark.parametrize("side", SIDES)
async def test_a_change_marks_what_was_added_and_escapes_it(
    both: dict[str, Visitor], changed: Journey, side: str
) -> None:
    page = await detail(both, side, changed, 1)
    assert heading(page) == "Reason for referral changed"
    assert "<b>home" not in page.text
    [added] = re.findall(r"<ins[^>]*>(.*?)</ins>", page.text, re.DOTALL)
    assert "&lt;b&gt;home&lt;/b&gt;\nand to keep the flat" in added
    assert "[added: " in added
    assert "<del" not in page.text
    assert REASON in words(page)
    assert PRACTITIONERS[0].name in words(page)


async def test_the_other_sides_log_is_not_for_one(both: dict[str, Visitor], changed: Journey) -> None:
    first, second = SIDES
    assert (await both[first].get(log(second, changed))).status_code == 403
    assert (await both[second].get(log(first, changed))).status_code == 403


async def test_a_change_of_another_referral_or_of_none_is_not_found(
    world: World, both: dict[str, Visitor], changed: Journey
) -> None:
    other = await sent_referral(world)
    [side, _] = SIDES
    one = (await changes(changed))[0]["changelogId"]
    for change_id in (one, new_id(), "nonsense"):
        assert (await both[side].get(log(side, other, f"/{change_id}/details"))).status_code == 404
    page = await both[side].get(log(side, other))
    assert "Nothing has been changed since the referral was sent." in words(page)
