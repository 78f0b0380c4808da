"""The details of a sent referral for both sides, and assigning a caseworker from there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.service.interventions.journey import (
    Journey,
    assigned_referral,
    concluded_referral,
    ok,
    planned_referral,
    sent_referral,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import BASE_URL, World, hidden_field
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS
from throughcare.ui.peers.users import forget_names

ALEX, SAM = CASEWORKERS
NOBODY = "01a22456-1774-7230-a36d-3d19aa0332a6"


@dataclass
class Sides:
    """The browsers of both sides, and a referral that nobody works on."""

    practitioner: Visitor
    provider: Visitor
    waiting: Journey


@pytest.fixture(scope="module")
async def sides(world: World, services: Switchboard) -> AsyncIterator[Sides]:
    """Both sides, signed in."""
    practitioner, provider = browser(world), browser(world)
    await practitioner.sign_in(PRACTITIONERS[0].username)
    await provider.sign_in(ALEX.username)
    hostile: dict[str, Any] = {"reasonForReferral": "Wants work\n<script>alert(1)</script>"}
    yield Sides(practitioner, provider, await sent_referral(world, **hostile))
    await practitioner.http.aclose()
    await provider.http.aclose()


def at(side: str, journey: Journey, page: str = "details") -> str:
    return f"/{side}/referrals/{journey.referral_id}/{page}"


def pp(journey: Journey, page: str = "details") -> str:
    return at("probation-practitioner", journey, page)


def sp(journey: Journey, page: str = "details") -> str:
    return at("service-provider", journey, page)


async def assignee(journey: Journey) -> str | None:
    found = ok(await journey.as_caseworker("GET", f"/sent-referral/{journey.referral_id}"))["assignedTo"]
    return found["username"] if found else None


async def test_both_sides_read_the_referral_and_only_the_practitioner_can_change_it(sides: Sides) -> None:
    mine, theirs = await sides.practitioner.get(pp(sides.waiting)), await sides.provider.get(sp(sides.waiting))
    for page in (mine, theirs):
        assert (page.status_code, heading(page)) == (200, "Jo Bloggs: referral details")
        assert 'data-page="RO-01"' in page.text
        assert re.search(r'aria-current="page">(View or change referral|Referral details)<', page.text)
        assert "Theft" in page.text
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "Risk of serious harm (RoSH) levels" in words(page)
        main = page.text.partition("<main")[2]
        assert not any(one.username in main for one in (*CASEWORKERS, *PRACTITIONERS))
    assert "Date referral submitted" in words(mine)
    assert "Date intervention received" in words(theirs)
    assert f'href="{pp(sides.waiting, "update-maximum-enforceable-days")}"' in mine.text
    assert f'href="/referrals/{sides.waiting.referral_id}/completion-deadline"' in mine.text
    assert "update-complexity-level" in mine.text
    assert "amend-prison-establishment" not in mine.text
    assert ">Change<" not in theirs.text
    assert (await sides.practitioner.get(sp(sides.waiting))).status_code == 403
    assert (await sides.provider.get(pp(sides.waiting))).status_code == 403


async def test_outcomes_cannot_be_changed_once_a_plan_is_approved_and_nothing_once_it_is_over(
    world: World, sides: Sides
) -> None:
    planned, over = await planned_referral(world), await concluded_referral(world)
    page = await sides.practitioner.get(pp(planned))
    assert "update-desired-outcomes" not in page.text
    assert "update-complexity-level" not in page.text
    assert "update-maximum-enforceable-days" in page.text
    ended = await sides.practitioner.get(pp(over))
    assert "Date intervention completed or withdrawn" in words(ended)
    assert ">Change<" not in ended.text
    assert "Who do you want to assign" not in (await sides.provider.get(sp(over))).text


@pytest.mark.parametrize(
    ("away", "said"),
    [("probation", ["Not available – nDelius is not answering", "Jo Bloggs"]),
     ("risks_and_needs", ["The risk levels are not available", "Not available – could not be loaded"])],
)  # fmt: skip
async def test_what_cannot_be_had_is_said_and_the_rest_stays(
    sides: Sides, services: Switchboard, away: str, said: list[str]
) -> None:
    with services.away(away):
        page = await sides.provider.get(sp(sides.waiting))
    assert (page.status_code, heading(page)) == (200, "Jo Bloggs: referral details")
    for one in [*said, "Wants work", "Derby: Derwent Centre"]:
        assert one in words(page), one


async def test_without_the_directory_a_practitioner_still_reads_the_referral(
    sides: Sides, services: Switchboard
) -> None:
    forget_names()
    with services.away("auth"):
        page = await sides.practitioner.get(pp(sides.waiting))
    assert page.status_code == 200
    assert "Not available – the account could not be loaded" in words(page)


async def test_of_a_person_in_prison_the_prison_and_the_release_are_told_and_can_be_changed(
    world: World, sides: Sides
) -> None:
    journey = await sent_referral(
        world, personCurrentLocationType="CUSTODY", personCustodyPrisonId="MDI", expectedReleaseDate="2024-08-01",
        allocatedCommunityPP=True,
    )  # fmt: skip
    page = await sides.practitioner.get(pp(journey))
    assert "1 Aug 2024 (Thu)" in words(page)
    assert "Prison establishment" in words(page)
    for end in ("amend-prison-establishment", "amend-expected-release-date"):
        assert f'href="{pp(journey, end)}"' in page.text


async def test_a_referral_that_is_not_there_is_not_found(sides: Sides) -> None:
    for path in (f"/probation-practitioner/referrals/{NOBODY}/details", "/probation-practitioner/referrals/x/details"):
        page = await sides.practitioner.get(path)
        assert (page.status_code, heading(page)) == (404, "Page not found")


@pytest.mark.parametrize(
    ("email", "error"),
    [("", "Enter the caseworker’s email address"), ("   ", "Enter the caseworker’s email address"),
     ("alex", "Enter an email address in the correct format, like name@justice.gov.uk"),
     ("nobody@provider.example.test", "We cannot find a user with this email address"),
     ("x" * 300 + "@y.example", "Email address must be 250 characters or fewer"),
     ("<b>@\u202e.example", "We cannot find a user with this email address")],
)  # fmt: skip
async def test_a_wrong_email_address_is_refused_on_the_page_of_details_and_kept(
    sides: Sides, email: str, error: str
) -> None:
    form = await sides.provider.get(sp(sides.waiting))
    answer = await sides.provider.send(form, sp(sides.waiting, "assignment/start"), {"email": email})
    assert (answer.status_code, heading(answer)) == (400, "Jo Bloggs: referral details")
    assert "<title>Error: Jo Bloggs: referral details" in answer.text
    assert f'<a href="#email">{error}</a>' in answer.text
    assert "<b>@" not in answer.text
    assert await assignee(sides.waiting) is None


async def test_without_the_directory_nothing_typed_is_lost(sides: Sides, services: Switchboard) -> None:
    form = await sides.provider.get(sp(sides.waiting))
    path = sp(sides.waiting, "assignment/start")
    with services.away("auth"):
        answer = await sides.provider.send(form, path, {"email": SAM.email})
    assert answer.status_code == 503
    assert "What you typed is kept" in words(answer)
    assert f'value="{SAM.email}"' in (await sides.provider.get(path)).text


async def test_a_caseworker_is_assigned_once_after_a_last_look(world: World, sides: Sides) -> None:
    journey = await sent_referral(world)
    form = await sides.provider.get(sp(journey))
    fields = {"email": SAM.email.upper(), "request_id": str(uuid4())}
    started = await sides.provider.send(form, sp(journey, "assignment/start"), fields)
    again = await sides.provider.send(form, sp(journey, "assignment/start"), fields)
    path = started.headers["location"]
    assert (started.status_code, again.headers["location"]) == (303, path)
    check = await sides.provider.get(path)
    assert heading(check) == "Confirm the Education, Training and Employment (ETE) referral assignment"
    assert f"Caseworker{SAM.name} {SAM.email}" in words(check)
    assert await assignee(journey) is None
    submit = path.replace("/check", "/submit")
    first, second = await sides.provider.send(check, submit), await sides.provider.send(check, submit)
    assert (first.status_code, first.headers["location"]) == (303, sp(journey, "assignment/confirmation"))
    assert second.headers["location"] == first.headers["location"]
    assert await assignee(journey) == SAM.username
    assert (await journey.event_types()).count("referral.assigned") == 1
    confirmed = await sides.provider.get(first.headers["location"])
    assert (heading(confirmed), 'data-page="AS-02"' in confirmed.text) == ("Caseworker assigned", True)
    assert SAM.name in words(confirmed)
    gone = await sides.provider.get(path)
    assert (gone.status_code, heading(gone)) == (410, "This page is no longer available")
    assert "assigned this referral" in words(gone)
    assert first.headers["location"] in gone.text


async def test_a_referral_can_be_given_to_somebody_else_and_to_oneself(world: World, sides: Sides) -> None:
    journey = await assigned_referral(world)
    page = await sides.provider.get(sp(journey))
    assert f"This intervention is assigned to {ALEX.name} ({ALEX.email})." in words(page).replace("<wbr>", "")
    assert "Change assignment" in words(page)
    for fields, who in (({"email": SAM.email}, SAM), ({"to": "me"}, ALEX)):
        started = await sides.provider.send(page, sp(journey, "assignment/start"), fields)
        check = await sides.provider.get(started.headers["location"])
        done = await sides.provider.send(check, started.headers["location"].replace("/check", "/submit"))
        assert done.headers["location"] == sp(journey, "assignment/confirmation")
        assert await assignee(journey) == who.username


async def test_somebody_without_the_contract_is_refused_in_words(world: World, sides: Sides) -> None:
    journey = await sent_referral(world)
    email = "robin.elsewhere@provider.example.test"
    await world.fetch(
        "insert into auth.users (user_id, username, source, source_id, email, verified, first_name, last_name, enabled,"
        " failures, created_at) values ($1::uuid, 'ROBIN.ELSEWHERE', 'auth', $1::uuid::text, $2, true, 'Robin',"
        " 'Elsewhere', true, 0, now())",
        uuid4(), email,
    )  # fmt: skip
    form = await sides.provider.get(sp(journey))
    started = await sides.provider.send(form, sp(journey, "assignment/start"), {"email": email})
    path = started.headers["location"].replace("/check", "/submit")
    check = await sides.provider.get(started.headers["location"])
    answer = await sides.provider.send(check, path)
    assert answer.status_code == 400
    assert "Robin Elsewhere cannot work on referrals of this contract." in words(answer)
    assert await assignee(journey) is None


async def test_work_of_another_and_on_another_referral_is_not_shown(world: World, sides: Sides) -> None:
    form = await sides.provider.get(sp(sides.waiting))
    started = await sides.provider.send(form, sp(sides.waiting, "assignment/start"), {"email": SAM.email})
    path = started.headers["location"]
    elsewhere = path.replace(sides.waiting.referral_id, NOBODY)
    assert (await sides.provider.get(elsewhere)).status_code == 410
    other = browser(world)
    await other.sign_in(SAM.username)
    assert (await other.get(path)).status_code == 403
    await other.http.aclose()


UNASSIGNED = "/service-provider/dashboard/unassigned-cases"


async def chosen(visitor: Visitor, *journeys: Journey) -> httpx2.Response:
    """The answer to choosing these on the list of referrals that nobody works on."""
    form = await visitor.get(UNASSIGNED)
    token = {"csrf_token": hidden_field(form.text, "csrf_token"), "request_id": str(uuid4())}
    ids = [one.referral_id for one in journeys]
    return await visitor.http.post(UNASSIGNED, data={**token, "referral": ids}, headers={"Origin": BASE_URL})


async def test_several_referrals_are_assigned_after_one_look_each_once(world: World, sides: Sides) -> None:
    first, second, other = [await sent_referral(world) for _ in range(3)]
    started = await chosen(sides.provider, first, second)
    path = started.headers["location"]
    check = await sides.provider.get(path)
    assert (started.status_code, heading(check)) == (303, "Assign 2 referrals")
    wrong = await sides.provider.send(check, path, {"email": "nobody@provider.example.test"})
    assert wrong.status_code == 400
    assert "We cannot find a user with this email address" in words(wrong)
    answers = [await sides.provider.send(check, path, {"email": SAM.email}) for _ in range(2)]
    where = "/service-provider/dashboard/all-open-cases"
    assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, where)] * 2
    assert "The referrals were assigned." in words(await sides.provider.get(where))
    for one in (first, second):
        assert await assignee(one) == SAM.username
        assert (await one.event_types()).count("referral.assigned") == 1
    assert await assignee(other) is None
    assert (await sides.provider.get(path)).status_code == 410


async def test_choosing_nothing_or_what_is_not_on_the_list_is_refused(sides: Sides) -> None:
    strange = Journey(sides.waiting.world, "X1", 1, referral_id=NOBODY)
    for answer in (await chosen(sides.provider), await chosen(sides.provider, strange)):
        assert (answer.status_code, heading(answer)) == (400, "Unassigned cases")
        assert '<a href="#referral-1">Select at least one referral to assign</a>' in answer.text
    assert (await sides.practitioner.http.post(UNASSIGNED)).status_code == 403


async def test_what_could_not_be_assigned_is_named_and_can_go_to_somebody_else(
    world: World, sides: Sides, services: Switchboard
) -> None:
    kept, gone = await sent_referral(world), await sent_referral(world)
    started = await chosen(sides.provider, kept, gone)
    path = started.headers["location"]
    check = await sides.provider.get(path)
    await world.fetch(
        "update interventions.referral set intervention_id = (select id from interventions.intervention"
        " where id <> intervention_id limit 1) where id = $1::uuid", gone.referral_id,
    )  # fmt: skip
    answer = await sides.provider.send(check, path, {"email": SAM.email})
    reference = re.findall(r"Jo Bloggs \(([A-Z0-9]{8})\)", words(answer))
    assert (answer.status_code, heading(answer), len(set(reference))) == (400, "Assign 1 referral", 1)
    assert f"was not assigned to {SAM.name}: " in words(answer)
    assert f"1 referral assigned to {SAM.name}. Below is what is left." in words(answer)
    assert await assignee(kept) == SAM.username
    assert heading(await sides.provider.get(path)) == "Assign 1 referral"


async def test_the_details_ask_each_question_once(sides: Sides, services: Switchboard) -> None:
    await sides.practitioner.get(pp(sides.waiting))
    with (
        services.asked("interventions") as referrals, services.asked("risks_and_needs") as risks,
        services.asked("auth") as people,
    ):  # fmt: skip
        await sides.practitioner.get(pp(sides.waiting))
    about = f"GET /sent-referral/{sides.waiting.referral_id}"
    shown = [one for one in referrals if one.startswith(("GET /sent-referral", "GET /intervention/"))]
    assert sorted(shown)[1:] == [about, f"{about}/case-record"]
    assert (len(risks), len([one for one in people if one.startswith("GET /users/")])) == (2, 1)
