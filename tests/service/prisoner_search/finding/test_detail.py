"""Somebody of whom parts are known is found in some prisons; ? is one character, * any run of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.finding.people import CRO, PNC, PNC_SHORT, Cast

PATH = "/prisoner-detail"
EVERYWHERE = ["LEI", "MDI", "OUT"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"lastName": "Smith", "includeAliases": False}, ["smith", "jones", "outside"]),
        ({"lastName": "sm?th", "includeAliases": False}, ["smith", "smyth", "jones", "outside"]),
        ({"lastName": "sm*h", "firstName": "jo*", "includeAliases": False}, ["smith", "smyth"]),
        ({"lastName": "*", "firstName": "jo?", "includeAliases": False}, ["smyth"]),
        ({"lastName": "o'con*", "includeAliases": False}, ["connor", "connor2"]),
        ({"lastName": "O*r", "firstName": "* an?"}, ["connor"]),
        ({"firstName": "mary*ann"}, []),
        ({"firstName": "m?ry", "lastName": "*connor*"}, ["connor", "connor2"]),
        ({"lastName": "jones"}, ["jones"]),
        ({"lastName": "?mith jon**"}, ["jones"]),
        ({"lastName": "ziel*", "firstName": "?ucja"}, ["lucja"]),
        ({"lastName": "smit"}, []),
        ({"lastName": "sm_th"}, []),
        ({"lastName": "%"}, []),
        ({"firstName": "*", "lastName": "smi* *", "includeAliases": False}, ["smith", "jones", "outside"]),
        ({"lastName": ".*"}, ["unknown", "unsaid", "connor", "connor2", "smith", "smyth", "jones", "lucja", "outside"]),
        ({"dateOfBirth": "1970-05-12"}, ["smith", "unknown"]),
        ({"dateOfBirth": "1970-05-12", "lastName": "s*"}, ["smith"]),
        ({"nomsNumber": "{smith}"}, ["smith"]),
        ({"nomsNumber": "{smith-small}"}, ["smith"]),
        ({"nomsNumber": "a000?a*", "firstName": "jon"}, ["smyth"]),
        ({"nomsNumber": "0"}, []),
        ({"pncNumber": PNC_SHORT}, ["connor"]),
        ({"pncNumber": "99/1234*"}, ["connor"]),
        ({"pncNumber": "1999/01?3456x"}, ["connor"]),
        ({"pncNumber": "1999/123*"}, ["connor"]),
        ({"pncNumber": "1999/"}, []),
        ({"croNumber": CRO}, ["smith"]),
        ({"croNumber": "2654*/21?"}, ["smith"]),
        ({"croNumber": "2654%"}, []),
        ({"croNumber": CRO, "pncNumber": PNC}, []),
    ],
)
async def test_parts_of_names_and_numbers_are_enough(
    custody: Custody, cast: Cast, query: dict[str, Any], found: list[str]
) -> None:
    numbers = {"{smith}": cast["smith"], "{smith-small}": cast["smith"].lower()}
    body = {name: numbers.get(value, value) if isinstance(value, str) else value for name, value in query.items()}
    assert await custody.found(PATH, {**body, "prisonIds": EVERYWHERE}) == cast.sorted(*found)


async def test_those_found_by_their_own_name_come_before_those_found_by_an_alias(custody: Custody, cast: Cast) -> None:
    found = await custody.found(PATH, {"lastName": "smi*", "prisonIds": ["lei", "mdi"]})
    assert found == [*cast.sorted("smith", "jones"), cast["smyth"]]
    whole = {"firstName": "Johnn?", "lastName": "smyth", "prisonIds": EVERYWHERE}
    assert await custody.found(PATH, whole) == []
    assert await custody.found(PATH, {**whole, "lastName": "smith"}) == [cast["smyth"]]


async def test_only_the_prisons_named_are_searched(custody: Custody, cast: Cast) -> None:
    assert await custody.found(PATH, {"lastName": "s*", "prisonIds": ["MDI"]}) == [cast["jones"]]
    assert await custody.found(PATH, {"prisonIds": ["OUT"]}) == [cast["outside"]]
    assert await custody.found(PATH, {"prisonIds": ["XXX"]}) == []


async def test_a_page_holds_a_hundred_at_most(custody: Custody, cast: Cast) -> None:
    body = {"prisonIds": EVERYWHERE, "pagination": {"page": 1, "size": 4}}
    page = (await custody.search.post(PATH, json=body)).json()
    assert (page["number"], page["size"], page["totalElements"], len(page["content"])) == (1, 4, 9, 4)
    wide = (await custody.search.post(PATH, json={**body, "pagination": {"size": 5000}})).json()
    assert (wide["number"], wide["size"], len(wide["content"])) == (0, 100, 9)


async def test_a_malformed_search_hears_of_every_wrong_field(custody: Custody) -> None:
    body = {"firstName": 1, "dateOfBirth": "?", "includeAliases": [], "pagination": {"page": -1, "size": 0}}
    reply = await custody.search.post(PATH, json=body)
    assert reply.status_code == 400
    assert {one["field"] for one in reply.json()["errors"]} == {
        "firstName", "dateOfBirth", "includeAliases", "prisonIds", "pagination.page", "pagination.size",
    }  # fmt: skip
    empty = await custody.search.post(PATH, json={"prisonIds": []})
    assert [one["field"] for one in empty.json()["errors"]] == ["prisonIds"]
