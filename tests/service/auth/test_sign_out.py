from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.auth.oauth import Browser, is_active, new_account, pages_client, refresh, refused
from tests.tokens import claims_of
from tests.world import World


async def test_signing_out_ends_the_sign_in_its_tokens_and_says_so(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    token = (await browser.tokens(spec))["access_token"]
    reply = await browser.get("/sign-out")
    assert reply.headers["location"] == "http://throughcare.test/auth/sign-in"
    assert "auth-session" not in browser.http.cookies
    assert not await is_active(world, token)
    assert (await browser.authorize(spec)).headers["location"].endswith("/sign-in")
    told = (await world.events("auth.session.revoked"))[-1]
    assert told["additionalInformation"]["sessionId"] == claims_of(token)["jwt_id"]
    assert told["additionalInformation"]["reason"] == "sign-out"


@pytest.mark.parametrize("name", ["redirect_uri", "post_logout_redirect_uri"])
@pytest.mark.parametrize(
    ("uri", "followed"),
    [
        ("http://pages.test/", True),
        ("http://pages.test", True),
        ("http://pages.test/sign-in/callback/", True),
        ("http://pages.test/other", False),
        ("http://pages.test//", False),
        ("http://pages.test.elsewhere.test/", False),
        ("//elsewhere.test/", False),
    ],
)
async def test_sign_out_goes_on_to_registered_addresses_alone(
    world: World, name: str, uri: str, followed: bool
) -> None:
    spec = await pages_client(world)
    reply = await Browser(world).get("/sign-out", params={"client_id": spec.client_id, name: uri})
    assert reply.status_code == 302
    assert reply.headers["location"] == (uri if followed else "http://throughcare.test/auth/sign-in")


async def test_sign_out_without_a_known_client_goes_to_sign_in(world: World) -> None:
    for client in ({}, {"client_id": "nobody"}):
        reply = await Browser(world).get("/logout", params={"redirect_uri": "http://pages.test/"} | client)
        assert reply.headers["location"] == "http://throughcare.test/auth/sign-in"


async def test_half_an_hour_without_use_ends_a_sign_in(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    tokens = await browser.tokens(spec)
    session = claims_of(tokens["access_token"])["jwt_id"]
    move = "update auth.auth_session set last_seen_at = now() - $2::interval where id::text = $1"
    await world.fetch(move, session, timedelta(minutes=29))
    assert await is_active(world, tokens["access_token"]), "asking is use"
    rows = await world.fetch("select now() - last_seen_at as ago from auth.auth_session where id::text = $1", session)
    assert rows[0]["ago"] < timedelta(minutes=1)
    await world.fetch(move, session, timedelta(minutes=31))
    assert not await is_active(world, tokens["access_token"])
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")
    assert (await browser.authorize(spec)).headers["location"].endswith("/sign-in")


async def test_twelve_hours_end_a_sign_in_however_busy(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    tokens = await browser.tokens(spec)
    session = claims_of(tokens["access_token"])["jwt_id"]
    rows = await world.fetch(
        "select absolute_expiry - created_at as life from auth.auth_session where id::text = $1", session
    )
    assert rows[0]["life"] == timedelta(hours=12)
    await world.fetch("update auth.auth_session set absolute_expiry = now() where id::text = $1", session)
    assert not await is_active(world, tokens["access_token"])
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")


async def test_sign_ins_stay_on_real_time_when_business_time_moves(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    old = (await browser.tokens(spec))["access_token"]
    world.clock.advance(timedelta(days=1))
    auth = world.anonymous("auth")
    assert (await auth.get("/users/me", headers={"Authorization": f"Bearer {old}"})).status_code == 401
    new = (await browser.tokens(spec))["access_token"]
    assert claims_of(new)["jwt_id"] == claims_of(old)["jwt_id"]
    assert await is_active(world, new)


async def test_people_see_and_end_their_own_sign_ins(world: World) -> None:
    account, other = await new_account(world), await new_account(world)
    spec = await pages_client(world)
    here = (await Browser(world).tokens(spec, account.username))["access_token"]
    there = (await Browser(world).tokens(spec, account.username))["access_token"]
    theirs = (await Browser(world).tokens(spec, other.username))["access_token"]
    auth, me = world.anonymous("auth"), {"Authorization": f"Bearer {here}"}
    listed = (await auth.get("/sessions/me", headers=me)).json()
    assert [one["id"] for one in listed] == [claims_of(there)["jwt_id"], claims_of(here)["jwt_id"]]
    assert [one["current"] for one in listed] == [False, True]
    url = f"/sessions/me/{claims_of(there)['jwt_id']}"
    assert (await auth.delete(url, headers=me)).status_code == 204
    assert not await is_active(world, there)
    assert await is_active(world, here)
    assert (await auth.delete(url, headers=me)).status_code == 404
    assert (await auth.delete(f"/sessions/me/{claims_of(theirs)['jwt_id']}", headers=me)).status_code == 404
    assert await is_active(world, theirs)
    machine = await world.client("auth")
    assert (await machine.get("/sessions/me")).status_code == 403
