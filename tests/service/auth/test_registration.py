"""A machine client of an outside body: registered with what it may have and no more, and known by a hash alone."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from tests.service.auth.oauth import is_active, refused
from tests.tokens import claims_of
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.service import ClientSpec
from throughcare.services.auth.client.usecases import register_clients

KEEPER = "ROLE_AUTH__CLIENTS__RW"
CONSUMER = {"roles": ["ROLE_INTEGRATION__CONSUMER"], "audiences": ["integration"]}


def a_name() -> str:
    return f"body-{new_id().hex}"


async def put(world: World, name: str, **changes: Any) -> httpx2.Response:
    keeper = await world.client("auth", roles=[KEEPER])
    return await keeper.put(f"/clients/{name}", json={**CONSUMER, **changes})


async def remove(world: World, name: str) -> httpx2.Response:
    return await (await world.client("auth", roles=[KEEPER])).delete(f"/clients/{name}")


async def token(world: World, name: str, secret: str, **form: str) -> httpx2.Response:
    data = {"grant_type": "client_credentials", **form}
    return await world.anonymous("auth").post("/oauth2/token", data=data, auth=(name, secret))


async def test_a_client_gets_its_secret_once_and_with_it_tokens_for_its_own_doors(world: World) -> None:
    name = a_name()
    reply = await put(world, name)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    secret = reply.json()["clientSecret"]
    assert reply.json() == {**CONSUMER, "clientId": name, "clientSecret": secret}
    assert len(secret) >= 43
    claims = claims_of((await token(world, name, secret)).json()["access_token"])
    assert (claims["authorities"], claims["aud"]) == (["ROLE_INTEGRATION__CONSUMER"], ["integration"])
    refused(await token(world, name, secret, resource="auth"), 400, "invalid_target")
    refused(await token(world, name, secret, grant_type="refresh_token"), 400, "unauthorized_client")
    (row,) = await world.fetch("select * from auth.oauth_client where client_id = $1", name)
    assert secret not in str(row), "only a hash is kept"
    again = await put(world, name)
    assert (again.status_code, again.json()["clientSecret"]) == (200, None)
    assert (await token(world, name, secret)).status_code == 200, "registering again replaces no secret"


async def test_another_secret_takes_the_place_of_the_old_one_at_once(world: World) -> None:
    name = a_name()
    old = (await put(world, name)).json()["clientSecret"]
    new = (await put(world, name, newSecret=True)).json()["clientSecret"]
    assert new != old
    refused(await token(world, name, old), 401, "invalid_client")
    assert (await token(world, name, new)).status_code == 200


async def test_what_an_operator_set_of_a_client_outlives_its_new_secret(world: World) -> None:
    name = a_name()
    await put(world, name)
    await world.fetch("update auth.oauth_client set allowed_ips = '[\"192.0.2.1\"]' where client_id = $1", name)
    secret = (await put(world, name, newSecret=True)).json()["clientSecret"]
    refused(await token(world, name, secret), 403, "access_denied")


async def test_a_removed_client_is_unknown_and_so_are_its_tokens(world: World) -> None:
    name = a_name()
    secret = (await put(world, name)).json()["clientSecret"]
    # a token that `auth` may be asked about
    await world.fetch("update auth.oauth_client set audiences = '[\"auth\"]' where client_id = $1", name)
    held = (await token(world, name, secret)).json()["access_token"]
    assert (await remove(world, name)).status_code == 204
    assert await is_active(world, held) is False
    refused(await token(world, name, secret), 401, "invalid_client")
    assert (await remove(world, name)).json()["errorCode"] == "CLIENT_NOT_FOUND"
    ended = [one for one in await world.events("auth.session.revoked") if name in str(one)]
    assert len(ended) == 1, "whoever remembered its tokens is told"
    fresh = (await put(world, name)).json()["clientSecret"]
    assert fresh not in {None, secret}


@pytest.mark.parametrize(
    "changes",
    [{"roles": [KEEPER]}, {"roles": ["ROLE_INTEGRATION__CONSUMERS__RW"]}, {"roles": ["role_integration__consumer"]},
     {"roles": ["ROLE_INTEGRATION__CONSUMER", "ROLE_QUEUE_ADMIN"]}, {"audiences": ["auth"]},
     {"audiences": ["integration", "probation"]}],
)  # fmt: skip
async def test_no_role_and_no_audience_outside_the_list_can_be_given(world: World, changes: dict[str, Any]) -> None:
    name = a_name()
    reply = await put(world, name, **changes)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "ROLE_NOT_GRANTABLE")
    assert await world.fetch("select 1 from auth.oauth_client where client_id = $1", name) == []
    await put(world, name)
    assert (await put(world, name, **changes)).status_code == 400
    (row,) = await world.fetch("select roles, audiences from auth.oauth_client where client_id = $1", name)
    assert (row["roles"], row["audiences"]) == ('["ROLE_INTEGRATION__CONSUMER"]', '["integration"]')


async def test_a_client_of_the_systems_own_is_neither_changed_nor_removed(world: World) -> None:
    facts = "select * from auth.oauth_client where client_id = 'throughcare-cli'"
    before = await world.fetch(facts)
    for reply in (await put(world, "throughcare-cli", newSecret=True), await remove(world, "throughcare-cli")):
        assert (reply.status_code, reply.json()["errorCode"]) == (409, "CLIENT_DECLARED")
    assert await world.fetch(facts) == before


async def test_a_client_that_the_system_declares_later_is_its_own(world: World) -> None:
    name = a_name()
    await put(world, name)
    spec = ClientSpec(name, "declared-secret", ("client_credentials",), ("ROLE_QUEUE_ADMIN",), ("prison",))
    await register_clients(world.context("auth").uow, [spec])
    assert (await put(world, name, newSecret=True)).json()["errorCode"] == "CLIENT_DECLARED"


@pytest.mark.parametrize("roles", [[], ["ROLE_INTEGRATION__CONSUMERS__RW"], ["ROLE_SESSION_ADMIN"]])
async def test_nobody_without_the_role_registers_or_removes_a_client(world: World, roles: list[str]) -> None:
    other = await world.client("auth", roles=roles)
    assert (await other.put(f"/clients/{a_name()}", json=CONSUMER)).status_code == 403
    assert (await other.delete("/clients/mapps-demo")).status_code == 403
    assert (await world.anonymous("auth").put(f"/clients/{a_name()}", json=CONSUMER)).status_code == 401


async def test_the_role_is_the_command_lines_alone(world: World) -> None:
    rows = await world.fetch("select client_id from auth.oauth_client where roles ? $1 and not registered", KEEPER)
    declared = [row["client_id"] for row in rows if row["client_id"] in world.host.topology.clients]
    assert declared == ["throughcare-cli"]
    assert await world.fetch("select 1 from auth.user_role where role_code = 'AUTH__CLIENTS__RW'") == []


@pytest.mark.parametrize(
    ("name", "body"),
    [("Body", CONSUMER), ("-body", CONSUMER), ("b", CONSUMER), ("b" * 65, CONSUMER), ("body%00", CONSUMER),
     ("body-1", {}), ("body-1", {**CONSUMER, "roles": []}), ("body-1", {**CONSUMER, "newSecret": "perhaps"}),
     ("body-1", {**CONSUMER, "audiences": [1]})],
)  # fmt: skip
async def test_what_is_no_registration_is_refused(world: World, name: str, body: dict[str, Any]) -> None:
    keeper = await world.client("auth", roles=[KEEPER])
    assert (await keeper.put(f"/clients/{name}", json=body)).status_code == 400


async def test_of_two_who_register_at_once_one_has_the_secret_that_counts(world: World) -> None:
    name = a_name()
    replies = await asyncio.gather(*(put(world, name) for _ in range(4)))
    secrets = [one.json()["clientSecret"] for one in replies if one.status_code == 200 and one.json()["clientSecret"]]
    assert all(one.status_code in {200, 409} for one in replies)
    assert len(secrets) == 1
    assert (await token(world, name, secrets[0])).status_code == 200
