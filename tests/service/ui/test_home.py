"""The home page by role: what a person comes for, part by part, also when a part cannot be had."""

from __future__ import annotations

from datetime import timedelta

from tests.service.interventions.journey import assigned_referral, begun_draft, ok, sent_referral, withdraw
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, OPERATORS, PRACTITIONERS
from throughcare.ui.peers.users import forget_names

AWAY = "Referrals cannot be shown now. The interventions service is not answering."


async def home(world: World, username: str) -> str:
    visitor = browser(world)
    page = await visitor.sign_in(username)
    await visitor.http.aclose()
    assert page.status_code == 200
    return words(page)


async def test_somebody_without_referrals_is_told_so(world: World, services: Switchboard) -> None:
    practitioner = await home(world, PRACTITIONERS[1].username)
    assert "Refer and monitor an intervention" in practitioner
    assert "You do not have any open referrals." in practitioner
    assert "No referral of yours has ended." in practitioner
    assert "Not sent yet" not in practitioner
    caseworker = await home(world, CASEWORKERS[1].username)
    assert "Every open referral has a caseworker." in caseworker
    assert "No open referral has a caseworker." in caseworker


async def test_both_sides_see_their_referrals_with_names_instead_of_accounts(
    world: World, services: Switchboard
) -> None:
    waiting, taken = await sent_referral(world), await assigned_referral(world)
    draft = await begun_draft(world)
    ended = await assigned_referral(world)
    ok(await withdraw(ended))
    references = {
        one.referral_id: ok(await one.as_practitioner("GET", f"/sent-referral/{one.referral_id}"))["referenceNumber"]
        for one in (waiting, taken, ended)
    }
    practitioner = await home(world, PRACTITIONERS[0].username)
    opened = practitioner.partition("Open referrals")[2].partition("Not sent yet")[0]
    assert f"Jo Bloggs CRN {waiting.crn} {references[waiting.referral_id]} GM - ETE" in opened
    assert "4 Mar 2024 Unassigned" in opened
    assert CASEWORKERS[0].name in opened
    assert CASEWORKERS[0].username not in practitioner
    assert f"CRN {draft.crn}" in practitioner.partition("Not sent yet")[2].partition("Recently ended")[0]
    assert references[ended.referral_id] in practitioner.partition("Recently ended")[2]
    caseworker = await home(world, CASEWORKERS[0].username)
    without, _, rest = caseworker.partition("Without a caseworker")[2].partition("With a caseworker")
    assert references[waiting.referral_id] in without
    assert references[taken.referral_id] not in without
    in_hand, _, over = rest.partition("Recently ended")
    assert f"{references[taken.referral_id]} GM - ETE Achieve NW (Career Connect) 4 Mar 2024 You" in in_hand
    assert references[ended.referral_id] in over


async def test_without_the_interventions_service_each_part_says_so_and_the_page_stays(
    world: World, services: Switchboard
) -> None:
    with services.away("interventions"):
        practitioner = await home(world, PRACTITIONERS[0].username)
        caseworker = await home(world, CASEWORKERS[0].username)
        operator = await home(world, OPERATORS[0].username)
    for shown in (practitioner, caseworker):
        assert shown.count(AWAY) == 1
        assert "Recently ended" not in shown
    assert "interventions does not answer." in operator
    assert "throughcare doctor" in operator


async def test_without_names_no_account_is_shown_instead(world: World, services: Switchboard, visitor: Visitor) -> None:
    await assigned_referral(world)
    await visitor.sign_in(PRACTITIONERS[0].username)
    forget_names()
    with services.away("auth"):
        page = await visitor.get("/")
    assert (page.status_code, heading(page)) == (200, "Refer and monitor an intervention")
    assert "Name not available" in words(page)
    assert CASEWORKERS[0].username not in page.text


async def test_a_provider_without_groups_is_told_why_nothing_is_shown(world: World, services: Switchboard) -> None:
    groups = "auth.user_group where user_id = (select user_id from auth.users where username = $1)"
    username = CASEWORKERS[1].username
    await world.fetch(f"delete from {groups}", username)
    world.clock.advance(timedelta(minutes=2))
    shown = await home(world, username)
    assert "Manage referrals" in shown
    reasons = "You are not in the group of a known service provider. You are not in the group of a known contract."
    assert f"Referrals cannot be shown now. {reasons} Ask an administrator of your organisation" in shown


async def test_an_operator_sees_whether_all_is_well_and_where_to_go(world: World, services: Switchboard) -> None:
    shown = await home(world, OPERATORS[0].username)
    assert "All well 9 services up, nothing waits too long, no dead letters." in shown
    assert "Home Console Messages" in shown
