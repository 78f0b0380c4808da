"""The public doors of a running system: HTTP with real tokens, as machines and as people."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, TypeVar

import httpx2

from throughcare.cli.errors import CommandError
from throughcare.kit.settings import Secrets
from throughcare.seeding.sign_in import PAGES, SignInFailed, sign_in

T = TypeVar("T")
POLL_SECONDS = 0.05


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
        async with httpx2.AsyncClient(base_url=self._urls["auth"], timeout=20, trust_env=False) as browser:
            try:
                secret = self._secrets.derive(f"client:{PAGES}")
                return await sign_in(browser, username, secret=secret, redirect_uri=self._redirect_uri)
            except SignInFailed as error:
                raise Unexpected(str(error)) from None


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
