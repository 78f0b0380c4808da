"""The case record with the user directory beside it, and a stand-in for the one service that it asks about events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.conftest import SECRETS
from tests.service.probation.interventions import Interventions
from tests.world import World, hosted
from throughcare import catalogue
from throughcare.kit.http.breaker import Breaker


class Directory:
    """The authorisation server, whose answers about users can be cut off."""

    def __init__(self, app: ASGIApp, breaker: Breaker) -> None:
        self._app, self._breaker, self._down = app, breaker, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or fail it with 503."""
        if not self._down or "/users/" not in str(scope["path"]):
            await self._app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    @contextmanager
    def down(self) -> Iterator[None]:
        """No answers about users; afterwards they are trusted again at once."""
        self._down = True
        yield
        self._down = False
        self._breaker.succeeded()


@pytest.fixture(scope="module")
async def world(database: str) -> AsyncIterator[World]:
    """Auth and probation alone, with accounts and reference data but no people."""
    async with hosted(database, catalogue.services(["auth", "probation"]), secrets=SECRETS) as made:
        apps = made.host.topology.apps
        apps["auth"] = Directory(apps["auth"], made.host.runtimes["probation"].gateway.breaker("auth"))
        apps["interventions"] = Interventions()
        yield made


@pytest.fixture
def interventions(world: World) -> Interventions:
    """The stand-in for the interventions service."""
    found = world.host.topology.apps["interventions"]
    assert isinstance(found, Interventions)
    return found


@pytest.fixture
def directory(world: World) -> Directory:
    """The user directory."""
    found = world.host.topology.apps["auth"]
    assert isinstance(found, Directory)
    return found
