"""Finding a service, and reading what it is."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.service.interventions.journey import PRACTITIONER, Json, demo_intervention, ok, signed_in
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT
from throughcare.ui.peers.kept import forget_kept

FINDER = "/find-interventions"


async def offered(world: World, **params: str) -> list[Json]:
    client = await signed_in(world, PRACTITIONER.username)
    found: list[Json] = ok(await client.get("/interventions", params=params))
    return found


def titles(page: httpx2.Response) -> list[str]:
    cards = re.findall(r'summary-card__title"><a class="govuk-link" href="[^"]+">([^<]+)</a>', page.text)
    return [unescape(one) for one in cards]


def links(page: httpx2.Response, text: str) -> list[str]:
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(?:<span[^>]*>[^<]*</span>)?([^<]*)</a>', page.text)
    return [unescape(href) for href, said in found if unescape(said).strip() == text]


async def test_every_open_service_is_found_in_the_order_of_names_a_page_at_a_time(
    practitioner: Visitor, world: World
) -> None:
    every = await offered(world)
    page = await practitioner.get(FINDER)
    assert (heading(page), 'data-page="FI-01"' in page.text) == ("Find interventions", True)
    assert f"{len(every)} results found." in words(page)
    names = sorted((one["title"] for one in every), key=str.casefold)
    assert titles(page) == names[:20]
    second = await practitioner.get(f"{FINDER}?page=2")
    assert titles(second) == names[20:40]
    last = -(-len(every) // 20)
    beyond = await practitioner.http.get(f"{FINDER}?page={last + 7}")
    assert (beyond.status_code, beyond.headers["location"]) == (303, f"{FINDER}?page={last}")


async def test_filters_narrow_what_is_found_and_can_be_taken_away(practitioner: Visitor, world: World) -> None:
    region = {"pccRegionIds": "derbyshire", "allowsMale": "true"}
    here = await offered(world, **region)
    page = await practitioner.get(f"{FINDER}?pcc-region-ids[]=derbyshire&gender[]=male")
    assert f"{len(here)} results found." in words(page)
    assert 'value="derbyshire" checked' in page.text
    [href] = links(page, "In: Derbyshire")
    assert href == f"{FINDER}?gender%5B%5D=male"
    wider = await practitioner.get(href)
    assert f"{len(await offered(world, allowsMale='true'))} results found." in words(wider)
    assert links(page, "Clear all filters") == [FINDER]


async def test_words_and_categories_and_sorting_work_together(practitioner: Visitor, world: World) -> None:
    every = await offered(world)
    category = next(each for one in every for each in one["serviceCategories"] if each["name"] == "Accommodation")
    fit = [one for one in every if any(each["id"] == category["id"] for each in one["serviceCategories"])]
    query = f"service-category-ids[]={category['id']}&sort=provider"
    page = await practitioner.get(f"{FINDER}?{query}")
    assert f"{len(fit)} result" in words(page)
    order = sorted(fit, key=lambda one: (one["serviceProvider"]["name"].casefold(), one["title"].casefold()))
    assert titles(page) == [one["title"] for one in order[:20]]
    name = order[0]["serviceProvider"]["name"]
    named = await practitioner.get(f"{FINDER}?{query}&search={name.split()[0]}")
    assert titles(named)
    assert f"Keywords: {name.split()[0]}" in words(named)


@pytest.mark.parametrize("search", ["<script>alert(1)</script>", "\u202eevil", "🙂" * 200, "%00", "x" * 5000])
async def test_whatever_is_searched_for_is_shown_as_text(practitioner: Visitor, search: str) -> None:
    page = await practitioner.http.get(FINDER, params={"search": search})
    assert page.status_code == 200
    assert "0 results found." in words(page)
    assert "<script>alert" not in page.text
    strange = await practitioner.http.get(FINDER, params={"pcc-region-ids[]": search, "service-category-ids[]": search})
    assert strange.status_code == 200
    assert "<script>alert" not in strange.text


async def test_nothing_found_offers_the_areas_around_and_everything(practitioner: Visitor) -> None:
    page = await practitioner.get(f"{FINDER}?pcc-region-ids[]=derbyshire&search=nothinglikethis")
    assert "0 results found." in words(page)
    [href] = links(page, "look in all of East Midlands")
    assert "leicestershire" in href
    assert links(page, "show every intervention") == [FINDER]


async def test_a_service_is_shown_with_outcomes_levels_and_whom_it_is_for(practitioner: Visitor, world: World) -> None:
    one = await demo_intervention(world)
    client = await signed_in(world, PRACTITIONER.username)
    [category] = one["serviceCategories"]
    path = f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}"
    now: dict[str, Any] = ok(await client.get(path))
    page = await practitioner.get(f"{FINDER}/intervention/{one['id']}?gender[]=male")
    assert (heading(page), 'data-page="FI-02"' in page.text) == (one["title"], True)
    for shown in (*now["desiredOutcomes"], *now["complexityLevels"]):
        assert shown["description"] in words(page)
    gone = {each["description"] for each in category["desiredOutcomes"]} - {
        each["description"] for each in now["desiredOutcomes"]
    }  # fmt: skip
    assert not any(f"<li>{each}</li>" in unescape(page.text) for each in gone)
    assert "aged 18 and over." in words(page)
    assert links(page, "Make a referral") == [f"/intervention/{one['id']}/refer?gender%5B%5D=male"]
    assert links(page, "Find interventions")[-1] == f"{FINDER}?gender%5B%5D=male"


async def test_a_service_that_takes_no_referrals_any_more_says_since_when(practitioner: Visitor, world: World) -> None:
    one = await demo_intervention(world)
    await until(world, "2024-09-01T00:00:00Z")
    try:
        page = await practitioner.get(f"{FINDER}/intervention/{one['id']}")
        assert "Closes to referrals on 1 September 2024" in words(page)
        await until(world, "2024-03-01T00:00:00Z")
        closed = await practitioner.get(f"{FINDER}/intervention/{one['id']}?gender[]=male")
        assert (closed.status_code, heading(closed)) == (410, "You cannot make a referral to this intervention")
        assert "stopped taking referrals on 1 March 2024." in words(closed)
        assert links(closed, "Find another intervention") == [f"{FINDER}?gender[]=male"]
    finally:
        await until(world, None)


async def until(world: World, moment: str | None) -> None:
    said = f"'{moment}'" if moment else "null"
    await world.fetch(
        f"update interventions.dynamic_framework_contract set referral_end_at = {said} where contract_reference = $1",
        DEMO_CONTRACT,
    )
    await world.fetch("update interventions.reference_version set digest = $1", new_id().hex)


async def test_an_unknown_service_is_not_found_and_a_provider_finds_none(world: World, practitioner: Visitor) -> None:
    page = await practitioner.get(f"{FINDER}/intervention/{new_id()}")
    assert (page.status_code, heading(page)) == (404, "Page not found")
    visitor = browser(world)
    assert (await visitor.sign_in(CASEWORKERS[0].username, FINDER)).status_code == 403
    await visitor.http.aclose()


async def test_the_finder_asks_once_for_what_changes_rarely(practitioner: Visitor, services: Switchboard) -> None:
    forget_kept()
    counts = []
    for _ in range(2):
        with services.asked("interventions") as asked:
            await practitioner.get(f"{FINDER}?gender[]=male")
        counts.append(sorted(asked))
    assert counts == [["GET /interventions", "GET /interventions", "GET /pcc-regions"], ["GET /interventions"]]


async def test_a_service_that_is_away_is_said(practitioner: Visitor, services: Switchboard) -> None:
    with services.away("interventions"):
        assert (await practitioner.get(FINDER)).status_code == 503
