"""What was begun can be gone on with; what is over, and what is not for somebody, says so and leads on."""

from __future__ import annotations

from datetime import timedelta

from tests.service.interventions.journey import assigned_referral, begun_draft, sent_referral
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, press, words
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS

TITLE = "This page is no longer available"


async def booking(world: World, caseworker: Visitor) -> tuple[str, str]:
    """A booking that was begun: the start of its address, and its page."""
    journey = await assigned_referral(world)
    here = f"/service-provider/referrals/{journey.referral_id}"
    return here, await press(
        caseworker, f"{here}/progress", f"{here}/supplier-assessment/schedule/start", str(new_id())
    )


async def test_drafts_and_work_half_way_are_listed_with_the_day_on_which_they_go(
    world: World, services: Switchboard, practitioner: Visitor, caseworker: Visitor
) -> None:
    assert "You have no drafts." in words(await practitioner.get("/drafts"))
    draft = await begun_draft(world)
    page = await practitioner.get("/drafts")
    assert f"CRN {draft.crn} Education, Training and Employment" in words(page)
    assert "4 Mar 2024 2 Jun 2024 Go on" in words(page)
    assert f'href="/referrals/{draft.referral_id}/form"' in page.text
    assert "You have no unfinished work." in words(await caseworker.get("/drafts"))
    _, goes_on = await booking(world, caseworker)
    page = await caseworker.get("/drafts")
    assert "Book or record the supplier assessment Jo Bloggs" in words(page)
    assert f'href="{goes_on}"' in page.text
    assert "Referrals that you have not sent" not in page.text
    with services.away("interventions"):
        assert "Your drafts are not available just now." in words(await practitioner.get("/drafts"))
        assert "Book or record the supplier assessment Not available" in words(await caseworker.get("/drafts"))


async def test_work_that_nobody_went_on_with_says_so_and_leads_to_the_referral(
    world: World, caseworker: Visitor
) -> None:
    here, goes_on = await booking(world, caseworker)
    work_id = goes_on.split("/")[-2]
    await world.fetch("update ui.unfinished set changed_at = changed_at - interval '8 days' where id = $1", work_id)
    await world.fetch("delete from ui.unfinished where changed_at < now() - interval '7 days'")
    page = await caseworker.get(goes_on)
    assert (page.status_code, heading(page)) == (410, TITLE)
    assert 'data-page="DR-1"' in page.text
    assert "book the supplier assessment again" in words(page)
    assert f'href="{here}/progress"' in page.text


async def test_work_of_somebody_else_is_not_shown(world: World, caseworker: Visitor, visitor: Visitor) -> None:
    _, goes_on = await booking(world, caseworker)
    await visitor.sign_in(CASEWORKERS[1].username)
    page = await visitor.get(goes_on)
    assert (page.status_code, heading(page)) == (403, "You are not authorised to view this page")
    assert "Somebody else began this work" in words(page)


async def test_who_may_not_see_a_page_can_copy_what_an_administrator_needs(
    world: World, services: Switchboard, caseworker: Visitor
) -> None:
    page = await caseworker.get("/console")
    assert (page.status_code, heading(page)) == (403, "You do not have permission to view this page")
    shown = words(page).partition("Copy details for my administrator")[2]
    for line in (
        f"User name: {CASEWORKERS[0].username}", "Organisation: Achieve North West", "Roles: ROLE_CRS_PROVIDER",
        "Groups: INT_CR_DN535743, INT_SP_ACHIEVE_NW",
    ):  # fmt: skip
        assert line in shown
    with services.away("auth"):
        page = await caseworker.get("/console")
    assert "Groups: could not be looked up" in words(page)


async def test_a_provider_without_groups_is_told_what_is_missing(world: World, services: Switchboard) -> None:
    journey = await sent_referral(world)
    username = CASEWORKERS[1].username
    of_user = "auth.user_group where user_id = (select user_id from auth.users where username = $1)"
    await world.fetch(f"delete from {of_user}", username)
    world.clock.advance(timedelta(minutes=2))
    made = browser(world)
    page = await made.sign_in(username, f"/service-provider/referrals/{journey.referral_id}/progress")
    await made.http.aclose()
    assert page.status_code == 403
    assert "You are not in the group of a known service provider." in words(page)
    assert "Organisation: none" in words(page)
    assert "Groups: none" in words(page)
