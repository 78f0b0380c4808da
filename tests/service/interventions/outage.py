"""Peers that fail when a test says so: before they carry a request out, or after."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.world import World

PEERS = ("probation", "risks_and_needs", "auth", "prisoner_search")


class Failure(Enum):
    """How a peer fails."""

    DEAD = "does nothing and answers 503"
    LOST = "carries the request out, and its answer is lost"


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
            if self.failure is Failure.LOST:
                await self.app(scope, receive, _nowhere)
            await _answer(send, 503, {})
        else:
            await self.app(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    return


async def _answer(send: Send, status: int, body: dict[str, object]) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


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
        peer = self.by_name[name]
        peer.failure, peer.where = how, where
        try:
            yield peer
        finally:
            self._mend(name)

    @contextmanager
    def refusing(self, name: str, status: int, code: str, where: str) -> Iterator[Peer]:
        """``name`` refuses requests whose path holds ``where``."""
        peer = self.by_name[name]
        peer.refusal, peer.where = (status, code), where
        try:
            yield peer
        finally:
            self._mend(name)

    def _mend(self, name: str) -> None:
        peer = self.by_name[name]
        peer.failure, peer.refusal, peer.where = None, None, ""
        for runtime in self._world.host.runtimes.values():
            runtime.gateway.breaker(name).succeeded()
