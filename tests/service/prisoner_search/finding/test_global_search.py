"""Everybody is found by identifier or by name, exactly, and never by half a name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.finding.people import CRO, PNC, PNC_LONG, PNC_SHORT, Cast
from tests.world import World

PATH, IN_PRISONS = "/global-search", "/prisoner-search/match-prisoners"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"lastName": "o'connor"}, ["connor", "connor2"]),
        ({"lastName": "OCONNOR"}, ["connor", "connor2"]),
        ({"lastName": "O\u2019Connor", "firstName": "ann"}, ["connor"]),
        ({"lastName": "  O'Connor ", "firstName": " "}, ["connor", "connor2"]),
        ({"lastName": "connor"}, []),
        ({"firstName": "mary"}, ["connor", "connor2"]),
        ({"firstName": "Mary Ann"}, ["connor"]),
        ({"firstName": "ann mary"}, ["connor"]),
        ({"firstName": "Mar"}, []),
        ({"lastName": "smith"}, ["smith", "jones", "outside", "never"]),
        ({"lastName": "Smith Jones"}, ["jones"]),
        ({"firstName": "anne marie", "lastName": "smith-jones"}, ["jones"]),
        ({"firstName": "Lucja", "lastName": "Zielinski"}, ["lucja"]),
        ({"firstName": "ŁUCJA"}, ["lucja"]),
        ({"lastName": "Smith", "dateOfBirth": "1970-05-12"}, ["smith"]),
        ({"lastName": "Smith", "dateOfBirth": "1970-12-05"}, []),
        ({"lastName": "Smith", "gender": "F"}, ["jones"]),
        ({"lastName": "Smith", "gender": "M"}, ["smith", "outside", "never"]),
        ({"lastName": "Smith", "gender": "ALL"}, ["smith", "jones", "outside", "never"]),
        ({"firstName": "John", "gender": "NK"}, ["unknown"]),
        ({"firstName": "John", "gender": "NS"}, ["unsaid"]),
        ({"lastName": "Smith", "location": "IN"}, ["smith", "jones"]),
        ({"lastName": "Smith", "location": "OUT"}, ["outside"]),
        ({"lastName": "Smith", "location": "ALL"}, ["smith", "jones", "outside", "never"]),
        ({"lastName": "Smith", "includeAliases": True}, ["smith", "smyth", "jones", "outside", "never"]),
        ({"firstName": "johnny", "lastName": "Smith", "includeAliases": True}, ["smyth"]),
        ({"firstName": "johnny", "lastName": "Smyth", "includeAliases": True}, []),
        ({"firstName": "johnny", "includeAliases": True, "dateOfBirth": "1971-06-01"}, ["smyth"]),
        ({"firstName": "johnny", "includeAliases": True, "dateOfBirth": "1970-12-05"}, []),
        ({"firstName": "lucy", "includeAliases": True, "gender": "M"}, []),
        ({"firstName": "johnny", "includeAliases": False}, []),
        ({"lastName": "!?*"}, []),
        ({"lastName": "sm*th"}, []),
        ({"lastName": "%"}, []),
    ],
)
async def test_names_are_found_whole(custody: Custody, cast: Cast, query: dict[str, Any], found: list[str]) -> None:
    assert await custody.found(PATH, query) == cast.sorted(*found)


@pytest.mark.parametrize(
    ("identifier", "found"),
    [
        (PNC, ["connor"]), (PNC_SHORT, ["connor"]), (PNC_LONG.lower(), ["connor"]), (f" {PNC} ", ["connor"]),
        ("2099/0123456X", []), ("99/0123456A", []), (CRO, ["smith"]), (CRO.lower(), ["smith"]), ("265416/21", []),
    ],
)  # fmt: skip
async def test_numbers_are_found_in_every_form(custody: Custody, cast: Cast, identifier: str, found: list[str]) -> None:
    assert await custody.found(PATH, {"prisonerIdentifier": identifier}) == cast.sorted(*found)


@pytest.mark.parametrize("field", ["prisonerNumber", "bookingId", "bookNumber"])
async def test_a_prisoner_is_found_by_each_number_of_ours(custody: Custody, cast: Cast, field: str) -> None:
    number = str((await custody.document(cast["smyth"]))[field])
    assert await custody.found(PATH, {"prisonerIdentifier": number.lower()}) == [cast["smyth"]]


async def test_the_name_is_looked_at_only_when_nobody_has_the_identifier(custody: Custody, cast: Cast) -> None:
    named = {"firstName": "Jon", "lastName": "Smyth"}
    assert await custody.found(PATH, {"prisonerIdentifier": cast["smith"], **named}) == [cast["smith"]]
    assert await custody.found(PATH, {"prisonerIdentifier": "Z9999ZZ", **named}) == [cast["smyth"]]
    assert await custody.found(PATH, {"prisonerIdentifier": cast["outside"], "location": "IN"}) == []
    assert await custody.found(PATH, {"prisonerIdentifier": cast["outside"], "location": "OUT"}) == [cast["outside"]]


@pytest.mark.parametrize("path", [PATH, IN_PRISONS])
@pytest.mark.parametrize(
    "body", [{}, {"gender": "M"}, {"prisonerIdentifier": " ", "firstName": ""}, {"lastName": None}]
)
async def test_a_search_for_nothing_is_refused(custody: Custody, path: str, body: dict[str, Any]) -> None:
    reply = await custody.search.post(path, json=body)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "NOTHING_TO_SEARCH")


async def test_a_malformed_search_hears_of_every_wrong_field(custody: Custody) -> None:
    body = {
        "firstName": 7, "lastName": "x" * 101, "gender": "X", "location": "HERE", "dateOfBirth": "soon",
        "includeAliases": "perhaps",
    }  # fmt: skip
    reply = await custody.search.post(PATH, json=body)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")
    assert {one["field"] for one in reply.json()["errors"]} == set(body)
    assert (await custody.search.post(PATH, content=b"{")).status_code == 400


@pytest.mark.parametrize(
    ("query", "page", "size", "content"),
    [
        ({}, 0, 10, 4), ({"size": 3}, 0, 3, 3), ({"size": 3, "page": 1}, 1, 3, 1), ({"size": 3, "page": 9}, 9, 3, 0),
        ({"size": "", "page": ""}, 0, 10, 4), ({"size": "many", "page": "last"}, 0, 10, 4),
        ({"size": 0, "page": -1}, 0, 10, 4), ({"size": 100_000}, 0, 3000, 4), ({"size": "1.5"}, 0, 10, 4),
    ],
)  # fmt: skip
async def test_pages_fall_back_to_the_first_ten(
    custody: Custody, cast: Cast, query: dict[str, Any], page: int, size: int, content: int
) -> None:
    reply = (await custody.search.post(PATH, json={"lastName": "Smith"}, params=query)).json()
    assert (reply["number"], reply["size"], len(reply["content"]), reply["totalElements"]) == (page, size, content, 4)
    assert reply["totalPages"] == -(-4 // size)


async def test_pages_neither_overlap_nor_leave_anybody_out(custody: Custody, cast: Cast) -> None:
    pages = [await custody.found(PATH, {"lastName": "Smith"}, size=1, page=page) for page in range(5)]
    assert [number for page in pages for number in page] == cast.sorted("smith", "jones", "outside", "never")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"lastName": "Smith"}, ["smith", "jones", "outside", "never"]),
        ({"lastName": "Smith", "prisonIds": []}, ["smith", "jones", "outside", "never"]),
        ({"lastName": "Smith", "prisonIds": ["lei"]}, ["smith"]),
        ({"lastName": "Smith", "prisonIds": ["LEI", "MDI"]}, ["smith", "jones"]),
        ({"lastName": "Smith", "prisonIds": ["LEI"], "includeAliases": True}, ["smith", "smyth"]),
        ({"prisonerIdentifier": PNC_SHORT, "prisonIds": ["LEI"]}, ["connor"]),
        ({"prisonerIdentifier": PNC_SHORT, "prisonIds": ["MDI"]}, []),
        ({"prisonerIdentifier": PNC_SHORT, "prisonIds": ["MDI"], "lastName": "O'Connor"}, ["connor2"]),
    ],
)
async def test_people_are_found_within_prisons(
    custody: Custody, cast: Cast, query: dict[str, Any], found: list[str]
) -> None:
    assert await custody.found(IN_PRISONS, query) == cast.sorted(*found)


@pytest.mark.parametrize("path", [PATH, IN_PRISONS])
async def test_searching_needs_a_role(world: World, path: str) -> None:
    body = {"lastName": "Smith"}
    for role, status in (("ROLE_GLOBAL_SEARCH", 200), ("ROLE_PRISONER_SEARCH", 200), ("ROLE_VIEW_PRISONER_DATA", 403)):
        client = await world.client("prisoner_search", roles=[role])
        assert (await client.post(path, json=body)).status_code == status
    assert (await world.anonymous("prisoner_search").post(path, json=body)).status_code == 401
