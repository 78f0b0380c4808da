"""A browser and a client going through OAuth with the system's own auth, step by step."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

from tests.world import World, hidden_field, query_of
from throughcare.kit.ids import new_id
from throughcare.kit.service import ClientSpec
from throughcare.seeding.accounts import PASSWORD
from throughcare.services.auth.account.model import Account, Lock
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.client.model import Client
from throughcare.services.auth.client.store import ClientStore
from throughcare.services.auth.client.usecases import register_clients
from throughcare.services.auth.sign_in.model import passwords

PRACTITIONER = "BERNARD.BEAKS"
CASEWORKER = "ALEX.RIVERS@PROVIDER.EXAMPLE.TEST"
CALLBACK = "http://pages.test/sign-in/callback"
AUDIENCES = ("auth", "prison", "probation")
CODE_GRANTS = ("authorization_code", "refresh_token")


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def register(world: World, *, grants: Iterable[str] = ("client_credentials",), **facts: object) -> ClientSpec:
    """A client of its own for one test."""
    name = f"client-{new_id().hex}"
    values: dict[str, object] = {"audiences": AUDIENCES} | facts
    spec = ClientSpec(name, secrets.token_hex(32), tuple(grants), **values)  # type: ignore[arg-type]
    await register_clients(world.context("auth").uow, [spec])
    return spec


async def pages_client(world: World, **facts: object) -> ClientSpec:
    """A client of its own that signs people in."""
    values: dict[str, object] = {"redirect_uris": (CALLBACK, "http://pages.test/"), "grants": CODE_GRANTS}
    return await register(world, **(values | facts))  # type: ignore[arg-type]


async def change_client(world: World, spec: ClientSpec, **changes: object) -> None:
    """Set what an operator sets: an end date, addresses."""
    values: dict[str, object] = vars(Client.of(spec)) | changes
    async with world.context("auth").uow as uow:
        await uow.store(ClientStore).save(Client(**values))  # type: ignore[arg-type]


async def token_request(
    world: World, spec: ClientSpec, form: Mapping[str, object], **options: object
) -> httpx2.Response:
    """What the token endpoint answers to a client that authenticates in the usual way."""
    auth = world.anonymous("auth")
    return await auth.post("/oauth2/token", data=dict(form), auth=(spec.client_id, spec.secret), **options)  # type: ignore[arg-type]


async def new_account(world: World, **changes: object) -> Account:
    """An account of its own for one test, with the demonstration password."""
    name = f"PERSON.{new_id().hex.upper()}"
    user_id = new_id()
    usual: dict[str, object] = {
        "user_id": user_id,
        "username": name,
        "source": "auth",
        "source_id": str(user_id),
        "first_name": "Test",
        "last_name": "Person",
        "email": f"{name.lower()}@example.test",
        "verified": True,
        "enabled": True,
        "inactive_reason": None,
        "password": passwords("test").hash(PASSWORD),
        "lock": Lock(),
        "last_logged_in": None,
    }
    account = Account(**(usual | changes))  # type: ignore[arg-type]
    async with world.context("auth").uow as uow:
        await uow.store(AccountStore).put(account, uow.now)
    return account


@dataclass
class Browser:
    """One browser at one address: it keeps its cookies between requests."""

    world: World
    address: str = "127.0.0.1"
    http: httpx2.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = self.world.anonymous("auth")
        if self.address != "127.0.0.1":
            app = self.world.host.topology.apps["auth"]
            self.http._transport = httpx2.ASGITransport(app, client=(self.address, 40_000))

    async def get(self, url: str, **options: object) -> httpx2.Response:
        """One page, redirects shown rather than followed."""
        return await self.http.get(url, **options)  # type: ignore[arg-type]

    async def authorize(self, spec: ClientSpec, **changes: object) -> httpx2.Response:
        """What the authorisation endpoint answers; a change to None leaves a parameter out."""
        usual: dict[str, object] = {
            "response_type": "code",
            "client_id": spec.client_id,
            "redirect_uri": CALLBACK,
            "state": "s t&te",
            "code_challenge": challenge_of("v" * 43),
            "code_challenge_method": "S256",
        }
        wanted = {name: value for name, value in (usual | changes).items() if value is not None}
        return await self.get("/oauth2/authorize", params=wanted)

    async def csrf(self) -> str:
        """The token of the sign-in form that this browser is shown."""
        return hidden_field((await self.get("/sign-in")).text, "csrf_token")

    async def sign_in(self, username: str, password: str = PASSWORD, **changes: object) -> httpx2.Response:
        """What the sign-in page answers."""
        form = {"username": username, "password": password, "csrf_token": await self.csrf()} | changes
        return await self.http.post("/sign-in", data=form)

    async def code(self, spec: ClientSpec, username: str = PRACTITIONER, **changes: object) -> str:
        """A code for the person, who signs in when asked to."""
        reply = await self.authorize(spec, **changes)
        if urlsplit(reply.headers["location"]).path.endswith("/sign-in"):
            reply = await self.sign_in(username)
            assert reply.status_code == 303, reply.text
            reply = await self.get(reply.headers["location"])
        return query_of(reply.headers["location"])["code"]

    async def tokens(self, spec: ClientSpec, username: str = PRACTITIONER, **changes: object) -> dict[str, str]:
        """The tokens of the person."""
        reply = await exchange(self.world, spec, await self.code(spec, username, **changes))
        assert reply.status_code == 200, reply.text
        return dict(reply.json())


async def exchange(world: World, spec: ClientSpec, code: str, **changes: object) -> httpx2.Response:
    """What the token endpoint answers to a code."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": "v" * 43,
    }
    return await token_request(world, spec, form | changes)


async def refresh(world: World, spec: ClientSpec, refresh_token: str, **changes: object) -> httpx2.Response:
    """What the token endpoint answers to a refresh token."""
    return await token_request(world, spec, {"grant_type": "refresh_token", "refresh_token": refresh_token} | changes)


async def is_active(world: World, token: str) -> bool:
    """What ``/token/verify`` says of a token."""
    checker = await world.client("auth")
    reply = await checker.post("/token/verify", content=token)
    assert reply.status_code == 200, reply.text
    assert isinstance(reply.json()["active"], bool)
    return bool(reply.json()["active"])


def refused(reply: httpx2.Response, status: int, error: str) -> None:
    """Asserts that a request was refused in OAuth's words and in HMPPS's."""
    assert (reply.status_code, reply.json()["error"]) == (status, error), reply.text
    assert reply.json()["status"] == status
    assert reply.json()["error_description"]
    assert reply.json()["field"] is None
    assert reply.headers["cache-control"] == "no-store"
