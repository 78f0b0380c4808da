"""Where everything is: one process, several, or a test. The only thing that differs between the ways to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from throughcare.kit.clock import Clock
from throughcare.kit.messaging.bus import Bus
from throughcare.kit.service import ClientSpec
from throughcare.kit.settings import Secrets

App = Callable[..., Any]


@dataclass(frozen=True)
class Build:
    """What runs here. ``version`` is ``dev`` or a date, a run and a commit; what is not known is empty."""

    version: str = "dev"
    time: str = ""
    branch: str = ""
    commit: str = ""
    product_id: str = "UNASSIGNED"


@dataclass
class Topology:
    """The whereabouts that a host and its services share.

    ``database_dsn(service)`` is the URL for the service's own role; ``paths`` is every service's path under
    ``base_url`` (the public address); ``peer_urls`` overrides where a peer is reached over TCP.
    """

    base_url: str
    database_dsn: Callable[[str], str]
    make_bus: Callable[[], Bus]
    secrets: Secrets
    clock: Clock = field(default_factory=Clock)
    environment: str = "dev"
    build: Build = field(default_factory=Build)
    paths: Mapping[str, str] = field(default_factory=dict)
    peer_urls: Mapping[str, str] = field(default_factory=dict)
    clients: Mapping[str, ClientSpec] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    pool_size: int = 8
    shared_clock: bool = False

    @property
    def version(self) -> str:
        """The version of what runs here."""
        return self.build.version

    def public_url(self, service: str) -> str:
        """Where the outside finds ``service``, without a trailing slash."""
        return self.base_url.rstrip("/") + self.paths.get(service, "").rstrip("/")

    def peer_url(self, service: str) -> str:
        """Where a peer finds ``service``: an override, else under the public address."""
        return self.peer_urls.get(service, self.public_url(service))

    def local_app(self, service: str) -> App | None:
        """The application, when this process hosts it."""
        return self.apps.get(service)

    def client_secret(self, service: str) -> str:
        """The secret of a service's own machine client."""
        return self.secrets.derive(f"client:{service}")

    @property
    def issuer(self) -> str:
        """The issuer of every token of this system."""
        return f"{self.public_url('auth')}/issuer"
