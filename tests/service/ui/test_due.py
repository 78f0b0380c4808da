"""Due work: every clock of a provider's referrals, grouped by deadline, each leading to the page that stops it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.interventions.journey import (
    Journey,
    appointment,
    assessed_referral,
    assigned_referral,
    concluded_referral,
    delivered_referral,
    ok,
    planned_referral,
    schedule_session,
    sent_referral,
    tomorrow,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

DUE = "/service-provider/due"


@dataclass
class Work:
    """Referrals at every stage, seen on 20 March 2024, and the caseworker's browser."""

    caseworker: Visitor
    waiting: Journey
    assigned: Journey
    assessed: Journey
    planned: Journey
    missing: Journey
    delivered: Journey
    over: Journey


@pytest.fixture(scope="module")
async def work(world: World, services: Switchboard) -> AsyncIterator[Work]:
    """Time passes while the referrals come along; a morning after all of it, somebody looks."""
    waiting, assigned = await sent_referral(world, **called("Wanda")), await assigned_referral(world, **called("Anton"))
    over, delivered = (
        await concluded_referral(world, **called("Otto")),
        await delivered_referral(world, 1, **called("Dora")),
    )
    assessed, planned = await assessed_referral(world, **called("Sean")), await planned_referral(world, **called("Pia"))
    missing = await planned_referral(world, 1, **called("Mia"))
    ok(await schedule_session(missing, 1, appointment(tomorrow(world))))
    world.clock.set(tomorrow(world, 9, days=12))
    caseworker = browser(world)
    await caseworker.sign_in(CASEWORKERS[0].username)
    yield Work(caseworker, waiting, assigned, assessed, planned, missing, delivered, over)
    await caseworker.http.aclose()


def called(forename: str) -> dict[str, Any]:
    return {"serviceUser": {"firstName": forename, "lastName": "Bloggs", "dateOfBirth": "1990-02-03"}}


def row_of(page: str, journey: Journey, text: str) -> tuple[str, str, str]:
    """The heading of the group in which something is due, where it leads, and the whole row in words."""
    for group in re.split(r"<h2[^>]*>", page)[1:]:
        for row in group.split("<tr ")[1:]:
            if journey.crn in row and f">{text}<" in row:
                href = re.findall(r'href="([^"]+)"', row)[0]
                plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row.split(">", 1)[1])).strip()
                return group.split(" <", 1)[0], href, plain
    raise AssertionError(f"{text} is not due")


async def test_each_clock_is_shown_with_its_deadline_and_leads_to_its_page(world: World, work: Work) -> None:
    page = await work.caseworker.get(DUE)
    assert (page.status_code, heading(page), 'data-page="SD-06"' in page.text) == (200, "Due work", True)

    def at(journey: Journey, end: str) -> str:
        return f"/service-provider/referrals/{journey.referral_id}/{end}"

    group, href, row = row_of(page.text, work.waiting, "Assign a caseworker")
    assert (group, href) == ("Overdue", at(work.waiting, "details#caseworker"))
    assert row.startswith("5 Mar 2024 (Tue) Overdue Wanda Bloggs")
    group, href, row = row_of(page.text, work.assigned, "Hold the supplier assessment")
    assert (group, href) == ("Overdue", at(work.assigned, "progress#assessment"))
    assert row.startswith("18 Mar 2024 (Mon) Overdue Anton Bloggs")
    group, href, _ = row_of(page.text, work.assessed, "Submit the action plan")
    assert (group, href) == ("Overdue", at(work.assessed, "progress#plan"))
    group, href, row = row_of(page.text, work.planned, "Schedule session 1")
    assert (group, href) == ("Today", f"/service-provider/action-plan/{work.planned.plan_id}/sessions/1/edit/start")
    assert row.startswith("As soon as possible Pia Bloggs")
    group, href, _ = row_of(page.text, work.missing, "Add feedback on session 1")
    path = f"/service-provider/action-plan/{work.missing.plan_id}/appointment/1/post-session-feedback/attendance"
    assert (group, href) == ("Overdue", path)
    group, href, _ = row_of(page.text, work.delivered, "Submit the end of service report")
    assert (group, href) == ("Overdue", at(work.delivered, "progress#report"))
    assert work.over.crn not in page.text
    assert not any(one.username in page.text.partition("<main")[2] for one in (*CASEWORKERS, *PRACTITIONERS))
    found = [one.split(" <", 1)[0] for one in re.split(r"<h2[^>]*>", page.text.partition("</main>")[0])[1:]]
    assert found == sorted(found, key=["Overdue", "Today", "This week", "Later"].index)


async def test_the_progress_of_a_referral_shows_its_own_clocks_to_the_provider(work: Work) -> None:
    page = words(await work.caseworker.get(f"/service-provider/referrals/{work.waiting.referral_id}/progress"))
    assert "Assign a caseworker, by 5 March 2024 Overdue Hold the supplier assessment, by 18 March 2024 Overdue" in page
    over = await work.caseworker.get(f"/service-provider/referrals/{work.over.referral_id}/progress")
    assert "What is due" not in over.text


async def test_a_colleague_sees_what_nobody_works_on_and_on_request_everything(world: World, work: Work) -> None:
    colleague = browser(world)
    await colleague.sign_in(CASEWORKERS[1].username)
    mine = await colleague.get(DUE)
    assert (work.waiting.crn in mine.text, work.assigned.crn in mine.text) == (True, False)
    everything = await colleague.get(f"{DUE}?show=all")
    assert work.assigned.crn in everything.text
    assert CASEWORKERS[0].name in words(everything)
    await colleague.http.aclose()


async def test_what_was_done_is_due_no_more(world: World, work: Work) -> None:
    ok(await schedule_session(work.planned, 1, appointment(tomorrow(world))))
    with pytest.raises(AssertionError, match="not due"):
        row_of((await work.caseworker.get(DUE)).text, work.planned, "Schedule session 1")
    row_of((await work.caseworker.get(DUE)).text, work.planned, "Schedule session 2")


async def test_due_work_is_for_providers(world: World, work: Work) -> None:
    practitioner = browser(world)
    await practitioner.sign_in(PRACTITIONERS[0].username)
    assert (await practitioner.get(DUE)).status_code == 403
    await practitioner.http.aclose()


async def test_without_names_and_without_the_service(work: Work, services: Switchboard) -> None:
    with services.away("interventions"):
        assert (await work.caseworker.get(DUE)).status_code == 503
