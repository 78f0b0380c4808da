"""Peers that fail when a test says so: before they carry a request out, or after."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum

import httpx2
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.world import World
from throughcare.kit.http import gateway, peer

PEERS = ("probation", "risks_and_needs", "auth", "prisoner_search", "notify")
SHORT_SECONDS = 0.3


class Failure(Enum):
    """How a peer fails."""

    DEAD = "does nothing and answers 503"
    LOST = "carries the request out, and its answer is lost"
    SLOW = "carries the request out, and answers when nobody waits any more"
    GONE = "cannot be reached at all"


HALF_WAY = (Failure.DEAD, Failure.LOST)


@dataclass
class Peer:
    """A real service behind a switch."""

    app: ASGIApp
    failure: Failure | None = None
    refusal: tuple[int, str] | None = None
    where: str = ""
    seen: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path"))
        self.seen.append(f"{scope.get('method')} {path}")
        hit = re.search(self.where, path)
        if hit and self.refusal is not None:
            status, code = self.refusal
            await _answer(send, status, {"errorCode": code, "status": status})
        elif hit and self.failure is not None:
            if self.failure in {Failure.LOST, Failure.SLOW}:
                await self.app(scope, receive, _nowhere)
            if self.failure is Failure.SLOW:
                await asyncio.Event().wait()
            await _answer(send, 503, {})
        else:
            await self.app(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    return


async def _answer(send: Send, status: int, body: dict[str, object]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


@dataclass
class _Unreachable(httpx2.AsyncBaseTransport):
    """A way to a peer on which requests whose path holds ``where`` find nobody."""

    way: httpx2.AsyncBaseTransport
    where: str

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if re.search(self.where, request.url.path):
            raise httpx2.ConnectError("nobody listens there")
        return await self.way.handle_async_request(request)


class Peers:
    """The peers of interventions, each behind a switch. Made before anybody calls them."""

    def __init__(self, world: World) -> None:
        self._world = world
        apps = world.host.topology.apps
        self.by_name = {name: Peer(apps[name]) for name in PEERS if name in apps}
        apps.update(self.by_name)

    @contextmanager
    def failing(self, name: str, how: Failure, where: str = "") -> Iterator[Peer]:
        """``name`` fails for requests whose path holds ``where``; afterwards it is trusted again at once."""
        failing = self.by_name[name]
        failing.failure, failing.where = how, where
        try:
            with ExitStack() as stack:
                if how is Failure.GONE:
                    stack.enter_context(self._unreachable(name, where))
                if how is Failure.SLOW:
                    stack.enter_context(_impatient(name))
                yield failing
        finally:
            self._mend(name)

    @contextmanager
    def _unreachable(self, name: str, where: str) -> Iterator[None]:
        clients = [runtime.gateway.client(name) for runtime in self._world.host.runtimes.values()]
        ways = [client._transport for client in clients]
        for client, way in zip(clients, ways, strict=True):
            client._transport = _Unreachable(way, where)
        try:
            yield
        finally:
            for client, way in zip(clients, ways, strict=True):
                client._transport = way

    @contextmanager
    def refusing(self, name: str, status: int, code: str, where: str) -> Iterator[Peer]:
        """``name`` refuses requests whose path holds ``where``."""
        refusing = self.by_name[name]
        refusing.refusal, refusing.where = (status, code), where
        try:
            yield refusing
        finally:
            self._mend(name)

    def _mend(self, name: str) -> None:
        mended = self.by_name[name]
        mended.failure, mended.refusal, mended.where = None, None, ""
        for runtime in self._world.host.runtimes.values():
            runtime.gateway.breaker(name).succeeded()


@contextmanager
def _impatient(name: str) -> Iterator[None]:
    """Callers of ``name`` wait for a moment only, instead of seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in peer.Peer.__subclasses__():
            if kind.service == name:
                patch.setattr(kind, "timeout", SHORT_SECONDS)
        if name == "auth":
            patch.setattr(gateway, "FETCH_SECONDS", SHORT_SECONDS)
        yield
