"""The lists that each side works from: tabs, columns, order, pages and the search within a tab."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.interventions.journey import (
    Journey,
    assigned_referral,
    begun_draft,
    concluded_referral,
    ok,
    sent_referral,
    withdraw,
)
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS
from throughcare.ui.peers.users import forget_names

PP, SP = "/probation-practitioner/dashboard", "/service-provider/dashboard"


@dataclass
class Cases:
    """Referrals in every state, their references, and the browsers of both sides."""

    practitioner: Visitor
    provider: Visitor
    waiting: Journey
    taken: Journey
    ended: Journey
    completed: Journey
    draft: Journey
    references: dict[str, str]

    def reference(self, name: str) -> str:
        """The reference number of one of them."""
        return self.references[getattr(self, name).referral_id]


@pytest.fixture(scope="module")
async def cases(world: World, services: Switchboard) -> AsyncIterator[Cases]:
    """One referral of each kind, all by one practitioner."""
    completed = await concluded_referral(
        world, case={"name": {"forename": "Zed", "surname": "Ablett"}}, **who("Zed", "Ablett")
    )
    ended = await assigned_referral(world, **who("Cal", "O'Neill-smith"))
    ok(await withdraw(ended))
    waiting = await sent_referral(world, **who("Ana", "<b>Yates</b>"))
    taken = await assigned_referral(world, **who("Ben", "Marsh"))
    made = [completed, ended, waiting, taken]
    references = {
        one.referral_id: ok(await one.as_practitioner("GET", f"/sent-referral/{one.referral_id}"))["referenceNumber"]
        for one in made
    }
    practitioner, provider = browser(world), browser(world)
    await practitioner.sign_in(PRACTITIONERS[0].username)
    await provider.sign_in(CASEWORKERS[0].username)
    yield Cases(practitioner, provider, waiting, taken, ended, completed, await begun_draft(world), references)
    await practitioner.http.aclose()
    await provider.http.aclose()


def who(forename: str, surname: str) -> dict[str, Any]:
    """What a draft says of its person."""
    return {"serviceUser": {"firstName": forename, "lastName": surname, "dateOfBirth": "1990-02-03"}}


async def seen(visitor: Visitor, path: str) -> str:
    page = await visitor.get(path)
    assert page.status_code == 200, page.text
    return words(page)


PRACTITIONER_TABS = [
    ("", "Open cases", "PD-01", {"waiting", "taken"}), ("/open-cases", "Open cases", "PD-01", {"waiting", "taken"}),
    ("/unassigned-cases", "Unassigned cases", "PD-02", {"waiting"}),
    ("/completed-cases", "Completed cases", "PD-03", {"completed"}),
    ("/cancelled-cases", "Cancelled cases", "PD-04", {"ended"}),
]  # fmt: skip
PROVIDER_TABS = [
    ("", "My cases", "SD-01", {"taken"}), ("/my-cases", "My cases", "SD-01", {"taken"}),
    ("/all-open-cases", "All open cases", "SD-02", {"waiting", "taken"}),
    ("/unassigned-cases", "Unassigned cases", "SD-03", {"waiting"}),
    ("/completed-cases", "Completed cases", "SD-04", {"completed"}),
    ("/cancelled-cases", "Cancelled cases", "SD-05", {"ended"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "path", "title", "page_id", "held"),
    [(PP, *one) for one in PRACTITIONER_TABS] + [(SP, *one) for one in PROVIDER_TABS],
)  # fmt: skip
async def test_each_tab_holds_its_referrals_and_no_account(
    cases: Cases, base: str, path: str, title: str, page_id: str, held: set[str]
) -> None:
    visitor, other = (cases.practitioner, cases.provider) if base == PP else (cases.provider, cases.practitioner)
    page = await visitor.get(f"{base}{path}")
    assert (page.status_code, heading(page)) == (200, title)
    assert f'data-page="{page_id}"' in page.text
    assert re.search(rf'aria-current="page">{title}<', page.text)
    for name in ("waiting", "taken", "ended", "completed"):
        assert (cases.reference(name) in page.text) == (name in held), name
    main = page.text.partition("<main")[2]
    assert not any(one.username in main for one in (*CASEWORKERS, *PRACTITIONERS))
    assert (await other.get(f"{base}{path}")).status_code == 403


async def test_a_practitioners_line_says_what_was_sent_when_to_whom_and_leads_to_its_progress(cases: Cases) -> None:
    page = await cases.practitioner.get(f"{PP}/open-cases")
    reference, referral_id = cases.reference("taken"), cases.taken.referral_id
    line = f"{reference} Ben Marsh GM - ETE Achieve NW (Career Connect) {CASEWORKERS[0].name} View referral {reference}"
    assert f"{line} for Ben Marsh" in words(page)
    assert f'href="/probation-practitioner/referrals/{referral_id}/progress"' in page.text
    assert "Unassigned View referral" in words(page)
    assert "&lt;B&gt;Yates&lt;/B&gt;" in page.text


async def test_a_providers_line_leads_to_the_details(cases: Cases) -> None:
    page = await cases.provider.get(f"{SP}/all-open-cases")
    assert f'href="/service-provider/referrals/{cases.taken.referral_id}/details">Ben Marsh</a>' in page.text
    assert f"Ben Marsh {cases.taken.crn} {cases.reference('taken')} GM - ETE You" in words(page)
    assert "They may differ from nDelius now." in words(page)
    unassigned = await seen(cases.provider, f"{SP}/unassigned-cases")
    assert f"{cases.waiting.crn} Not in prison Derby: Derwent Centre {cases.reference('waiting')}" in unassigned


async def test_drafts_lead_to_their_task_lists(cases: Cases) -> None:
    page = await cases.practitioner.get(f"{PP}/draft-cases")
    assert (heading(page), 'data-page="PD-05"' in page.text) == ("Draft cases", True)
    assert f'href="/referrals/{cases.draft.referral_id}/form"' in page.text
    assert f'href="/referrals/{cases.draft.referral_id}/delete"' in page.text
    day = r"[0-9]+ [A-Z][a-z]{2} 20[0-9]{2}"
    assert re.search(f"{cases.draft.crn} .* {day} {day} Delete", words(page)), "started on, and kept until"


def order_of(page: str, *references: str) -> list[str]:
    return sorted(references, key=page.index)


async def test_lists_are_sorted_by_links_that_say_which_way(cases: Cases) -> None:
    waiting, taken = cases.reference("waiting"), cases.reference("taken")
    usual = (await cases.practitioner.get(PP)).text
    assert order_of(usual, waiting, taken) == [waiting, taken]
    assert '<th scope="col" class="govuk-table__header" aria-sort="ascending"><a' in usual
    there = f'href="{PP}/open-cases?sort=serviceuserlastname%2CDESC"'
    assert there in usual
    turned = (await cases.practitioner.get(f"{PP}/open-cases?sort=serviceuserlastname,DESC")).text
    assert order_of(turned, waiting, taken) == [taken, waiting]
    assert 'aria-sort="descending"' in turned
    newest = (await cases.provider.get(f"{SP}/all-open-cases")).text
    assert order_of(newest, waiting, taken) == [taken, waiting]
    oldest = (await cases.provider.get(f"{SP}/all-open-cases?sort=sentat,ASC")).text
    assert order_of(oldest, waiting, taken) == [waiting, taken]


@pytest.mark.parametrize(
    "key", ["sentat", "referencenumber", "interventiontitle", "serviceprovidername", "assignedtousername"]
)
async def test_every_heading_of_a_practitioners_list_sorts(cases: Cases, key: str) -> None:
    page = await cases.practitioner.get(f"{PP}/open-cases?sort={key},DESC")
    assert (page.status_code, page.text.count('aria-sort="descending"')) == (200, 1)


@pytest.mark.parametrize(
    "asked", ["sort=password,ASC", "sort=;drop", "page=0", "page=-1", "page=x", "size=7", "size=٣"]
)
async def test_an_address_that_makes_no_sense_shows_the_usual_list(cases: Cases, asked: str) -> None:
    assert "Showing 1 to 2 of 2 results" in await seen(cases.practitioner, f"{PP}/open-cases?{asked}")


async def test_a_page_beyond_the_last_leads_to_the_last(cases: Cases) -> None:
    answer = await cases.practitioner.http.get(f"{PP}/open-cases?page=9&sort=sentat,ASC")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PP}/open-cases?sort=sentat%2CASC")


async def test_a_search_stays_in_its_tab_and_its_words_stay_in_their_field(cases: Cases) -> None:
    spaced = f"{cases.reference('taken')[:2]} {cases.reference('taken')[2:]}".lower()
    for text in (spaced, "ben  marsh", "BEN MARSH"):
        page = await cases.provider.http.get(f"{SP}/all-open-cases", params={"case-search-text": text})
        assert (cases.reference("taken") in page.text, cases.reference("waiting") in page.text) == (True, False)
        assert f'value="{" ".join(text.split())}"' in page.text
    page = await cases.provider.http.get(f"{SP}/unassigned-cases", params={"case-search-text": "Ben Marsh"})
    assert "There are no results for “Ben Marsh” in unassigned cases" in words(page)
    assert 'href="/service-provider/dashboard/unassigned-cases">Clear' in page.text
    empty = await cases.provider.http.get(f"{SP}/unassigned-cases", params={"case-search-text": "  "})
    assert "You have not entered any search terms" in words(empty)
    script = "<script>alert(1)</script>\u202e\U0001f600" + "x" * 5000
    hostile = await cases.provider.http.get(f"{SP}/my-cases", params={"case-search-text": script})
    assert (hostile.status_code, "<script>alert" in hostile.text) == (200, False)


async def test_somebody_without_cases_is_told_so(world: World, services: Switchboard, cases: Cases) -> None:
    other, colleague = browser(world), browser(world)
    await other.sign_in(PRACTITIONERS[1].username)
    await colleague.sign_in(CASEWORKERS[1].username)
    assert "You do not have any open cases. Find interventions" in await seen(other, PP)
    assert "You do not have any draft cases. Find interventions" in await seen(other, f"{PP}/draft-cases")
    assert "No open case is assigned to you." in await seen(colleague, SP)
    await other.http.aclose()
    await colleague.http.aclose()


async def test_without_names_the_list_stays(cases: Cases, services: Switchboard) -> None:
    forget_names()
    with services.away("auth"):
        shown = await seen(cases.practitioner, PP)
    assert "Name not available" in shown
    assert cases.reference("taken") in shown


async def test_without_the_service_of_referrals_the_page_says_so(cases: Cases, services: Switchboard) -> None:
    with services.away("interventions"):
        page = await cases.practitioner.get(PP)
    assert (page.status_code, heading(page)) == (503, "Sorry, part of the service is not available")


@pytest.mark.parametrize("path", [f"{PP}/open-cases", f"{PP}/draft-cases", f"{SP}/unassigned-cases"])
async def test_a_list_asks_once_for_its_lines_and_for_no_name_twice(
    cases: Cases, services: Switchboard, path: str
) -> None:
    visitor = cases.practitioner if path.startswith(PP) else cases.provider
    await visitor.get(path)
    with services.asked("interventions") as lines, services.asked("auth") as people:
        await visitor.get(path)
    assert len(lines) == 1
    assert not [one for one in people if one.startswith("GET /users/")]


async def test_a_long_list_comes_in_pages_that_keep_what_was_chosen(world: World, cases: Cases) -> None:
    columns = "intervention_id, sent_at, sent_by, created_by, has_report, report_submitted, started"
    await world.fetch(f"""
        do $$ begin set local session_replication_role = replica;
        insert into interventions.referral_summary
               (referral_id, reference_number, crn, first_name, last_name, full_name, {columns})
        select gen_random_uuid(), 'QQ' || n || 'QQ', 'Z10' || n, 'Many', 'Bear' || n, 'many bear', {columns}
          from interventions.referral_summary, generate_series(1001, 1060) n
         where referral_id = '{cases.waiting.referral_id}';
        end $$
    """)
    first = await cases.provider.get(f"{SP}/all-open-cases?size=25&sort=referencenumber,DESC")
    assert "Showing 1 to 25 of 62 results" in words(first)
    assert 'aria-label="Page 3"' in first.text
    third = await cases.provider.get(f"{SP}/all-open-cases?sort=referencenumber%2CDESC&size=25&page=3")
    assert "Showing 51 to 62 of 62 results" in words(third)
    assert f'href="{SP}/all-open-cases?sort=referencenumber%2CDESC&amp;size=25&amp;page=2"' in third.text
    beyond = await cases.provider.http.get(f"{SP}/all-open-cases?size=25&page=9")
    assert beyond.headers["location"] == f"{SP}/all-open-cases?size=25&page=3"
