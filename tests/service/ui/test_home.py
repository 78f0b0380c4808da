"""The home page by role: everybody arrives where they work, and sees what can be had."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid5

import httpx2
import pytest

from tests.service.interventions.journey import assigned_referral, begun_draft, sent_referral
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, OPERATORS, PRACTITIONERS, SUPPORTERS
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.dev.seeds import NAMESPACE

PRACTITIONER, CASEWORKER = PRACTITIONERS[0], CASEWORKERS[0]


async def home(world: World, username: str) -> httpx2.Response:
    visitor = browser(world)
    page = await visitor.sign_in(username)
    await visitor.http.aclose()
    return page


@pytest.mark.parametrize(
    ("username", "arrives", "title", "entries"),
    [
        (PRACTITIONER.username, "/crs-homepage", "Commissioned Rehabilitative Services (CRS)",
         "Referrals Find interventions Search Unfinished work"),
        (CASEWORKER.username, "/service-provider/dashboard", "My cases",
         "Referrals Reporting Search Due work Unfinished work"),
        (EDITORS[0].username, "/service-editor/dashboard", "My services", "My services"),
        (SUPPORTERS[0].username, "/support", "Support", "Support"),
        (OPERATORS[0].username, "/", "Throughcare", "Home Console Messages"),
    ],
)  # fmt: skip
async def test_everybody_arrives_where_they_work_with_the_places_of_their_role(
    world: World, services: Switchboard, username: str, arrives: str, title: str, entries: str
) -> None:
    page = await home(world, username)
    assert (page.status_code, page.url.path, heading(page)) == (200, arrives, title)
    assert f"Sign out {entries} Demonstration" in words(page)
    assert page.text.count('aria-current="page"') >= 1


async def test_the_header_says_who_is_signed_in_and_for_which_organisation(world: World, services: Switchboard) -> None:
    assert "B. Beaks Sign out" in words(await home(world, PRACTITIONER.username))
    assert "A. Rivers (Achieve North West) Sign out" in words(await home(world, CASEWORKER.username))


async def test_a_practitioner_sees_what_they_have_in_hand(world: World, services: Switchboard) -> None:
    nothing = words(await home(world, PRACTITIONERS[1].username))
    assert "0 open cases 0 waiting for a caseworker 0 drafts" in nothing
    assert "Continue a draft" not in nothing
    await sent_referral(world)
    await assigned_referral(world)
    drafts = [await begun_draft(world) for _ in range(4)]
    page = await home(world, PRACTITIONER.username)
    assert "2 open cases 1 waiting for a caseworker 4 drafts" in words(page)
    shown = [one for one in drafts if f"/referrals/{one.referral_id}/form" in page.text]
    assert shown == drafts[1:], "the three newest drafts"


async def test_what_cannot_be_had_is_named_and_the_page_stays(world: World, services: Switchboard) -> None:
    with services.away("interventions"):
        practitioner = words(await home(world, PRACTITIONER.username))
        operator = words(await home(world, OPERATORS[0].username))
    assert "The number of open cases is not available just now." in practitioner
    assert "Your drafts are not available just now." in practitioner
    assert "Find a CRS intervention and make a referral" in practitioner
    assert "interventions does not answer." in operator
    assert "throughcare doctor" in operator


async def test_an_older_address_of_the_first_page_leads_to_it(
    world: World, services: Switchboard, visitor: Visitor
) -> None:
    page = await visitor.sign_in(PRACTITIONER.username, "/probation-practitioner/find")
    assert page.url.path == "/crs-homepage"


async def test_an_operator_sees_whether_all_is_well(world: World, services: Switchboard) -> None:
    shown = words(await home(world, OPERATORS[0].username))
    assert "All well 9 services up, nothing waits too long, no dead letters." in shown


@asynccontextmanager
async def roles(world: World, username: str, source: str, *, add: str = "", take: str = "") -> AsyncIterator[None]:
    """Other roles for one account, until the block ends."""
    user_id = uuid5(NAMESPACE, f"{source}:{username}")
    held = await world.fetch("select * from auth.user_role where user_id = $1", user_id)
    async with world.context("auth").new_uow() as uow:
        if add:
            await uow.store(AccountStore).grant_role(user_id, add, by="TEST", at=uow.now)
    if take:
        await world.fetch("delete from auth.user_role where user_id = $1", user_id)
    yield
    await world.fetch("delete from auth.user_role where user_id = $1", user_id)
    for row in held:
        async with world.context("auth").new_uow() as uow:
            await uow.store(AccountStore).grant_role(user_id, row["role_code"], by="TEST", at=uow.now)


async def test_somebody_with_several_roles_chooses(world: World, services: Switchboard) -> None:
    async with roles(world, SUPPORTERS[0].username, "nomis", add="INTERVENTIONS_SERVICE_EDITOR"):
        page = await home(world, SUPPORTERS[0].username)
    assert (page.status_code, heading(page)) == (200, "Choose what to do")
    assert "Sign out My services Support Demonstration" in words(page)
    assert '<a class="govuk-link" href="/service-editor/dashboard">My services</a>' in page.text


async def test_somebody_without_a_role_is_told_what_to_do(world: World, services: Switchboard) -> None:
    async with roles(world, EDITORS[0].username, "nomis", take="all"):
        page = await home(world, EDITORS[0].username)
    assert (page.status_code, heading(page)) == (403, "You do not have permission to view this service")
    assert "Ask an administrator of your organisation to add the role" in words(page)
