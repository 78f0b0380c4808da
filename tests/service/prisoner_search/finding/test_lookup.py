"""Prisoners are read by number, by booking and by prison, whole or trimmed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.prisoner_search.custody import Custody
from tests.service.prisoner_search.finding.people import PNC, Cast
from tests.world import World
from throughcare.services.prisoner_search.document.model import catalogue

NUMBERS, BOOKINGS = "/prisoner-search/prisoner-numbers", "/prisoner-search/booking-ids"


async def test_a_prisoner_is_read_by_number_in_either_case(custody: Custody, cast: Cast) -> None:
    number = cast["connor"]
    assert (await custody.search.get(f"/prisoner/{number.lower()}")).json() == await custody.document(number)


@pytest.mark.parametrize("number", ["Z9999ZZ", "nobody", "%", "A0001AA%20"])
async def test_an_unknown_number_is_not_found(custody: Custody, number: str) -> None:
    reply = await custody.search.get(f"/prisoner/{number}")
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "PRISONER_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        (["pncNumber"], {"pncNumber": PNC}),
        (["lastName,pncNumber"], {"lastName": "O'CONNOR", "pncNumber": PNC}),
        (["lastName", "identifiers.type"], {"lastName": "O'CONNOR", "identifiers": [{"type": "PNC"}]}),
        (["currentIncentive.level.code", "lastName"], {"lastName": "O'CONNOR"}),
        (["aliases"], {"aliases": []}),
    ],
)
async def test_an_answer_is_trimmed_to_the_fields_asked_for(
    custody: Custody, cast: Cast, fields: list[str], answer: dict[str, Any]
) -> None:
    number, query = cast["connor"], {"responseFields": fields}
    assert (await custody.search.get(f"/prisoner/{number}", params=query)).json() == answer
    found = await custody.search.post(NUMBERS, json={"prisonerNumbers": [number]}, params=query)
    assert found.json() == [answer]


async def test_every_field_of_the_catalogue_may_be_asked_for_and_no_other(custody: Custody, cast: Cast) -> None:
    path = f"/prisoner/{cast['connor']}"
    known = [",".join(catalogue())]
    assert (await custody.search.get(path, params={"responseFields": known})).json() == await custody.document(
        cast["connor"]
    )
    wrong = await custody.search.get(path, params={"responseFields": ["lastName", "shoe", "aliases.shoe"]})
    assert (wrong.status_code, wrong.json()["errorCode"]) == (400, "RESPONSE_FIELDS_NOT_VALID")
    assert "Invalid response fields requested: [shoe, aliases.shoe]" in wrong.json()["userMessage"]


async def test_many_are_read_by_number_or_booking_in_order_and_once(custody: Custody, cast: Cast) -> None:
    asked = [cast["smith"], cast["jones"].lower(), "Z9999ZZ", cast["smith"]]
    assert await custody.found(NUMBERS, {"prisonerNumbers": asked}) == cast.sorted("smith", "jones")
    bookings = [int((await custody.document(cast[word]))["bookingId"]) for word in ("smith", "outside")]
    assert await custody.found(BOOKINGS, {"bookingIds": [*bookings, 999_999]}) == cast.sorted("smith", "outside")


@pytest.mark.parametrize(
    ("path", "body", "fields"),
    [
        (NUMBERS, {}, {"prisonerNumbers"}),
        (NUMBERS, {"prisonerNumbers": []}, {"prisonerNumbers"}),
        (NUMBERS, {"prisonerNumbers": ["A0001AA"] * 1001}, {"prisonerNumbers"}),
        (NUMBERS, {"prisonerNumbers": ["A0001AA", 7, None]}, {"prisonerNumbers.1", "prisonerNumbers.2"}),
        (BOOKINGS, {"bookingIds": []}, {"bookingIds"}),
        (BOOKINGS, {"bookingIds": ["x", 0, 2**63]}, {"bookingIds.0", "bookingIds.1", "bookingIds.2"}),
    ],
)
async def test_a_malformed_list_is_refused(custody: Custody, path: str, body: Any, fields: set[str]) -> None:
    reply = await custody.search.post(path, json=body)
    assert (reply.status_code, {one["field"] for one in reply.json()["errors"]}) == (400, fields)


async def test_a_prison_s_people_are_listed_by_name_in_pages(custody: Custody, cast: Cast) -> None:
    async def listed(prison: str, **query: Any) -> tuple[list[str], int]:
        page = (await custody.search.get(f"/prisoner-search/prison/{prison}", params=query)).json()
        return cast.words([one["prisonerNumber"] for one in page["content"]]), page["totalElements"]

    everybody = ["unknown", "unsaid", "connor", "smith", "smyth"]
    assert await listed("lei") == (everybody, 5)
    assert await listed("LEI", size=2, page=1) == (everybody[2:4], 5)
    assert await listed("LEI", size=2, page=5) == ([], 5)
    assert await listed("OUT") == (["outside"], 1)
    assert await listed("XXX") == ([], 0)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("ROLE_PRISONER_SEARCH", {"one", "numbers", "bookings", "prison"}),
        ("ROLE_GLOBAL_SEARCH", {"numbers", "bookings", "prison"}),
        ("ROLE_PRISONER_SEARCH__PRISONER__RO", {"one", "numbers", "bookings"}),
        ("ROLE_VIEW_PRISONER_DATA", {"one"}),
        ("ROLE_PRISONER_INDEX", set()),
    ],
)
async def test_each_role_opens_its_doors_and_no_others(world: World, cast: Cast, role: str, allowed: set[str]) -> None:
    client = await world.client("prisoner_search", roles=[role])
    statuses = {
        "one": (await client.get(f"/prisoner/{cast['smith']}")).status_code,
        "numbers": (await client.post(NUMBERS, json={"prisonerNumbers": ["A0001AA"]})).status_code,
        "bookings": (await client.post(BOOKINGS, json={"bookingIds": [1]})).status_code,
        "prison": (await client.get("/prisoner-search/prison/LEI")).status_code,
    }
    assert statuses == {name: 200 if name in allowed else 403 for name in statuses}
