"""All pages together, after everybody has walked: names those that nobody looked at, and titles that two share."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import get_type_hints

from fastapi import Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from tests.pages.crawl import routes
from tests.pages.record import noted

NO_PAGE = {
    "calendar.ics": "a file",
    "/action-plan/approve": "for plans that wait for approval, as none does any more",
    "/inbox/{message_id}/body": "shown within the page of its message",
}
"""How routes end that answer no page of their own, and why."""
ONE_DEAD_END = {"DR-1", "DR-2"}
"""Work that is over, whether it was sent or given up: its heading is the same."""


def not_looked_at() -> Iterator[str]:
    """The routes of pages that nobody came by."""
    seen = {template for template, _, _ in noted("page")}
    for route in routes():
        if "GET" in (route.methods or ()) and has_page(route) and route.path not in seen:
            yield f"{route.path} was not looked at"


def has_page(route: APIRoute) -> bool:
    """Whether a route may answer a page: it is not known to lead elsewhere, nor to answer something else."""
    answer = get_type_hints(route.endpoint)["return"]
    return answer in {Response, HTMLResponse} and not route.path.endswith(tuple(NO_PAGE))


def shared_titles() -> Iterator[str]:
    """Titles that several pages of one side have."""
    titles: dict[tuple[str, str], set[str]] = {}
    for template, page_id, title in noted("page"):
        named = "DR" if page_id in ONE_DEAD_END else page_id
        titles.setdefault((side_of(template), title), set()).add(named)
    for (_, title), ids in titles.items():
        if len(ids) > 1:
            yield f"{', '.join(sorted(ids))} have the same title: {title}"


def side_of(template: str) -> str:
    """Whose page it is, as its address begins."""
    return next((one for one in ("probation-practitioner", "service-provider") if template.startswith(f"/{one}/")), "")


if __name__ == "__main__":
    sys.exit("\n".join([*not_looked_at(), *shared_titles()]) or None)
