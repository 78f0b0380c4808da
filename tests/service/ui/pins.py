"""What each page asks of which service, pinned: no call that is not written down, and none made twice for one page."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.pages.crawl import route_among, template_of
from throughcare.catalogue import services

WRITTEN = Path(__file__).with_name("peer_calls.txt")
ANY_PAGE = "any page"
"""The entry of the list for what the frame asks, and for lists and names that are kept for everybody meanwhile."""
RECORD = os.environ.get("THROUGHCARE_RECORD_PEER_CALLS")
"""A file to which visits are added as they happen, for writing the list anew."""


class Call(NamedTuple):
    """One question of a page to a service: its address, and the route that answers it."""

    address: str
    route: str


_calls: ContextVar[list[Call] | None] = ContextVar("calls", default=None)


def pinned(app: ASGIApp) -> ASGIApp:
    """The application, whose pages may ask no more than is written down."""

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        page = template_of(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if page is None:
            await app(scope, receive, send)
            return
        made: list[Call] = []
        token = _calls.set(made)
        try:
            await app(scope, receive, send)
        finally:
            _calls.reset(token)
        compare(page, made)

    return watched


async def note(service: str, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """A call to a service; what that service asks of others meanwhile is its own affair.

    A call that failed is not counted: it is made again.
    """
    made, status = _calls.get(), 500

    async def answer(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        await send(message)

    token = _calls.set(None)
    try:
        await app(scope, receive, answer)
    finally:
        _calls.reset(token)
    if made is not None and status < 500:
        [path] = [scope["path"].removeprefix(one.path.rstrip("/")) for one in services() if one.name == service]
        asked, query = f"{service} {scope['method']} ", scope["query_string"].decode()
        made.append(Call(f"{asked}{path}?{query}", f"{asked}{_route(app, path, scope['method'])}"))


def _route(app: Any, path: str, method: str) -> str:
    while not isinstance(app, FastAPI):  # a stand-in for a service hands on to it
        app = app.app
    return route_among([one for one in app.routes if isinstance(one, APIRoute)], path, method) or path


def compare(page: str, made: list[Call]) -> None:
    """Raises AssertionError when a page asked what it need not."""
    counted = Counter(call.route for call in made)
    if RECORD is not None:
        with Path(RECORD).open("a", encoding="utf-8") as file:
            file.writelines(f"{page}\t{route}\t{number}\n" for route, number in (counted or {"": 0}).items())
    gets = Counter(call.address for call in made if " GET " in call.address)
    repeated = {address: number for address, number in gets.items() if number > 1}
    assert not repeated, f"{page} asks the same again: {repeated}"
    if RECORD is not None:
        return
    allowed = {**written()[ANY_PAGE], **written()[page]}
    more = {route: number for route, number in counted.items() if number > allowed.get(route, 0)}
    assert not more, f"{page} asks more than {WRITTEN.name} says: {more}"


@cache
def written() -> Mapping[str, Mapping[str, int]]:
    """The list: for each page how often it may ask what."""
    found: dict[str, dict[str, int]] = {}
    for block in WRITTEN.read_text("utf-8").strip().split("\n\n"):
        page, *asked = block.splitlines()
        found[page] = {route: int(number) for number, _, route in (line.strip().partition(" × ") for line in asked)}
    return found
