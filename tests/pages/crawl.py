"""Finds pages as people do: by following links, and by pressing the buttons that begin something."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx2
from fastapi.routing import APIRoute
from starlette.routing import Match

from tests.world import hidden_field
from throughcare.kit.ids import new_id
from throughcare.seeding.accounts import PASSWORD
from throughcare.ui import SERVICE

PAGE = {"Accept": "text/html"}
EACH = 2
BEGINS = re.compile(r"/(start|action-plan|end-of-service-report)$")
OTHER_DOORS = ("/auth/", "/static/", "/typed/", "/sign-", "/session/", "/notify/")


@dataclass
class Form:
    """A form of a page: where it leads, what it holds, and the fields that a person fills in."""

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.links, self.forms, self.ids = url, list[str](), list[Form](), list[str]()
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(urljoin(self.url, found["href"]))
        elif tag == "form":
            action = urljoin(self.url, found.get("action", "") or self.url)
            self._form = Form(action, found.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "textarea", "select"} and found.get("name"):
            kept = self._form.hidden if found.get("type") == "hidden" else self._form.asked
            kept.setdefault(found["name"], found.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def read(page: httpx2.Response) -> _Reader:
    """The links, forms and ids of a page."""
    reader = _Reader(str(page.url))
    reader.feed(page.text)
    return reader


def template_of(path: str) -> str | None:
    """The route of the pages that a path leads to; None when it is none of theirs."""
    return route_among(routes(), path, "GET")


def route_among(some: Sequence[APIRoute], path: str, method: str) -> str | None:
    """Which of these routes a path leads to; None when it is none of them."""
    asked = {"type": "http", "path": path, "method": method}
    return next((route.path for route in some if route.matches(asked)[0] is Match.FULL), None)


@cache
def routes() -> list[APIRoute]:
    """Every route of the pages, the first that fits an address first."""
    return [route for router in SERVICE.routers() for route in router.api.routes if isinstance(route, APIRoute)]


@dataclass
class Crawler:
    """One person's way through the site. ``found`` has some addresses for each route."""

    http: httpx2.AsyncClient
    base: str
    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    began: set[str] = field(default_factory=set)

    async def sign_in(self, username: str) -> None:
        """Through the sign-in page."""
        form = await self.http.get("/", headers=PAGE, follow_redirects=True)
        token = hidden_field(form.text, "csrf_token")
        answer = await self.http.post(
            "/auth/sign-in", data={"username": username, "password": PASSWORD, "csrf_token": token},
            headers={**PAGE, "Origin": self.base}, follow_redirects=True,
        )  # fmt: skip
        assert answer.status_code == 200, answer.text

    async def walk(self, start: str) -> list[tuple[str, int]]:
        """Visit what can be reached from ``start``, ``EACH`` addresses of a route; what was answered with 500 or more.

        A button that begins something is pressed once on the way.
        """
        waiting, seen, broken = deque([start]), {start}, []
        while waiting:
            path = waiting.popleft()
            template = template_of(urlsplit(path).path)
            if template is None or len(self.found[template]) >= EACH:
                continue
            page = await self.http.get(path, headers=PAGE, follow_redirects=True)
            if page.status_code >= 500:
                broken.append((path, page.status_code))
            if page.status_code != 200 or "text/html" not in page.headers["content-type"]:
                continue
            arrived = page.url.raw_path.decode()
            reached = template_of(urlsplit(arrived).path)
            if reached is not None and arrived not in self.found[reached]:
                self.found[reached].append(arrived)
            for link in [*read(page).links, *await self._begun(page)]:
                onward = self._within(link)
                if onward is not None and onward not in seen:
                    seen.add(onward)
                    waiting.append(onward)
        return broken

    async def _begun(self, page: httpx2.Response) -> list[str]:
        """Where the buttons of this page lead that begin something, each kind pressed once."""
        led = []
        for form in read(page).forms:
            path = urlsplit(form.action).path
            kind = re.sub(r"[0-9a-f-]{36}", "", path)
            if form.method != "post" or form.asked or not BEGINS.search(path) or kind in self.began:
                continue
            self.began.add(kind)
            answer = await self.send(form, {})
            if "location" in answer.headers:
                led.append(urljoin(self.base, answer.headers["location"]))
        return led

    async def send(self, form: Form, answers: Mapping[str, object], *, origin: str = "") -> httpx2.Response:
        """Send a form with these answers, as this site's page does, or a page of another ``origin``."""
        data = {**form.hidden, "request_id": str(new_id()), **answers}
        return await self.http.post(form.action, data=data, headers={**PAGE, "Origin": origin or self.base})

    def _within(self, link: str) -> str | None:
        parts = urlsplit(link)
        if f"{parts.scheme}://{parts.netloc}" != self.base or parts.path.startswith(OTHER_DOORS):
            return None
        return parts.path + (f"?{parts.query}" if parts.query else "")


def crawler(url: str) -> Crawler:
    """Somebody who is not signed in yet at the site with this address."""
    return Crawler(httpx2.AsyncClient(base_url=url, timeout=60, trust_env=False), url)
