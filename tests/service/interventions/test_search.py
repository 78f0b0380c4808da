"""Searching among referrals: by parts of numbers and names, not quite right, never beyond what one may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.service.interventions.journey import (
    CASE_DETAIL,
    CASES,
    CASEWORKER,
    OTHER_PRACTITIONER,
    PRACTITIONER,
    Journey,
    assigned_referral,
    ok,
    refused,
    sent_referral,
    signed_in,
    withdraw,
)
from tests.world import World

Found = Mapping[str, Journey]


@pytest.fixture(scope="module")
async def people(world: World) -> Found:
    """Referrals of people with names that are easily mistaken, one of them over."""
    made = {
        "smith": await sent_referral(world, **named("Catherine", "Smith")),
        "smythe": await assigned_referral(world, **named("Jon", "Smythe")),
        "hyphen": await sent_referral(world, **named("Anne-Marie", "O'Neill-Okafor")),
        "li": await sent_referral(world, **named("Wei", "Li")),
        "percent": await sent_referral(world, **named("100%", "Certain_")),
    }
    ok(await withdraw(made["li"]))
    return made


def named(forename: str, surname: str) -> dict[str, Any]:
    return {"serviceUser": {"firstName": forename, "lastName": surname, "dateOfBirth": "1985-04-12"}}


async def search(world: World, text: str, username: str = CASEWORKER.username) -> list[dict[str, Any]]:
    client = await signed_in(world, username)
    found: list[dict[str, Any]] = ok(await client.get("/sent-referrals/search", params={"q": text}))["content"]
    return found


async def names(world: World, people: Found, text: str, username: str = CASEWORKER.username) -> list[str]:
    """Which of the people are found, the best first."""
    by_id = {one.referral_id: name for name, one in people.items()}
    return [by_id[str(one["id"])] for one in await search(world, text, username)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("smith", ["smith", "smythe"]), ("SMITH", ["smith", "smythe"]), ("catherine smith", ["smith"]),
     ("Smith, Catherine", ["smith"]), ("smith catherine", ["smith"]), ("Katherine Smith", ["smith"]),
     ("ather", ["smith"]),
     ("smyth", ["smythe", "smith"]), ("j smythe", ["smythe"]), ("okafor", ["hyphen"]), ("o'neil", ["hyphen"]),
     ("li", ["li"]), ("wei li", ["li"]), ("zzz", []), ("smith okafor", []), ("certain_", ["percent"]),
     ("__", []), ("%%%", []), ("'; drop table referral; --", [])],
)  # fmt: skip
async def test_a_name_is_found_in_any_order_in_part_and_not_quite_right(
    world: World, people: Found, text: str, expected: list[str]
) -> None:
    assert await names(world, people, text) == expected
    assert await names(world, people, text, PRACTITIONER.username) == expected


async def test_identifiers_are_found_in_part_and_with_spaces(world: World, people: Found) -> None:
    [line] = await search(world, "okafor")
    reference, crn = str(line["referenceNumber"]), str(line["serviceUser"]["crn"])
    spaced = f" {reference[:2]} {reference[2:6]}  {reference[6:]} ".lower()
    for text in (crn, crn.lower(), crn[1:], reference, spaced, f"{crn} okafor"):
        assert (await names(world, people, text))[0] == "hyphen", text
    assert await names(world, people, f"{crn} smith") == []


async def test_a_line_says_who_it_is_and_how_the_referral_stands(world: World, people: Found) -> None:
    [line] = await search(world, "wei li")
    assert (line["dateOfBirth"], line["standing"]) == ("1985-04-12", "CANCELLED")
    assert line["serviceUser"] == {"crn": people["li"].crn, "firstName": "Wei", "lastName": "Li"}
    [taken] = await search(world, "jon smythe")
    assert taken["standing"] == "OPEN"
    assert taken["assignedTo"]["username"] == CASEWORKER.username


async def test_nobody_finds_what_they_may_not_see(world: World, people: Found) -> None:
    assert await names(world, people, "smith", OTHER_PRACTITIONER.username) == []
    crn = people["smith"].crn
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    limits = {"excludedFrom": [PRACTITIONER.username]}
    ok(await probation.put(f"/probation-case/{crn}/access-limitations", json=limits))
    assert await names(world, people, "catherine smith", PRACTITIONER.username) == []
    assert await names(world, people, crn, PRACTITIONER.username) == []
    await world.fetch(
        "update interventions.referral_summary set intervention_id = gen_random_uuid() where referral_id = $1::uuid",
        people["hyphen"].referral_id,
    )
    assert await names(world, people, "okafor") == []


@pytest.mark.parametrize("text", ["", " ", "a", "a b", "12", "x1"])
async def test_a_search_needs_something_to_go_by(world: World, text: str) -> None:
    client = await signed_in(world, CASEWORKER.username)
    refused(await client.get("/sent-referrals/search", params={"q": text}), 400, "SEARCH_TOO_SHORT")


async def test_no_more_than_fifty_are_told_and_that_there_are_more(world: World, people: Found) -> None:
    columns = "intervention_id, sent_at, sent_by, created_by, has_report, report_submitted, started"
    await world.fetch(f"""
        do $$ begin set local session_replication_role = replica;
        insert into interventions.referral_summary
               (referral_id, reference_number, crn, first_name, last_name, full_name, {columns})
        select gen_random_uuid(), 'QQ' || n || 'QQ', 'Z10' || n, 'Many', 'Zebedee', 'many zebedee', {columns}
          from interventions.referral_summary, generate_series(1001, 1051) n
         where referral_id = '{people["smythe"].referral_id}';
        end $$
    """)
    client = await signed_in(world, CASEWORKER.username)
    found = ok(await client.get("/sent-referrals/search", params={"q": "zebedee"}))
    assert (len(found["content"]), found["more"]) == (50, True)
    [one] = await search(world, "Z101051")
    assert one["referenceNumber"] == "QQ1051QQ"
