"""The public doors of a running system: HTTP with real tokens, as machines and as people."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import secrets as random_secrets
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx2

from throughcare.cli.errors import CommandError
from throughcare.kit.settings import Secrets
from throughcare.seeding.accounts import PASSWORD

T = TypeVar("T")
POLL_SECONDS = 0.05
PAGES = "throughcare-ui"


class Unexpected(CommandError):
    """The system did not do what the journey needs."""


class Doors:
    """Calls to services; ``urls`` holds each service's base URL, ``redirect_uri`` the pages' registered callback."""

    def __init__(self, urls: Mapping[str, str], secrets: Secrets, redirect_uri: str, correlation_id: str) -> None:
        self._urls, self._secrets, self._redirect_uri = urls, secrets, redirect_uri
        self.correlation_id = correlation_id
        self._http = httpx2.AsyncClient(timeout=40, trust_env=False)
        self._tokens: dict[tuple[str, str], str] = {}
        self.calls = 0

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    def forget_tokens(self) -> None:
        """Get new tokens next time: business time has moved past the old ones."""
        self._tokens.clear()

    @property
    def services(self) -> list[str]:
        """Every service of the system."""
        return list(self._urls)

    async def machine(self, client_id: str, service: str, method: str, path: str, **options: Any) -> Any:
        """The answer of a request by a machine client.

        ``expect`` is the status that it must have, ``missing`` makes None of a 404. Raises Unexpected.
        """
        return await self._call((client_id, service), service, method, path, **options)

    async def person(self, username: str, service: str, method: str, path: str, **options: Any) -> Any:
        """The answer of a request by a person who signed in; options as for a machine. Raises Unexpected."""
        return await self._call((username, "person"), service, method, path, **options)

    async def open(self, service: str, path: str) -> Any:
        """The answer of an open door."""
        reply = await self._http.get(f"{self._urls[service]}{path}")
        return reply.json()

    async def _call(self, who: tuple[str, str], service: str, method: str, path: str, **options: Any) -> Any:
        expected, missing = options.pop("expect", None), options.pop("missing", False)
        for attempt in (1, 2):
            headers = {
                "Authorization": f"Bearer {await self._token(who)}",
                "X-Correlation-Id": self.correlation_id,
            }
            try:
                reply = await self._http.request(method, f"{self._urls[service]}{path}", headers=headers, **options)
            except httpx2.TransportError as error:
                raise Unexpected(f"{service} does not answer ({type(error).__name__})") from None
            self.calls += 1
            if reply.status_code == 401 and attempt == 1:
                self._tokens.pop(who, None)
                continue
            break
        if missing and reply.status_code == 404:
            return None
        if expected is not None and reply.status_code == expected:
            return reply.json() if reply.content else None
        if reply.is_error or expected is not None:
            raise Unexpected(f"{method} {path} of {service} answered {reply.status_code}: {reply.text[:400]}")
        return reply.json() if reply.content else None

    async def _token(self, who: tuple[str, str]) -> str:
        if who not in self._tokens:
            name, audience = who
            make = self._sign_in(name) if audience == "person" else self._client_token(name, audience)
            self._tokens[who] = await make
        return self._tokens[who]

    async def _client_token(self, client_id: str, audience: str) -> str:
        form = {"grant_type": "client_credentials", "resource": audience}
        secret = self._secrets.derive(f"client:{client_id}")
        reply = await self._http.post(f"{self._urls['auth']}/oauth2/token", data=form, auth=(client_id, secret))
        return _access_token(reply, client_id)

    async def _sign_in(self, username: str) -> str:
        """The code flow with PKCE, through the sign-in page."""
        verifier = random_secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        async with httpx2.AsyncClient(timeout=20, trust_env=False) as browser:
            query = httpx2.QueryParams(
                response_type="code", client_id=PAGES, redirect_uri=self._redirect_uri, state="demo-state",
                code_challenge=challenge, code_challenge_method="S256",
            )  # fmt: skip
            reply = await browser.get(f"{self._urls['auth']}/oauth2/authorize?{query}")
            reply = await self._follow(browser, reply)
            hidden = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', reply.text)
            if hidden is None:
                raise Unexpected(f"the sign-in page answered {reply.status_code} without a form")
            form = {"username": username, "password": PASSWORD, "csrf_token": hidden[1]}
            reply = await self._follow(browser, await browser.post(str(reply.url), data=form))
            location = reply.headers.get("location", "")
            code = parse_qs(urlsplit(location).query).get("code")
            if code is None:
                raise Unexpected(f"{username} could not sign in ({reply.status_code})")
        form = {
            "grant_type": "authorization_code", "code": code[0], "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
        }  # fmt: skip
        secret = self._secrets.derive(f"client:{PAGES}")
        reply = await self._http.post(f"{self._urls['auth']}/oauth2/token", data=form, auth=(PAGES, secret))
        return _access_token(reply, username)

    async def _follow(self, browser: httpx2.AsyncClient, reply: httpx2.Response) -> httpx2.Response:
        """Follow redirects inside auth; stop at the one that leads back to the pages."""
        while reply.is_redirect:
            location = reply.headers["location"]
            if location.startswith(self._redirect_uri):
                return reply
            path = urlsplit(location)
            auth = urlsplit(self._urls["auth"])
            reply = await browser.get(path._replace(scheme=auth.scheme, netloc=auth.netloc).geturl())
        return reply


def _access_token(reply: httpx2.Response, who: str) -> str:
    if reply.status_code != 200:
        raise Unexpected(f"no token for {who}: {reply.status_code} {reply.text[:200]}")
    return str(reply.json()["access_token"])


async def eventually(
    question: Callable[[], Awaitable[T]],
    what: str,
    *,
    seconds: float = 30.0,
    until: Callable[[T], object] = bool,
) -> T:
    """The answer of ``question`` once ``until`` accepts it. Raises Unexpected when it never does in ``seconds``."""
    deadline = monotonic() + seconds
    while True:
        answer = await question()
        if until(answer):
            return answer
        if monotonic() > deadline:
            raise Unexpected(f"{what} did not happen within {seconds:.0f} s")
        await asyncio.sleep(POLL_SECONDS)
