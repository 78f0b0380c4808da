"""Every page that people reach by links: accessible at both widths, valid, with a title of its own."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.pages.conftest import PEOPLE
from tests.pages.crawl import Crawler
from tests.pages.walker import LOOKED_AT, look, walker
from tests.running import Site

ELSEWHERE = (".ics", "/inbox/{message_id}/", "/typed", "/sign-in/callback")


@pytest.mark.parametrize("name", PEOPLE)
async def test_every_page_that_somebody_reaches_is_as_a_page_must_be(
    browser: Browser, full_site: Site, walked: dict[str, Crawler], name: str
) -> None:
    who = await walker(browser, full_site.url, PEOPLE[name][0])
    for template, paths in walked[name].found.items():
        if paths and template not in LOOKED_AT and not template.endswith(ELSEWHERE):
            await who.go(paths[0])
            await look(who.page)
    await who.page.context.close()


def test_no_two_kinds_of_pages_share_a_title() -> None:
    titles: dict[str, list[str]] = {}
    for template, title in LOOKED_AT.items():
        titles.setdefault(title, []).append(template)
    assert {title: one for title, one in titles.items() if len(one) > 1} == {}
