"""The frame of every page: banners, staying signed in, what the service says of itself, and reporting a problem."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from tests.service.interventions.journey import assigned_referral
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import BASE_URL, World
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.lines import SINK
from throughcare.seeding.accounts import CASEWORKERS, EDITORS, PRACTITIONERS, SUPPORTERS

HOSTILE = "<script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE}\N{SLIGHTLY SMILING FACE}"


async def signed_in(world: World, username: str) -> Visitor:
    made = browser(world)
    await made.sign_in(username)
    return made


@pytest.fixture(scope="module")
async def practitioner(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """A practitioner's browser, signed in."""
    made = await signed_in(world, PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


@pytest.fixture(scope="module")
async def support(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The browser of somebody in support, signed in."""
    made = await signed_in(world, SUPPORTERS[0].username)
    yield made
    await made.http.aclose()


def banner(**changes: str) -> dict[str, str]:
    """What is typed into the form of a banner."""
    day = {"starts-on-day": "4", "starts-on-month": "3", "starts-on-year": "2024"}
    time = {"starts-at-hour": "9", "starts-at-minute": "00", "starts-at-part-of-day": "am"}
    text = {
        "kind": "outage",
        "audience": "everybody",
        "heading": "Slow today",
        "body": "We know.",
        "dismissible": "yes",
    }
    return {**day, **time, **text, **changes}


async def written(support: Visitor, **changes: str) -> str:
    """The address of a banner that was just written."""
    one = str(new_id())
    path = f"/support/banners/new/{one}"
    answer = await support.send(await support.get(path), path, banner(**changes))
    assert (answer.status_code, answer.headers["location"]) == (303, "/support/banners")
    return f"/support/banners/{one}"


async def removed(support: Visitor, path: str) -> None:
    answer = await support.send(await support.get(path), f"{path}/removed")
    assert answer.status_code == 303


async def test_a_banner_is_shown_to_those_it_is_for_until_it_is_hidden_or_removed(
    world: World, practitioner: Visitor, support: Visitor
) -> None:
    ours = await written(support, audience="practitioners", heading=HOSTILE)
    theirs = await written(support, audience="providers", kind="broadcast", heading="For providers")
    page = await practitioner.get("/accessibility-statement")
    assert "alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "For providers" not in page.text
    answer = await practitioner.send(page, f"/banners/{ours.rpartition('/')[2]}/dismissed", {"return_to": "/cookies"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cookies")
    assert "alert(1)" not in (await practitioner.get("/cookies")).text
    again = await signed_in(world, PRACTITIONERS[0].username)
    assert "alert(1)" in (await again.get("/cookies")).text, "it was hidden for one visit only"
    await removed(support, ours)
    assert "alert(1)" not in (await again.get("/cookies")).text
    await again.http.aclose()
    await removed(support, theirs)


async def test_a_banner_waits_for_its_day_and_ends_after_its_last(
    world: World, practitioner: Visitor, support: Visitor
) -> None:
    later = {"starts-on-day": "6", "ends-on-day": "7", "ends-on-month": "3", "ends-on-year": "2024"}
    path = await written(support, heading="In two days", **later)
    states = []
    for _ in range(3):
        shown = "In two days" in (await practitioner.get("/crs-homepage")).text
        state = words(await support.get("/support/banners")).partition("In two days")[2]
        states.append((shown, re.search("On show|Later|Over", state)[0]))  # type: ignore[index]
        world.clock.advance(timedelta(days=2))
    assert states == [(False, "Later"), (True, "On show"), (False, "Over")]
    world.clock.advance(timedelta(days=-6))
    await removed(support, path)


@pytest.mark.parametrize(
    ("changes", "link", "error"),
    [({"kind": ""}, "kind", "Select what the banner is about"),
     ({"audience": "x"}, "audience", "Select who sees the banner"),
     ({"heading": ""}, "heading", "Enter a heading"), ({"heading": "x" * 151}, "heading", "Heading must be 150"),
     ({"body": "x" * 1001}, "body", "Text must be 1,000 characters or fewer"),
     ({"starts-on-month": ""}, "starts-on-month", "First day must include a month"),
     ({"starts-at-hour": "25"}, "starts-at-hour", "Time of the first day must be a real time"),
     ({"ends-on-day": "3", "ends-on-month": "3", "ends-on-year": "2024"}, "ends-on-day", "Last day must be on or"),
     ({"dismissible": ""}, "dismissible", "Select whether people can hide the banner")],
)  # fmt: skip
async def test_a_banner_with_something_wrong_is_refused_beside_it(
    support: Visitor, changes: dict[str, str], link: str, error: str
) -> None:
    path = f"/support/banners/new/{new_id()}"
    answer = await support.send(await support.get(path), path, banner(**changes))
    assert answer.status_code == 400
    assert f'<a href="#{link}">{error}' in answer.text
    assert "Slow today" not in (await support.get("/support/banners")).text


async def test_news_stay_on_their_page(world: World, practitioner: Visitor, support: Visitor) -> None:
    assert "There is no news yet." in words(await practitioner.get("/probation-practitioner/whats-new"))
    path = await written(support, kind="whats_new", heading="Search by name", body="At last.\nTry it.")
    page = await practitioner.get("/probation-practitioner/whats-new")
    assert heading(page) == "What’s new"
    assert "Search by name 4 March 2024 At last. Try it." in words(page)
    assert '<a class="govuk-footer__link" href="/probation-practitioner/whats-new">' in page.text
    await removed(support, path)
    caseworker = await signed_in(world, CASEWORKERS[0].username)
    assert (await caseworker.get("/probation-practitioner/whats-new")).status_code == 403
    assert (await caseworker.get("/service-provider/whats-new")).status_code == 200
    await caseworker.http.aclose()


async def test_only_support_writes_banners(practitioner: Visitor) -> None:
    for path in ("/support/banners", f"/support/banners/new/{new_id()}", f"/support/banners/{new_id()}"):
        assert (await practitioner.get(path)).status_code == 403


async def test_one_can_stay_signed_in_and_is_told_for_how_long(practitioner: Visitor) -> None:
    page = await practitioner.get("/cookies")
    [seconds] = re.findall(r'data-session-warning data-seconds="(\d+)"', page.text)
    assert 7_100 < int(seconds) <= 7_200
    assert "We sign you out when you have not used the service for 2 hours." in words(page)
    answer = await practitioner.send(page, "/session/extend", Accept="application/json")
    assert answer.status_code == 200
    assert 7_100 < answer.json()["seconds"] <= 7_200
    assert (await practitioner.send(page, "/session/extend")).headers["location"] == "/"


@pytest.mark.parametrize(
    ("path", "title"),
    [("/accessibility-statement", "Accessibility statement"), ("/cookies", "Cookies"), ("/privacy", "Privacy"),
     ("/report-a-problem", "Report a problem"), ("/sign-out/success", "You have been signed out")],
)  # fmt: skip
async def test_what_the_service_says_of_itself_is_open_to_everybody(
    visitor: Visitor, practitioner: Visitor, path: str, title: str
) -> None:
    for one, knows in ((visitor, False), (practitioner, True)):
        page = await one.get(path)
        assert (page.status_code, heading(page)) == (200, title)
        assert ("B. Beaks" in page.text) is (knows and path != "/sign-out/success")
        assert 'href="/report-a-problem">Report a problem</a>' in page.text
    assert ("Sign in" in words(await visitor.get(path))) is (path == "/sign-out/success")


REPORT = {"what": "It broke.\n" + HOSTILE, "page-address": "/drafts", "referral-number": "AB1234CD", "answer": "none"}


async def report(world: World, visitor: Visitor, **changes: str) -> httpx2.Response:
    form = await visitor.http.get("/report-a-problem", headers={"Referer": f"{BASE_URL}/drafts?q=name"})
    assert 'value="/drafts"' in form.text, "the page one comes from, without what was asked of it"
    [key] = re.findall(r'name="request_id" value="([^"]+)"', form.text)
    fields = {**REPORT, "request_id": key, **changes}
    answers = [await visitor.send(form, "/report-a-problem", fields) for _ in range(2)]
    assert answers[0].headers.get("location") == answers[1].headers.get("location")
    return answers[0]


async def test_a_problem_gets_a_number_and_waits_for_support(
    world: World, practitioner: Visitor, visitor: Visitor, support: Visitor
) -> None:
    numbers = []
    for one, changes in ((practitioner, {}), (visitor, {"answer": "email", "email": "jo@example.test"})):
        answer = await report(world, one, **changes)
        assert answer.status_code == 303, answer.text
        page = await one.get(answer.headers["location"])
        assert "Problem reported" in page.text
        numbers += re.findall(r"P-[0-9A-Z]{8}", page.text)[:1]
    rows = await world.fetch("select reference, owner, words from ui.problem_report order by received_at")
    assert [row["reference"] for row in rows] == numbers
    assert [row["owner"] for row in rows] == ["delius:BERNARD.BEAKS", None]
    assert all("broke" not in row["words"] for row in rows), "at rest nobody reads it"
    assert (await visitor.get("/report-a-problem/P-AAAA0000")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "link", "error"),
    [({"what": ""}, "what", "Enter what happened"), ({"answer": ""}, "answer", "Select how we should answer you"),
     ({"what": "x" * 4001}, "what", "What happened must be 4,000 characters or fewer"),
     ({"answer": "email"}, "email", "Enter your email address"),
     ({"answer": "email", "email": "jo"}, "email", "Enter an email address in the correct format"),
     ({"answer": "phone", "phone": "x"}, "phone", "Enter a phone number"),
     ({"referral-number": "x" * 21}, "referral-number", "Referral number must be 20 characters or fewer")],
)  # fmt: skip
async def test_a_report_with_something_wrong_comes_back_as_it_was_typed(
    world: World, visitor: Visitor, changes: dict[str, str], link: str, error: str
) -> None:
    answer = await report(world, visitor, **changes)
    assert answer.status_code == 400
    assert f'<a href="#{link}">{error}' in answer.text
    assert "<script>alert" not in answer.text
    assert 'value="/drafts"' in answer.text


async def test_reports_beyond_what_people_can_read_are_refused_and_kept(
    world: World, practitioner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("throughcare.ui.problem_report.usecases.MOST_AN_HOUR", 0)
    answer = await report(world, practitioner, what="Nothing to see")
    assert (answer.status_code, heading(answer)) == (429, "Report a problem")
    assert "Too many problems are reported just now. Try again in an hour" in words(answer)
    assert "Nothing to see" in (await practitioner.get("/report-a-problem")).text
    monkeypatch.undo()
    assert (await report(world, practitioner, what="Nothing to see")).status_code == 303


async def test_a_report_from_another_site_is_not_taken(visitor: Visitor) -> None:
    form = await visitor.get("/report-a-problem")
    answer = await visitor.send(form, "/report-a-problem", REPORT, Origin="https://elsewhere.example")
    assert answer.status_code == 403


async def test_a_service_editor_reads_every_service(world: World, services: Switchboard) -> None:
    editor = await signed_in(world, EDITORS[0].username)
    pages = [await editor.get(f"/service-editor/dashboard?page={one}") for one in ("nonsense", 2, 3, 4, 999)]
    await editor.http.aclose()
    said = " ".join(words(one) for one in pages)
    assert "referrals.DN535743@provider.example.test" in said.replace("referrals. ", "referrals.")
    assert [one.text.count('<th scope="row"') for one in pages[:3]] == [50, 50, 50]
    assert words(pages[3]) == words(pages[4])
    assert (
        '<a class="govuk-link govuk-pagination__link" href="/service-editor/dashboard?page=2" rel="next">'
        in pages[0].text
    )
    assert max(len(one.text) for one in pages) < 40_000
    practitioner = await signed_in(world, PRACTITIONERS[1].username)
    assert (await practitioner.get("/service-editor/dashboard")).status_code == 403
    await practitioner.http.aclose()


async def told(world: World, referral_id: str, template: str) -> dict[str, object]:
    """The newest message of a kind about a referral."""
    rows = await world.fetch(
        "select q.id, q.notify_id from interventions.referral_message m"
        " join interventions.notification_request q on q.id = m.request_id"
        " where m.referral_id = $1 and q.template_key = $2 order by q.created_at desc limit 1",
        UUID(referral_id), template,
    )  # fmt: skip
    return dict(rows[0])


async def test_support_sees_what_became_of_a_referral_and_sends_again_what_failed(
    world: World, support: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = await assigned_referral(world)
    await world.drain()
    number = (await journey.referral())["referenceNumber"]
    lines = io.StringIO()
    monkeypatch.setattr(SINK, "output", replace(SINK.output, stream=lines, plain=False, level=20))
    found = await support.get(f"/support?q={number.lower()}")
    assert "1 referral found" in words(found)
    assert "Bloggs" not in found.text
    path = f"/support/referrals/{journey.referral_id}"
    assert f'href="{path}"' in found.text
    page = await support.get(path)
    shown = words(page)
    assert heading(page) == f"Referral {number}"
    assert "Bloggs" not in shown
    assert "Sent midday on 4 March 2024 by Bernard Beaks Caseworker Alex Rivers" in shown
    assert "Referral sent Achieve NW (Career Connect), mailbox referrals.DN535743@provider.example.test" in shown
    assert "→ interventions: handled" in shown.replace("intervention.referral.sent", "")
    assert "Send again" not in shown
    row = await told(world, journey.referral_id, "referral-sent")
    await world.fetch(
        "update interventions.notification_request set status = 'failed-permanent' where id = $1", row["id"]
    )
    page = await support.get(path)
    assert "Failed: there is no such mailbox" in words(page)
    answer = await support.send(page, f"{path}/messages/{row['id']}/send-again")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    await world.drain()
    page = await support.get(path)
    assert "The message is sent again." in words(page)
    assert "Sent again" in words(page)
    notes = [json.loads(one) for one in lines.getvalue().splitlines() if '"record viewed"' in one]
    assert [one["labels.action"] for one in notes] == [
        "REFERRAL_SEARCH", "REFERRAL_VIEWED", "REFERRAL_VIEWED", "MESSAGE_SENT_AGAIN", "REFERRAL_VIEWED",
    ]  # fmt: skip
    assert {one["labels.id"] for one in notes[1:]} == {journey.referral_id}
    assert len({one["user.hash"] for one in notes}) == 1
    assert journey.crn not in lines.getvalue()


async def test_support_is_told_what_is_not_there_and_what_cannot_be_had(
    world: World, services: Switchboard, support: Visitor, practitioner: Visitor
) -> None:
    assert "No referrals found" in words(await support.get("/support?q=T999999"))
    assert (await support.get(f"/support/referrals/{new_id()}")).status_code == 404
    with services.away("interventions"):
        assert (await support.get("/support?q=T999999")).status_code == 503
    for path in ("/support", "/support/problems", f"/support/referrals/{new_id()}"):
        assert (await practitioner.get(path)).status_code == 403


async def test_support_reads_a_report_and_marks_it_as_dealt_with(
    world: World, practitioner: Visitor, support: Visitor
) -> None:
    answer = await report(world, practitioner, answer="phone", phone="0114 496 0000")
    reference = answer.headers["location"].rpartition("/")[2]
    assert reference in (await support.get("/support/problems")).text
    path = f"/support/problems/{reference}"
    page = await support.get(path)
    assert "From Bernard Beaks What happened It broke. <script>alert(1)</script>" in words(page)
    assert "<script>alert" not in page.text
    assert '<div class="tc-lines">0114 496 0000</div>' in page.text, "what was typed, and no white space around it"
    answer = await support.send(page, f"{path}/closed")
    assert (answer.status_code, answer.headers["location"]) == (303, "/support/problems")
    listed = await support.get("/support/problems")
    assert "The report is marked as dealt with." in words(listed)
    assert reference not in listed.text
    assert "Dealt with midday" in words(await support.get(path))
    assert (await support.get("/support/problems/P-22222222")).status_code == 404
    await world.fetch("update ui.problem_report set closed_at = closed_at - interval '91 days'")
    await world.host.runtimes["ui"].jobs.run_now("forget-reports")
    assert (await support.get(path)).status_code == 404
