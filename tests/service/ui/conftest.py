"""Services behind switches, and a signed-in operator."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.service.ui.pins import note
from tests.service.ui.visitor import Visitor, browser
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS


class Switchboard:
    """Every service as its peers reach it; one can be made to answer 503, or with a health that is down."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._answers: dict[str, dict[str, object]] = {}
        self._asked: dict[str, list[str]] = {}
        for name, app in world.host.topology.apps.items():
            world.host.topology.apps[name] = self._switch(name, app)

    def _switch(self, name: str, app: ASGIApp) -> ASGIApp:
        async def switched(scope: Scope, receive: Receive, send: Send) -> None:
            if name in self._asked:
                path = str(scope["path"]).removeprefix(self._world.host.runtimes[name].service.path)
                self._asked[name].append(f"{scope['method']} {path}")
            body = self._answers.get(name)
            if body is None or (body and not str(scope["path"]).endswith("/health")):
                await note(name, app, scope, receive, send)
                return
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": json.dumps(body).encode()})

        return switched

    @contextmanager
    def away(self, name: str) -> Iterator[None]:
        """The service answers nothing useful."""
        with self._answering(name, {}):
            yield

    @contextmanager
    def unwell(self, name: str, component: str) -> Iterator[None]:
        """The service says that a part of it is down, and works otherwise."""
        parts = {"db": {"status": "UP"}, component: {"status": "DOWN"}}
        with self._answering(name, {"status": "DOWN", "components": parts}):
            yield

    @contextmanager
    def asked(self, name: str) -> Iterator[list[str]]:
        """What the service is asked for meanwhile: methods and paths."""
        found = self._asked[name] = []
        try:
            yield found
        finally:
            del self._asked[name]

    @contextmanager
    def _answering(self, name: str, body: dict[str, object]) -> Iterator[None]:
        self._answers[name] = body
        try:
            yield
        finally:
            del self._answers[name]
            for runtime in self._world.host.runtimes.values():
                runtime.gateway.breaker(name).succeeded()


@pytest.fixture(scope="module")
def services(world: World) -> Switchboard:
    """The services behind switches."""
    return Switchboard(world)


@pytest.fixture
async def visitor(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """A browser without cookies."""
    made = browser(world)
    yield made
    await made.http.aclose()


@pytest.fixture(scope="module")
async def practitioner(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """A practitioner's browser, signed in."""
    made = browser(world)
    await made.sign_in(PRACTITIONERS[0].username)
    yield made
    await made.http.aclose()


@pytest.fixture
async def caseworker(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """The caseworker's browser, signed in at the business time of the test."""
    made = browser(world)
    await made.sign_in(CASEWORKERS[0].username)
    yield made
    await made.http.aclose()


@pytest.fixture(scope="module")
async def operator(world: World, services: Switchboard) -> AsyncIterator[Visitor]:
    """An operator's browser, signed in."""
    made = browser(world)
    await made.sign_in()
    yield made
    await made.http.aclose()
