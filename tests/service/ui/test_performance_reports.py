"""Asking for the performance report, and fetching it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from tests.service.interventions.journey import OTHER_CASEWORKER, Json, mails, ok, sent_referral, signed_in
from tests.service.ui.conftest import Switchboard
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import BASE_URL, World
from throughcare.kit.clock import london
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import CASEWORKERS
from throughcare.services.interventions.performance_report.model import COLUMNS

PATH = "/service-provider/performance-report"
API = "/reports/service-provider/performance"


@pytest.fixture(scope="module")
async def caseworker(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The caseworker's browser, signed in."""
    made = browser(world)
    await made.sign_in(CASEWORKERS[0].username)
    yield made
    await made.http.aclose()


def days(first: date | str, last: date | str) -> dict[str, str]:
    """The answers of the form; a text is day, month and year with spaces between."""
    answers: dict[str, str] = {}
    for name, day in (("from-date", first), ("to-date", last)):
        parts = day.split(" ") if isinstance(day, str) else (day.day, day.month, day.year)
        answers |= {f"{name}-{part}": str(said) for part, said in zip(("day", "month", "year"), parts, strict=True)}
    return answers


async def reports(world: World, username: str = "") -> list[Json]:
    found: list[Json] = ok(await (await signed_in(world, username or CASEWORKERS[0].username)).get(API))
    return found


async def test_only_providers_ask_for_reports(caseworker: Visitor, practitioner: Visitor) -> None:
    page = await caseworker.get(PATH)
    assert (page.status_code, heading(page)) == (200, "Reporting")
    assert "You have not asked for any reports" in words(page)
    for end in ("", "/confirmation", "/download?filename=x.csv", "/file/x.csv"):
        assert (await practitioner.get(f"{PATH}{end}")).status_code == 403


TOMORROW = "tomorrow"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("1 2 ", "4 3 2024", ["From date must include a year"]),
        (" 2 2024", " 3 2024", ["From date must include a day", "To date must include a day"]),
        ("31 2 2024", "4 3 2024", ["From date must be a real date"]),
        ("31 5 2021", "1 6 2021", ["Data before 1 June 2021 is not available"]),
        ("1 3 2024", TOMORROW, ["Data after today is not available"]),
        ("3 3 2024", "2 3 2024", ["From date must be the same as or before to date"] * 2),
        ("1 8 2023", "2 2 2024", ["Dates must be within 6 months"] * 2),
    ],
)
async def test_days_that_cannot_be_are_refused(
    world: World, caseworker: Visitor, first: str, last: str, said: list[str]
) -> None:
    if last == TOMORROW:
        day = london(world.clock.now()).date() + timedelta(days=1)
        last = f"{day.day} {day.month} {day.year}"
    before = len(await reports(world))
    answer = await caseworker.send(await caseworker.get(PATH), PATH, days(first, last))
    assert answer.status_code == 400
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    assert [one.strip() for one in re.findall(r"<a [^>]*>(.*?)</a>", summary, re.DOTALL)] == said
    for text in said:
        assert words(answer).count(text) >= 2 * said.count(text)
    for box, value in days(first, last).items():
        if value:
            assert re.search(rf'name="{box}"[^>]*value="{value}"', answer.text), box
    assert len(await reports(world)) == before


async def test_a_period_fills_the_form(world: World, caseworker: Visitor) -> None:
    await caseworker.send(await caseworker.get(PATH), PATH, days("1 1 1999", "  "))
    page = await caseworker.get(f"{PATH}?period=last-month")
    ended = london(world.clock.now()).date().replace(day=1) - timedelta(days=1)
    for box, value in days(ended.replace(day=1), ended).items():
        assert re.search(rf'name="{box}"[^>]*value="{value}"', page.text), box
    assert "was not sent" not in words(page)
    assert (await caseworker.get(f"{PATH}?period=nonsense")).status_code == 200


async def test_a_report_is_asked_for_once_watched_and_fetched(world: World, caseworker: Visitor) -> None:
    await sent_referral(world)
    today = london(world.clock.now()).date()
    form, key = await caseworker.get(PATH), str(new_id())
    for _ in range(2):
        answer = await caseworker.send(form, PATH, {**days(today, today), "request_id": key})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/confirmation")
    assert len(await reports(world)) == 1
    page = await caseworker.get(f"{PATH}/confirmation")
    assert heading(page) == "Data requested"
    waiting = words(await caseworker.get(PATH))
    assert "Requested" in waiting
    assert "Not known yet" in waiting
    await world.drain()
    listed = await caseworker.get(PATH)
    assert "Ready" in words(listed)
    assert "Expires" in words(listed)
    [mail] = await mails(world, template="service-provider-performance-report-ready")
    link = mail["personalisation"]["reportUrl"].removeprefix(BASE_URL)
    shown = await caseworker.get(link)
    assert heading(shown) == "Get your report"
    assert "will be deleted on" in words(shown)
    afterwards = browser(world)
    assert heading(await afterwards.sign_in(CASEWORKERS[0].username, link)) == "Get your report"
    await afterwards.http.aclose()
    [href] = re.findall(rf'href="({PATH}/file/[^"]+)"', shown.text)
    assert href in listed.text
    file = await caseworker.http.get(href)
    assert file.headers["content-disposition"] == f'attachment; filename="performance-report-{today}-to-{today}.csv"'
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.text.splitlines()[0] == ",".join(COLUMNS)
    assert len(file.text.splitlines()) >= 2


async def test_a_file_that_is_not_ones_own_is_not_found(world: World, services: Switchboard) -> None:
    [one, *_] = await reports(world)
    other = browser(world)
    await other.sign_in(OTHER_CASEWORKER.username)
    for path in (
        f"{PATH}/download?filename={one['file']}", f"{PATH}/file/{one['file']}", f"{PATH}/download",
        f"{PATH}/download?filename=../secrets", f"{PATH}/file/%2e%2e%2fsecrets", f"{PATH}/file/x%3Fy",
    ):  # fmt: skip
        page = await other.get(path)
        assert page.status_code == 404, path
    await other.http.aclose()


async def test_the_form_stays_when_reports_cannot_be_had(
    world: World, caseworker: Visitor, services: Switchboard
) -> None:
    form, before = await caseworker.get(PATH), len(await reports(world))
    today = london(world.clock.now()).date()
    with services.away("interventions"):
        page = await caseworker.get(PATH)
        assert page.status_code == 200
        assert "the list could not be loaded" in words(page)
        assert (await caseworker.get(f"{PATH}/file/x.csv")).status_code == 503
        answer = await caseworker.send(form, PATH, days(today, today))
    assert answer.status_code == 503
    assert "could not be saved just now" in words(answer)
    assert len(await reports(world)) == before
