"""The search among all referrals: found, marked, or told what to enter, and never what one may not see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.service.interventions.journey import Journey, assigned_referral, ok, sent_referral
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, OPERATORS, PRACTITIONERS


@dataclass
class Ground:
    """Both sides, and two referrals."""

    practitioner: Visitor
    provider: Visitor
    smith: Journey
    hostile: Journey


@pytest.fixture(scope="module")
async def ground(world: World, services: Switchboard) -> AsyncIterator[Ground]:
    """Two referrals, and browsers."""
    practitioner, provider = browser(world), browser(world)
    await practitioner.sign_in(PRACTITIONERS[0].username)
    await provider.sign_in(CASEWORKERS[0].username)
    smith = {"serviceUser": {"firstName": "Catherine", "lastName": "Smith", "dateOfBirth": "1985-04-12"}}
    hostile = {"serviceUser": {"firstName": "<script>x", "lastName": "Yates", "dateOfBirth": "1985-04-12"}}
    yield Ground(practitioner, provider, await assigned_referral(world, **smith), await sent_referral(world, **hostile))
    await practitioner.http.aclose()
    await provider.http.aclose()


async def test_a_person_is_found_by_a_name_not_quite_right_and_the_match_is_marked(ground: Ground) -> None:
    for visitor, page_of in ((ground.practitioner, "progress"), (ground.provider, "details")):
        page = await visitor.get("/search?q=smyth+cath")
        assert (page.status_code, heading(page)) == (200, "Search referrals")
        assert 'data-page="GS-01"' in page.text
        assert "<mark>Cath</mark>erine <mark>Smith</mark></a>" in page.text
        assert f"/referrals/{ground.smith.referral_id}/{page_of}" in page.text
        shown = words(page)
        assert "1 referral found" in shown
        for said in ("12 Apr 1985", ground.smith.crn, "GM - ETE", "Achieve NW", "Open", CASEWORKERS[0].name):
            assert said in shown
        assert CASEWORKERS[0].username not in page.text.partition("<main")[2]


async def test_a_whole_number_leads_straight_to_its_only_hit(ground: Ground) -> None:
    path = f"/sent-referral/{ground.smith.referral_id}"
    reference = ok(await ground.smith.as_practitioner("GET", path))["referenceNumber"]
    spaced = f"{reference[:2]} {reference[2:6]} {reference[6:]}".lower()
    for text in (reference, spaced, ground.smith.crn.lower()):
        answer = await ground.provider.http.get("/search", params={"q": text})
        where = f"/service-provider/referrals/{ground.smith.referral_id}/details"
        assert (answer.status_code, answer.headers["location"]) == (303, where)
    part = await ground.provider.http.get("/search", params={"q": ground.smith.crn[1:]})
    assert f"<mark>{ground.smith.crn[1:]}</mark>" in part.text


@pytest.mark.parametrize(
    ("query", "error"),
    [("?q=", "Enter a name, a CRN or a referral number"), ("?q=++", "Enter a name, a CRN or a referral number"),
     ("?q=a", "Enter at least 2 letters of a name, or 3 characters of a CRN or referral number")],
)  # fmt: skip
async def test_a_search_for_too_little_says_what_to_enter(ground: Ground, query: str, error: str) -> None:
    page = await ground.provider.get(f"/search{query}")
    assert page.status_code == 400
    assert f'<a href="#q">{error}</a>' in page.text


async def test_what_is_not_found_is_said_and_nothing_typed_is_executed(ground: Ground) -> None:
    assert (await ground.provider.get("/search")).status_code == 200
    page = await ground.provider.http.get("/search", params={"q": "<img onerror=q>\u202e" + "q" * 9000})
    assert (page.status_code, "<img" in page.text) == (200, False)
    assert "There are no results for" in words(page)
    found = await ground.provider.get("/search?q=yates")
    assert "&lt;Script&gt;X <mark>Yates</mark>" in found.text


async def test_nobody_finds_referrals_of_others(world: World, ground: Ground) -> None:
    other = browser(world)
    await other.sign_in(PRACTITIONERS[1].username)
    assert "There are no results for “catherine”" in words(await other.get("/search?q=catherine"))
    assert ground.smith.referral_id not in (await other.get(f"/search?q={ground.smith.crn}")).text
    await other.http.aclose()
    operator = browser(world)
    await operator.sign_in(OPERATORS[0].username)
    assert (await operator.get("/search?q=catherine")).status_code == 403
    await operator.http.aclose()
