"""All pages together, after everybody has walked: each was looked at, and every form was tried."""

from __future__ import annotations

from typing import get_type_hints

import httpx2
from fastapi import Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from tests.pages.crawl import Crawler, routes
from tests.pages.test_hostile import HOSTILE, answered_wrong, forms_of
from tests.pages.walker import LOOKED_AT, SEEN
from tests.running import Site

NO_PAGE = {
    "calendar.ics": "a file",
    "/action-plan/approve": "for plans that wait for approval, as none does any more",
    "/inbox/{message_id}/body": "shown within the page of its message",
}
"""How routes end that answer no page of their own, and why."""
ALL_AT_ONCE = {"empty": "", "hostile": "".join(HOSTILE.values())[:3_000], "oversized": HOSTILE["oversized"]}


def test_every_page_was_looked_at() -> None:
    seen = {template for template, _ in LOOKED_AT}
    assert [
        one.path for one in routes() if "GET" in (one.methods or ()) and has_page(one) and one.path not in seen
    ] == []


def has_page(route: APIRoute) -> bool:
    """Whether a route may answer a page: it is not known to lead elsewhere, nor to answer something else."""
    answer = get_type_hints(route.endpoint)["return"]
    return answer in {Response, HTMLResponse} and not route.path.endswith(tuple(NO_PAGE))


def test_no_two_pages_of_one_side_share_a_title() -> None:
    titles: dict[tuple[str, str], set[str]] = {}
    for (template, page_id), title in LOOKED_AT.items():
        titles.setdefault((side_of(template), title), set()).add(page_id)
    assert {title: sorted(ids) for title, ids in titles.items() if len(ids) > 1} == {}


def side_of(template: str) -> str:
    """Whose page it is, as its address begins."""
    return next((one for one in ("probation-practitioner", "service-provider") if template.startswith(f"/{one}/")), "")


async def test_no_form_on_the_way_of_a_walk_breaks_or_gives_hostile_text_back_unescaped(full_site: Site) -> None:
    wrong = []
    for url, cookies in SEEN.values():
        async with httpx2.AsyncClient(cookies=cookies, timeout=60, trust_env=False) as http:
            person = Crawler(http, full_site.url)
            for form in await forms_of(person, url):
                wrong += await answered_wrong(person, url, form, ALL_AT_ONCE)
    assert wrong == []
