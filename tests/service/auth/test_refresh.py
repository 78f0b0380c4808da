from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from tests.service.auth.oauth import (
    Browser,
    change_client,
    exchange,
    is_active,
    new_account,
    pages_client,
    refresh,
    refused,
)
from tests.tokens import claims_of
from tests.world import World
from throughcare.services.auth.account.store import AccountStore


async def test_a_refresh_token_is_replaced_by_each_use(world: World) -> None:
    spec = await pages_client(world)
    first = await Browser(world).tokens(spec)
    reply = await refresh(world, spec, first["refresh_token"])
    assert reply.status_code == 200
    second = reply.json()
    assert second["refresh_token"] != first["refresh_token"]
    before, after = claims_of(first["access_token"]), claims_of(second["access_token"])
    assert before["jti"] != after["jti"]
    for kept in ("sub", "jwt_id", "authorities", "aud", "scope", "grant_type", "user_uuid"):
        assert before[kept] == after[kept]
    assert await is_active(world, first["access_token"])
    assert (await refresh(world, spec, second["refresh_token"])).status_code == 200


async def test_using_an_old_refresh_token_ends_the_whole_family(world: World) -> None:
    spec = await pages_client(world)
    first = await Browser(world).tokens(spec)
    second = (await refresh(world, spec, first["refresh_token"])).json()
    refused(await refresh(world, spec, first["refresh_token"]), 400, "invalid_grant")
    refused(await refresh(world, spec, second["refresh_token"]), 400, "invalid_grant")
    assert not await is_active(world, first["access_token"])
    assert not await is_active(world, second["access_token"])


async def test_another_family_of_the_same_person_lives_on(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    first, other = await browser.tokens(spec), await browser.tokens(spec)
    await refresh(world, spec, first["refresh_token"])
    refused(await refresh(world, spec, first["refresh_token"]), 400, "invalid_grant")
    assert await is_active(world, other["access_token"])


async def test_of_two_refreshes_at_once_one_is_a_reuse(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    replies = await asyncio.gather(*(refresh(world, spec, tokens["refresh_token"]) for _ in range(2)))
    assert sorted(reply.status_code for reply in replies) == [200, 400]
    winner = next(reply.json() for reply in replies if reply.status_code == 200)
    refused(await refresh(world, spec, winner["refresh_token"]), 400, "invalid_grant")


async def waiting_for_locks(world: World, number: int) -> None:
    """Returns when ``number`` statements wait for a lock."""
    waiting = (
        "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    async with asyncio.timeout(10):
        while (await world.fetch(waiting))[0]["n"] < number:
            continue


@pytest.mark.parametrize("thief", ["reuses the old refresh token", "replays the code"])
async def test_a_family_taken_back_during_a_refresh_leaves_no_live_token(world: World, thief: str) -> None:
    spec = await pages_client(world)
    code = await Browser(world).code(spec)
    first = (await exchange(world, spec, code)).json()
    second = (await refresh(world, spec, first["refresh_token"])).json()
    connection = await asyncpg.connect(world.owner_dsn)
    async with connection.transaction():
        session = claims_of(first["access_token"])["jwt_id"]
        await connection.execute("select 1 from auth.auth_session where id::text = $1 for update", session)
        honest = asyncio.create_task(refresh(world, spec, second["refresh_token"]))
        await waiting_for_locks(world, 1)
        replay = (
            exchange(world, spec, code) if thief == "replays the code" else refresh(world, spec, first["refresh_token"])
        )
        theft = asyncio.create_task(replay)
        await waiting_for_locks(world, 2)
    await connection.close()
    refused(await theft, 400, "invalid_grant")
    third = await honest
    assert third.status_code == 200
    assert not await is_active(world, third.json()["access_token"])
    refused(await refresh(world, spec, third.json()["refresh_token"]), 400, "invalid_grant")


async def test_a_refresh_token_is_for_its_client(world: World) -> None:
    spec, thief = await pages_client(world), await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    refused(await refresh(world, thief, tokens["refresh_token"]), 400, "invalid_grant")
    assert (await refresh(world, spec, tokens["refresh_token"])).status_code == 200


async def test_an_access_token_or_nonsense_is_no_refresh_token(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    refused(await refresh(world, spec, tokens["access_token"]), 400, "invalid_grant")
    refused(await refresh(world, spec, "nonsense"), 400, "invalid_grant")


async def test_twelve_hours_after_sign_in_refreshing_ends_however_often_it_was_used(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    for _ in range(3):
        world.clock.advance(timedelta(hours=3, minutes=55))
        tokens = (await refresh(world, spec, tokens["refresh_token"])).json()
    world.clock.advance(timedelta(minutes=16))
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")


async def test_scopes_can_shrink_for_one_token_and_never_grow(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec, scope="read")
    refused(await refresh(world, spec, tokens["refresh_token"], scope="write"), 400, "invalid_scope")
    tokens = await Browser(world).tokens(spec)
    narrow = (await refresh(world, spec, tokens["refresh_token"], scope="read")).json()
    assert narrow["scope"] == "read"
    assert (await refresh(world, spec, narrow["refresh_token"])).json()["scope"] == "read write"


async def test_a_client_without_the_grant_gets_no_refresh_token(world: World) -> None:
    spec = await pages_client(world, grants=("authorization_code",))
    assert "refresh_token" not in await Browser(world).tokens(spec)


async def test_a_disabled_account_gets_no_further_tokens(world: World) -> None:
    spec, account = await pages_client(world), await new_account(world)
    tokens = await Browser(world).tokens(spec, account.username)
    await world.fetch("update auth.users set enabled = false where user_id = $1", account.user_id)
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")
    assert not await is_active(world, tokens["access_token"])


async def test_whoever_guesses_at_an_account_ends_none_of_its_sign_ins(world: World) -> None:
    spec, account = await pages_client(world), await new_account(world)
    tokens = await Browser(world).tokens(spec, account.username)
    await world.fetch(
        "update auth.users set locked_until = now() + interval '1 hour' where user_id = $1", account.user_id
    )
    assert (await Browser(world).sign_in(account.username)).status_code == 400
    assert (await refresh(world, spec, tokens["refresh_token"])).status_code == 200


async def test_a_new_token_has_the_roles_of_now(world: World) -> None:
    spec, account = await pages_client(world), await new_account(world)
    tokens = await Browser(world).tokens(spec, account.username)
    assert claims_of(tokens["access_token"])["authorities"] == []
    async with world.context("auth").uow as uow:
        await uow.store(AccountStore).grant_role(account.user_id, "CRS_PROVIDER", by="TEST", at=uow.now)
    renewed = (await refresh(world, spec, tokens["refresh_token"])).json()
    assert claims_of(renewed["access_token"])["authorities"] == ["ROLE_CRS_PROVIDER"]


async def test_a_client_whose_time_is_over_refreshes_nothing(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    await change_client(world, spec, ends_at=world.clock.now())
    refused(await refresh(world, spec, tokens["refresh_token"]), 401, "invalid_client")


async def test_signing_out_ends_refreshing(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    tokens = await browser.tokens(spec)
    await browser.get("/sign-out")
    issued = await world.fetch("select count(*) as n from auth.issued_token")
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")
    assert await world.fetch("select count(*) as n from auth.issued_token") == issued
    assert not await is_active(world, tokens["access_token"])
