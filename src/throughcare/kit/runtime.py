"""A service come to life: its database, bus, peers and clock, and what runs beside its routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from throughcare.kit.auth.jwks import JwksKeys
from throughcare.kit.auth.liveness import Liveness, asking
from throughcare.kit.auth.principal import system
from throughcare.kit.auth.verifier import TokenVerifier
from throughcare.kit.clock import Clock
from throughcare.kit.context import Context
from throughcare.kit.db.database import Database
from throughcare.kit.db.unit_of_work import InboxEntry
from throughcare.kit.http.gateway import Gateway
from throughcare.kit.inbox.consume import Consumer
from throughcare.kit.jobs.schedule import JobRunner
from throughcare.kit.messaging.bus import Bus
from throughcare.kit.messaging.envelope import Producer
from throughcare.kit.outbox.relay import Relay
from throughcare.kit.service import Service
from throughcare.kit.settings import ServiceSettings, read_settings
from throughcare.kit.topology import Topology
from throughcare.kit.upkeep import upkeep_jobs


@dataclass
class Runtime:
    """Everything that one service needs while it runs. ``Host`` makes it, starts it and closes it."""

    service: Service
    topology: Topology
    bus: Bus
    database: Database
    gateway: Gateway
    verifier: TokenVerifier
    liveness: Liveness
    settings: ServiceSettings
    producer: Producer
    relay: Relay
    consumers: list[Consumer] = field(default_factory=list)
    jobs: JobRunner = field(init=False)
    started_at: float = field(default_factory=monotonic)
    ready: bool = False
    draining: bool = False

    def __post_init__(self) -> None:
        self.consumers = [
            Consumer(one, self.bus, self.database, self.reaction_context) for one in self.service.subscriptions
        ]
        every_job = (*self.service.jobs, *upkeep_jobs(self))
        self.jobs = JobRunner(self.name, every_job, self.database, self.context)

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

    @property
    def clock(self) -> Clock:
        """The business clock."""
        return self.topology.clock

    def context(self) -> Context:
        """A context for the service's own work."""
        return Context(self, system(self.name))

    def reaction_context(self, inbox: InboxEntry) -> Context:
        """A context whose unit of work commits ``inbox`` with the effect."""
        return Context(self, system(self.name), inbox)

    async def close(self) -> None:
        """Give back connections."""
        await self.gateway.close()
        await self.database.close()


def make_runtime(service: Service, topology: Topology, bus: Bus) -> Runtime:
    """The runtime of ``service``; nothing is connected yet. Raises BadSettings."""
    database = Database(topology.database_dsn(service.name), service.name, pool_size=topology.pool_size)
    gateway = Gateway(topology, service.name, topology.clock)
    verifier = TokenVerifier(
        issuer=topology.issuer, audience=service.name, keys=JwksKeys(_jwks(gateway)), clock=topology.clock
    )
    settings = read_settings(service.settings, f"THROUGHCARE_{service.name.upper()}__")
    return Runtime(
        service=service, topology=topology, bus=bus, database=database, gateway=gateway, verifier=verifier,
        liveness=Liveness(asking(lambda: gateway.client("auth"))), settings=settings,
        producer=Producer(service.name, topology.public_url(service.name)),
        relay=Relay(database, bus, topology.clock, service.name),
    )  # fmt: skip


def _jwks(gateway: Gateway) -> Callable[[], Awaitable[Mapping[str, object]]]:
    async def fetch() -> Mapping[str, object]:
        response = await gateway.client("auth").get("/.well-known/jwks.json", timeout=5)
        response.raise_for_status()
        keys: Mapping[str, object] = response.json()
        return keys

    return fetch
