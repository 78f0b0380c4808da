"""A person who is known elsewhere is matched with the index, by the surest stage that finds anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.finding.people import CRO, PNC, PNC_SHORT, Cast
from tests.world import World

MATCH, POSSIBLE = "/match-prisoners", "/prisoner-search/possible-matches"


async def match(custody: Custody, **body: Any) -> tuple[str, list[str]]:
    """The stage and the numbers of those who match."""
    reply = await custody.search.post(MATCH, json=body)
    assert reply.status_code == 200, reply.text
    answer = reply.json()
    return answer["matchedBy"], [one["prisoner"]["prisonerNumber"] for one in answer["matches"]]


@pytest.mark.parametrize(
    ("known", "stage", "found"),
    [
        ({"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-05-12"}, "ALL_SUPPLIED", ["smith"]),
        ({"lastName": "smith", "croNumber": CRO.lower()}, "ALL_SUPPLIED", ["smith"]),
        ({"lastName": "oconnor", "pncNumber": PNC_SHORT}, "ALL_SUPPLIED", ["connor"]),
        ({"lastName": "O'Connor"}, "ALL_SUPPLIED", ["connor", "connor2"]),
        ({"firstName": "Johnny", "lastName": "Smith", "dateOfBirth": "1971-06-01"}, "ALL_SUPPLIED_ALIAS", ["smyth"]),
        ({"lastName": "Nobody", "nomsNumber": "{jones}"}, "HMPPS_KEY", ["jones"]),
        ({"lastName": "Nobody", "nomsNumber": "{jones-small}"}, "HMPPS_KEY", ["jones"]),
        ({"lastName": "Nobody", "nomsNumber": "{jones}", "pncNumber": PNC}, "HMPPS_KEY", ["jones"]),
        ({"lastName": "Smith", "firstName": "Jim", "croNumber": CRO}, "EXTERNAL_KEY", ["smith"]),
        ({"lastName": "Jackson", "dateOfBirth": "1970-05-12", "croNumber": CRO}, "EXTERNAL_KEY", ["smith"]),
        ({"lastName": "O'Connor", "dateOfBirth": "1999-09-09", "pncNumber": PNC_SHORT}, "EXTERNAL_KEY", ["connor"]),
        ({"lastName": "Smith", "croNumber": CRO, "pncNumber": PNC}, "EXTERNAL_KEY", ["smith"]),
        ({"lastName": "Jackson", "croNumber": CRO}, "NOTHING", []),
        (
            {"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-05-12", "pncNumber": "2001/0000001A"},
            "NAME",
            ["smith"],
        ),
        (
            {"firstName": "Johnny", "lastName": "Smith", "dateOfBirth": "1971-06-01", "nomsNumber": "Z9999ZZ"},
            "NAME",
            ["smyth"],
        ),
        ({"firstName": "Jim", "lastName": "Smith", "dateOfBirth": "1970-05-12"}, "PARTIAL_NAME", ["smith"]),
        ({"firstName": "Jim", "lastName": "Smith"}, "PARTIAL_NAME", ["smith", "jones", "outside", "never"]),
        (
            {"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-12-05"},
            "PARTIAL_NAME_DOB_LENIENT",
            ["smith"],
        ),
        (
            {"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-05-13"},
            "PARTIAL_NAME_DOB_LENIENT",
            ["smith"],
        ),
        (
            {"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-11-12"},
            "PARTIAL_NAME_DOB_LENIENT",
            ["smith"],
        ),
        (
            {"firstName": "Johnny", "lastName": "Smyth", "dateOfBirth": "1970-12-06"},
            "PARTIAL_NAME_DOB_LENIENT",
            ["smyth"],
        ),
        ({"firstName": "Jim", "lastName": "Smith", "dateOfBirth": "1970-05-13"}, "NOTHING", []),
        ({"firstName": "John", "lastName": "Smith", "dateOfBirth": "1970-05-14"}, "NOTHING", []),
        ({"firstName": "Mary", "lastName": "O'Connor", "dateOfBirth": "1981-02-28"}, "NOTHING", []),
        ({"lastName": "Nobody"}, "NOTHING", []),
        ({"lastName": "?!"}, "NOTHING", []),
    ],
)
async def test_the_first_stage_that_finds_anybody_wins(
    custody: Custody, cast: Cast, known: dict[str, Any], stage: str, found: list[str]
) -> None:
    numbers = {"{jones}": cast["jones"], "{jones-small}": cast["jones"].lower()}
    body = {name: numbers.get(value, value) for name, value in known.items()}
    assert await match(custody, **body) == (stage, cast.sorted(*found))


async def test_at_most_ten_match(custody: Custody) -> None:
    for day in range(1, 13):
        await custody.prison.person(lastName="Legion", dateOfBirth=f"1980-01-{day:02}")
    await custody.world.drain()
    stage, found = await match(custody, lastName="Legion")
    assert (stage, len(found)) == ("ALL_SUPPLIED", 10)


async def test_a_match_needs_a_last_name_and_hears_of_every_wrong_field(custody: Custody, world: World) -> None:
    wrong = {"firstName": 7, "dateOfBirth": "1970-13-01", "pncNumber": "x" * 31, "croNumber": [], "nomsNumber": {}}
    reply = await custody.search.post(MATCH, json=wrong)
    assert (reply.status_code, {one["field"] for one in reply.json()["errors"]}) == (400, {*wrong, "lastName"})
    numbers = await custody.search.post(MATCH, json={"lastName": "Smith", "dateOfBirth": 19700512})
    assert [one["field"] for one in numbers.json()["errors"]] == ["dateOfBirth"]
    today = world.clock.today()
    for day, status in ((today, 400), (today + timedelta(days=1), 400), (today - timedelta(days=1), 200)):
        body = {"lastName": "Smith", "dateOfBirth": day.isoformat()}
        reply = await custody.search.post(MATCH, json=body)
        assert reply.status_code == status
        if status == 400:
            assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [
                ("dateOfBirth", "DATE_OF_BIRTH_NOT_PAST")
            ]


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"nomsNumber": "{jones}"}, ["jones"]),
        ({"pncNumber": PNC_SHORT}, ["connor"]),
        ({"lastName": "Smith", "dateOfBirth": "1970-05-12"}, ["smith"]),
        ({"lastName": "Smith", "dateOfBirth": "1971-06-01"}, ["smyth"]),
        ({"lastName": "Smith", "firstName": "Jim", "dateOfBirth": "1970-05-12"}, []),
        (
            {"nomsNumber": "{jones}", "pncNumber": PNC, "lastName": "Smith", "dateOfBirth": "1970-05-12"},
            ["jones", "connor", "smith"],
        ),
        ({"nomsNumber": "{jones}", "lastName": "Smith-Jones", "dateOfBirth": "1990-07-01"}, ["jones"]),
        ({"nomsNumber": "Z9999ZZ"}, []),
    ],
)
async def test_everybody_who_may_be_the_person_is_possible_once(
    custody: Custody, cast: Cast, known: dict[str, Any], found: list[str]
) -> None:
    body = {name: cast["jones"].lower() if value == "{jones}" else value for name, value in known.items()}
    assert await custody.found(POSSIBLE, body) == cast.sorted(*found)


@pytest.mark.parametrize("body", [{}, {"firstName": "John"}, {"lastName": "Smith"}, {"dateOfBirth": "1970-05-12"}])
async def test_too_little_to_match_by_is_refused(custody: Custody, body: dict[str, Any]) -> None:
    reply = await custody.search.post(POSSIBLE, json=body)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "NOTHING_TO_MATCH")
