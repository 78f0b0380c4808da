"""A browser without a screen: follows redirects, keeps cookies, sends back what forms hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import httpx2

from tests.service.ui.pins import pinned
from tests.world import BASE_URL, World, hidden_field
from throughcare.seeding.accounts import OPERATORS, PASSWORD

OPERATOR = OPERATORS[0].username
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@dataclass
class Visitor:
    """One browser. ``http`` asks for pages and does not follow redirects by itself."""

    http: httpx2.AsyncClient

    async def get(self, path: str) -> httpx2.Response:
        """The page at the end of every redirect."""
        return await self.http.get(path, follow_redirects=True)

    async def send(
        self, form: httpx2.Response, path: str, fields: Mapping[str, str | list[str]] | None = None, **headers: str
    ) -> httpx2.Response:
        """The answer to a form of the page ``form`` with what was typed into ``fields``; no redirect is followed."""
        token = {"csrf_token": hidden_field(form.text, "csrf_token")}
        return await self.http.post(path, data={**token, **(fields or {})}, headers={"Origin": BASE_URL, **headers})

    async def sign_in(self, username: str = OPERATOR, path: str = "/") -> httpx2.Response:
        """Go to ``path``, sign in on the way, and arrive."""
        form = await self.get(path)
        assert heading(form) == "Sign in", form.text
        return await self.enter(form, username)

    async def enter(self, form: httpx2.Response, username: str = OPERATOR) -> httpx2.Response:
        """Fill in the sign-in page ``form`` and arrive where one was going."""
        answer = await self.send(form, "/auth/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return await self.get(answer.headers["location"])


def browser(world: World, base_url: str = BASE_URL) -> Visitor:
    """A browser without cookies, in front of the door of the whole system."""
    transport = httpx2.ASGITransport(pinned(world.host.app))
    return Visitor(httpx2.AsyncClient(transport=transport, base_url=base_url, headers=PAGE))


def heading(page: httpx2.Response) -> str:
    """The page's only h1."""
    [found] = re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    return unescape(str(found)).replace("<wbr>", "").strip()


def words(page: httpx2.Response) -> str:
    """What a reader sees of the page, on one line."""
    without_tags = re.sub(r"<[^>]+>", "", page.text.replace("<br>", " "))
    return re.sub(r"\s+", " ", unescape(without_tags)).strip()


async def press(visitor: Visitor, on: str, path: str, key: str) -> str:
    """Press the button of a page that begins something; where it leads."""
    answer = await visitor.send(await visitor.get(on), path, {"request_id": key})
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


async def fill(visitor: Visitor, path: str, answers: Mapping[str, str], status: int = 303) -> httpx2.Response:
    """Send the form of a page."""
    answer = await visitor.send(await visitor.get(path), path, answers)
    assert answer.status_code == status, words(answer)
    return answer


def errors(page: httpx2.Response) -> set[str]:
    """What the summary of a page says is wrong."""
    summary = page.text.partition('class="govuk-error-summary"')[2].partition("</ul>")[0]
    return {
        re.sub(r"\s+", " ", unescape(one)).strip()
        for one in re.findall(r'<a href="#[^"]+">(.*?)</a>', summary, re.DOTALL)
    }
