"""A service is data, so that anything can host it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from throughcare.kit.inbox.reactions import Subscription
from throughcare.kit.jobs.schedule import Job
from throughcare.kit.messaging.envelope import DomainEvent
from throughcare.kit.settings import ServiceSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from throughcare.kit.context import Context
    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router

Step = Callable[["Context"], Awaitable[int]]
Progress = Callable[[int], None]
Seed = Callable[["Context", Any, Progress], Awaitable[None]]


@dataclass(frozen=True)
class Happening:
    """Something that synthetic people did in the past: ``act`` does it once the business clock says ``at``."""

    at: datetime
    act: Callable[[], Awaitable[None]]


Histories = Callable[["Context", Any], Sequence[Happening]]


@dataclass(frozen=True)
class Worker:
    """Work that waits for nothing but itself: ``step`` is called until it answers 0, then after a wake or ``poll`` s.

    ``channel`` names a NOTIFY channel of the service's own that wakes it.
    """

    name: str
    step: Step
    poll: float = 1.0
    channel: str | None = None


@dataclass(frozen=True)
class ClientSpec:
    """A machine client of the authorisation server. ``audiences`` are the services whose tokens it may ask for."""

    client_id: str
    secret: str = field(repr=False)
    grants: tuple[str, ...]
    roles: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("read", "write")


@dataclass(frozen=True)
class Service:
    """Everything that a host needs to know of a service.

    ``name`` is the folder, the schema, the role and the audience of its tokens; ``path`` is where it lives in
    ``throughcare up``; ``routers`` is called late, so that a worker need not import the web; ``gauges`` brings the
    service's own gauges up to date when its metrics are asked for; ``seed`` fills the service with synthetic people,
    ``histories`` says what they did since.
    """

    name: str
    path: str
    title: str
    routers: Callable[[], Sequence[Router]]
    settings: type[ServiceSettings] = ServiceSettings
    publishes: Sequence[type[DomainEvent]] = ()
    subscriptions: Sequence[Subscription] = ()
    jobs: Sequence[Job] = ()
    workers: Sequence[Worker] = ()
    seed: Seed | None = None
    histories: Histories | None = None
    lifespan: Callable[[Runtime], AbstractAsyncContextManager[None]] | None = None
    customise: Callable[[FastAPI, Runtime], None] | None = None
    gauges: Callable[[Context], Awaitable[None]] | None = None
    client_roles: Sequence[str] = ()
    client_permissions: Sequence[str] = ()

    package: str = ""

    @property
    def migrations(self) -> str:
        """The package that holds the service's Alembic revisions."""
        return f"{self.package or f'throughcare.services.{self.name}'}.migrations"
