"""The one place that knows where a peer lives, and with whose token it is called."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import Clock
from throughcare.kit.http.breaker import Breaker
from throughcare.kit.http.peer import CONNECTING, Peer, PeerUnavailable

if TYPE_CHECKING:
    from throughcare.kit.topology import Topology

P = TypeVar("P", bound=Peer)

FETCH_SECONDS = 5.0
RENEW_BEFORE = timedelta(seconds=60)
LONGEST_LIFE = timedelta(hours=24)
LIMITS = httpx2.Limits(max_connections=50, max_keepalive_connections=20)


class _Granted(BaseModel):
    """A token as the authorisation server grants it; ``expires_in`` is in seconds."""

    access_token: str
    expires_in: float


class ClientTokens:
    """Client-credentials tokens of one service, one per audience, renewed a minute before they end."""

    def __init__(self, gateway: Gateway, client_id: str, secret: str, clock: Clock) -> None:
        self._gateway, self._client_id, self._secret, self._clock = gateway, client_id, secret, clock
        self._held: dict[str, tuple[str, datetime]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(self, audience: str) -> str:
        """A token for ``audience``. Raises PeerUnavailable when the authorisation server does not give one."""
        async with self._locks.setdefault(audience, asyncio.Lock()):
            held = self._held.get(audience)
            now = self._clock.now()
            if held is not None and RENEW_BEFORE < held[1] - now < LONGEST_LIFE:
                return held[0]
            self._held[audience] = await self._fetch(audience)
            return self._held[audience][0]

    def forget(self, audience: str) -> None:
        """Drop the token for ``audience``: it was refused."""
        self._held.pop(audience, None)

    async def _fetch(self, audience: str) -> tuple[str, datetime]:
        breaker = self._gateway.breaker("auth")
        if not breaker.admits():
            raise PeerUnavailable(developer_message="auth: circuit open")
        form = {"grant_type": "client_credentials", "resource": audience}
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                response = await self._gateway.client("auth").post(
                    "/oauth2/token", data=form, auth=(self._client_id, self._secret), timeout=CONNECTING
                )
        except (httpx2.RequestError, TimeoutError) as error:
            breaker.failed()
            raise PeerUnavailable(developer_message=f"auth: {type(error).__name__}") from None
        (breaker.failed if response.status_code >= 500 else breaker.succeeded)()
        if response.status_code != 200:
            raise PeerUnavailable(developer_message=f"auth: no token for {self._client_id}, {response.status_code}")
        try:
            granted = _Granted.model_validate_json(response.content)
        except ValidationError:
            raise PeerUnavailable(developer_message="auth: unreadable answer") from None
        return granted.access_token, self._clock.now() + timedelta(seconds=granted.expires_in)


class Link:
    """A way to one peer for one caller."""

    def __init__(self, gateway: Gateway, peer: str, on_behalf: Principal | None) -> None:
        self._gateway, self._peer, self._on_behalf = gateway, peer, on_behalf

    @property
    def client(self) -> httpx2.AsyncClient:
        """The HTTP client, rooted at the peer."""
        return self._gateway.client(self._peer)

    @property
    def breaker(self) -> Breaker:
        """The peer's circuit breaker, shared by all callers of this service."""
        return self._gateway.breaker(self._peer)

    async def authorization(self) -> str | None:
        """The Authorization header: the caller's own token, or this service's."""
        if self._on_behalf is not None:
            return f"Bearer {self._on_behalf.token}"
        return f"Bearer {await self._gateway.tokens.token(self._peer)}"

    def forget_token(self) -> bool:
        """The peer refused the token; whether another can be had. A caller's own token cannot be replaced."""
        if self._on_behalf is None:
            self._gateway.tokens.forget(self._peer)
        return self._on_behalf is None


class Gateway:
    """Peers of one service. In one process a peer is called over ASGI, apart over TCP: the same requests either way."""

    def __init__(self, topology: Topology, service: str, clock: Clock) -> None:
        self._topology = topology
        self._clients: dict[str, httpx2.AsyncClient] = {}
        self._breakers: dict[str, Breaker] = {}
        self.tokens = ClientTokens(self, service, topology.client_secret(service), clock)

    def client(self, peer: str) -> httpx2.AsyncClient:
        """The HTTP client of ``peer``."""
        if peer not in self._clients:
            app = self._topology.local_app(peer)
            transport: httpx2.AsyncBaseTransport
            if app is not None:
                transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
            else:
                transport = httpx2.AsyncHTTPTransport(limits=LIMITS)
            self._clients[peer] = httpx2.AsyncClient(
                transport=transport, base_url=self._topology.peer_url(peer), trust_env=False
            )
        return self._clients[peer]

    def breaker(self, peer: str) -> Breaker:
        """The circuit breaker of ``peer``."""
        return self._breakers.setdefault(peer, Breaker())

    def peer(self, kind: type[P], on_behalf: Principal | None = None) -> P:
        """A client of the service that ``kind`` names."""
        return kind(Link(self, kind.service, on_behalf))

    async def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
