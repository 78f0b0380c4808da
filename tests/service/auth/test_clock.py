"""Tokens live on business time, which may be stopped, moved on by days and set back; nobody is stranded by that."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.service.auth.oauth import (
    CALLBACK,
    PRACTITIONER,
    Browser,
    exchange,
    is_active,
    new_account,
    pages_client,
    refresh,
    refused,
    register,
    token_request,
)
from tests.tokens import claims_of
from tests.world import World, query_of
from throughcare.kit.http.peer import Peer

CLIENT = {"grant_type": "client_credentials"}
JUMPS = [timedelta(days=3), timedelta(days=400), timedelta(hours=-2), timedelta(days=-3)]


class Users(Peer, service="auth"):
    """The kit's client of another service, as every service has them."""

    async def name_of(self, username: str) -> str:
        return str((await self.get(f"/users/{username}", dict))["name"])


@pytest.fixture
async def stopped(world: World) -> AsyncIterator[World]:
    """Business time stands still."""
    world.clock.freeze()
    yield world
    world.clock.unfreeze()


async def client_token(world: World, spec: object, **form: str) -> str:
    return str((await token_request(world, spec, CLIENT | form)).json()["access_token"])  # type: ignore[arg-type]


async def revoke(world: World, query: str) -> None:
    admin = await world.client("auth", roles=["ROLE_SESSION_ADMIN"])
    reply = await admin.request("DELETE", f"/sessions{query}", json={"reason": "left the team"})
    assert reply.status_code == 200


async def test_what_is_revoked_while_time_stands_still_is_dead(stopped: World) -> None:
    spec, account = await register(stopped), await new_account(stopped)
    acting = await register(stopped, permissions=("act-on-behalf",))
    token = await client_token(stopped, spec)
    on_behalf = await client_token(stopped, acting, username=account.username)
    await revoke(stopped, f"?clientId={spec.client_id}")
    await revoke(stopped, f"?accountId={account.user_id}")
    assert not await is_active(stopped, token)
    assert not await is_active(stopped, on_behalf)
    assert await is_active(stopped, await client_token(stopped, spec))
    assert await is_active(stopped, await client_token(stopped, acting, username=account.username))


async def test_what_is_issued_after_time_went_back_counts_and_what_was_revoked_does_not(world: World) -> None:
    account, spec, machine = await new_account(world), await pages_client(world), await register(world)
    old = await Browser(world).tokens(spec, account.username)
    machines = await client_token(world, machine)
    await revoke(world, f"?accountId={account.user_id}")
    await revoke(world, f"?clientId={machine.client_id}")
    world.clock.advance(timedelta(seconds=-30))
    assert not await is_active(world, old["access_token"])
    assert not await is_active(world, machines)
    world.clock.advance(timedelta(hours=-5))
    new = await Browser(world).tokens(spec, account.username)
    assert await is_active(world, new["access_token"])
    assert (await refresh(world, spec, new["refresh_token"])).status_code == 200
    assert await is_active(world, await client_token(world, machine))


@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_services_go_on_calling_each_other_after_time_moved(world: World, jump: timedelta) -> None:
    users = world.context("prison").peer(Users)
    assert await users.name_of(PRACTITIONER) == "Bernard Beaks"
    world.clock.advance(jump)
    assert await users.name_of(PRACTITIONER) == "Bernard Beaks"


@pytest.mark.parametrize("jump", JUMPS, ids=str)
async def test_whoever_is_signed_in_gets_new_tokens_without_a_password_after_time_moved(
    world: World, jump: timedelta
) -> None:
    spec, browser = await pages_client(world), Browser(world)
    tokens = await browser.tokens(spec)
    world.clock.advance(jump)
    renewed = await refresh(world, spec, tokens["refresh_token"])
    if jump > timedelta(hours=12):
        refused(renewed, 400, "invalid_grant")
    else:
        assert renewed.status_code == 200
        assert await is_active(world, renewed.json()["access_token"])
    reply = await browser.authorize(spec)
    assert reply.headers["location"].startswith(CALLBACK)
    fresh = await exchange(world, spec, query_of(reply.headers["location"])["code"])
    assert await is_active(world, fresh.json()["access_token"])
    assert claims_of(fresh.json()["access_token"])["jwt_id"] == claims_of(tokens["access_token"])["jwt_id"]


async def test_keys_that_rotate_while_time_jumps_leave_no_service_behind(world: World) -> None:
    runner = world.host.runtimes["auth"].jobs
    for _ in range(2):
        world.clock.advance(timedelta(days=31))
        assert await runner.run_now("rotate-keys") == "ok"
        token = await client_token(world, await register(world, roles=("ROLE_VIEW_PRISONER_DATA",)))
        reply = await world.anonymous("prison").get(
            "/api/offenders/A1234BC", headers={"Authorization": f"Bearer {token}"}
        )
        assert reply.status_code not in {401, 500}, reply.text


async def test_the_time_of_signing_in_is_told_in_business_time(world: World) -> None:
    spec = await pages_client(world, scopes=("openid",))
    browser = Browser(world)
    tokens = await browser.tokens(spec, scope="openid")
    claims = claims_of(tokens["id_token"])
    assert 0 <= int(str(claims["iat"])) - int(str(claims["auth_time"])) <= 60
