"""A peer that answers as a test wishes: other than it would, or later."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Self

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.world import World


@dataclass(frozen=True)
class Canned:
    """An answer that is given whatever is asked."""

    status: int = 200
    body: bytes = b""

    @classmethod
    def of(cls, content: object, status: int = 200) -> Self:
        """The answer with some JSON."""
        return cls(status, json.dumps(content).encode())


@dataclass
class Held:
    """One answer that waits to be released."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def reached(self) -> None:
        """Wait until the answer was made."""
        await asyncio.wait_for(self.asked.wait(), 10)

    def release(self) -> None:
        """Let the answer go."""
        self.released.set()


class Switch:
    """An application behind a switch."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._app: ASGIApp = world.host.topology.apps[name]
        self._canned: tuple[str, Canned] | None = None
        self._held: tuple[str, Held] | None = None
        self.canned_answers = 0

    @classmethod
    def before(cls, world: World, name: str) -> Self:
        """Put a switch before an application; made before anybody calls it."""
        made = cls(world, name)
        world.host.topology.apps[name] = made
        return made

    @contextmanager
    def answering(self, canned: Canned, where: str = "") -> Iterator[None]:
        """Requests whose path holds ``where`` get this answer; afterwards the peer is trusted again at once."""
        self._canned = (where, canned)
        try:
            yield
        finally:
            self._canned = None
            self.trust()

    def trust(self) -> None:
        """Have every caller try the peer again at once, whatever failed before."""
        for runtime in self._world.host.runtimes.values():
            runtime.gateway.breaker(self._name).succeeded()

    @asynccontextmanager
    async def holding(self, where: str) -> AsyncIterator[Held]:
        """The next answer to a request whose path holds ``where`` is made at once and waits to be released."""
        held = Held()
        self._held = (where, held)
        yield held
        self._held = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path"))
        if self._canned is not None and re.search(self._canned[0], path):
            self.canned_answers += 1
            await _answer(send, self._canned[1])
        elif self._held is not None and self._held[0] in path and not self._held[1].asked.is_set():
            await self._later(self._held[1], scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _later(self, held: Held, scope: Scope, receive: Receive, send: Send) -> None:
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, keep)
        held.asked.set()
        await held.released.wait()
        for message in said:
            await send(message)


async def _answer(send: Send, canned: Canned) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": canned.status, "headers": headers})
    await send({"type": "http.response.body", "body": canned.body})
