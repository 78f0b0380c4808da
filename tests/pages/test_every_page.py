"""Every page that people reach by links: accessible at both widths, valid, with a title of its own."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.pages.conftest import PEOPLE
from tests.pages.crawl import Crawler
from tests.pages.record import noted
from tests.pages.walker import look, look_at_errors, walker
from tests.running import Site

ELSEWHERE = (".ics", "/inbox/{message_id}/", "/typed", "/sign-in/callback")


@pytest.mark.parametrize("name", PEOPLE)
async def test_every_page_that_somebody_reaches_is_as_a_page_must_be(
    browser: Browser, full_site: Site, walked: dict[str, Crawler], name: str
) -> None:
    who = await walker(browser, full_site.url, PEOPLE[name][0])
    looked_at = {template for template, *_ in noted("page")}
    for template, paths in walked[name].found.items():
        if paths and template not in looked_at and not template.endswith(ELSEWHERE):
            await who.go(paths[0])
            await look(who.page)
            await look_at_errors(who.page)
    await who.page.context.close()
