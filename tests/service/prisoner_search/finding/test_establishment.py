"""The people of one prison are found by the beginnings of their names, by numbers, cells, ages and alerts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.finding.people import CRO, PNC_SHORT, Cast
from tests.world import World

PEOPLE = ["unknown", "unsaid", "connor", "smith", "smyth"]


async def listed(custody: Custody, cast: Cast, prison: str = "LEI", **query: Any) -> list[str]:
    """Who is found, in the order of the answer."""
    reply = await custody.search.get(f"/prison/{prison}/prisoners", params=query)
    assert reply.status_code == 200, reply.text
    return cast.words([one["prisonerNumber"] for one in reply.json()["content"]])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, PEOPLE),
        ({"term": ""}, PEOPLE),
        ({"term": "smi"}, ["smith"]),
        ({"term": "SM"}, ["smith", "smyth"]),
        ({"term": "jo"}, ["unknown", "unsaid", "smith", "smyth"]),
        ({"term": "jo s"}, ["smith", "smyth"]),
        ({"term": "smith, john"}, ["smith"]),
        ({"term": "smith;john"}, ["smith"]),
        ({"term": "john+doe"}, ["unknown", "unsaid"]),
        ({"term": "oconn"}, ["connor"]),
        ({"term": "O'C"}, ["connor"]),
        ({"term": "mary a"}, ["connor"]),
        ({"term": "ary"}, []),
        ({"term": "mith"}, []),
        ({"term": "j%"}, ["unknown", "unsaid", "smith", "smyth"]),
        ({"term": "%"}, []),
        ({"term": PNC_SHORT}, ["connor"]),
        ({"term": CRO.lower()}, ["smith"]),
        ({"term": f"{CRO} bananas"}, []),
        ({"fromDob": "1970-05-12", "toDob": "1970-05-13"}, ["unknown", "unsaid", "smith"]),
        ({"fromDob": "1970-12-05"}, ["connor", "smyth"]),
        ({"toDob": "1970-05-12", "term": "s"}, ["smith"]),
        ({"cellLocationPrefix": "LEI-A"}, ["connor", "smith"]),
        ({"cellLocationPrefix": "a-2"}, ["smith"]),
        ({"cellLocationPrefix": "A%"}, []),
        ({"cellLocationPrefix": "MDI-A"}, []),
        ({"alerts": "XA"}, ["smith"]),
        ({"alerts": ["XA", "HA"]}, ["smith", "smyth"]),
        ({"alerts": "XA,HA"}, ["smith", "smyth"]),
        ({"alerts": "XEL"}, []),
        ({"incentiveLevelCode": "STD"}, []),
        ({"sort": "firstName"}, ["smith", "unknown", "unsaid", "smyth", "connor"]),
        ({"sort": "dateOfBirth,desc"}, ["connor", "smyth", "unsaid", "smith", "unknown"]),
        ({"sort": "lastName,firstName,desc"}, ["smyth", "smith", "connor", "unknown", "unsaid"]),
        ({"sort": ["lastName,desc", "dateOfBirth,desc"]}, ["smyth", "smith", "connor", "unsaid", "unknown"]),
        ({"sort": "cellLocation", "cellLocationPrefix": "A"}, ["connor", "smith"]),
        ({"size": 2, "page": 1}, ["connor", "smith"]),
        ({"size": "all", "page": ""}, PEOPLE),
    ],
)
async def test_a_prison_s_people_are_found_and_sorted(
    custody: Custody, cast: Cast, query: dict[str, Any], found: list[str]
) -> None:
    assert await listed(custody, cast, **query) == found


async def test_a_prisoner_number_among_the_words_stands_for_all_of_them(custody: Custody, cast: Cast) -> None:
    number = cast["smyth"]
    assert await listed(custody, cast, term=f"bananas {number.lower()}") == ["smyth"]
    assert await listed(custody, cast, term=cast["jones"]) == []
    assert await listed(custody, cast, prison="mdi", term=cast["jones"]) == ["jones"]
    booking = (await custody.document(number))["bookNumber"]
    assert await listed(custody, cast, term=booking.lower()) == ["smyth"]


async def test_answers_are_trimmed_and_counted(custody: Custody, cast: Cast) -> None:
    query: dict[str, Any] = {"term": "s", "responseFields": "lastName", "size": 1}
    page = (await custody.search.get("/prison/LEI/prisoners", params=query)).json()
    assert (page["content"], page["totalElements"], page["size"]) == ([{"lastName": "SMITH"}], 2, 1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "shoeSize"}, "SORT_NOT_VALID"),
        ({"sort": "lastName,down"}, "SORT_NOT_VALID"),
        ({"responseFields": "shoe"}, "RESPONSE_FIELDS_NOT_VALID"),
        ({"fromDob": "1970-13-01"}, "INVALID"),
        ({"toDob": "0"}, "INVALID"),
        ({"term": "x" * 201}, "INVALID"),
    ],
)
async def test_what_cannot_be_asked_is_refused(custody: Custody, query: dict[str, Any], code: str) -> None:
    reply = await custody.search.get("/prison/LEI/prisoners", params=query)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, code)


@pytest.mark.parametrize(
    ("role", "status"),
    [("ROLE_PRISONER_IN_PRISON_SEARCH", 200), ("ROLE_PRISONER_SEARCH", 200), ("ROLE_GLOBAL_SEARCH", 403)],
)
async def test_searching_a_prison_needs_its_role(world: World, role: str, status: int) -> None:
    client = await world.client("prisoner_search", roles=[role])
    assert (await client.get("/prison/LEI/prisoners")).status_code == status
