from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.service.auth.oauth import (
    CALLBACK,
    CASEWORKER,
    PRACTITIONER,
    Browser,
    change_client,
    exchange,
    is_active,
    pages_client,
    refresh,
    refused,
    register,
)
from tests.tokens import claims_of, header_of
from tests.world import World, query_of
from throughcare.services.auth.account.store import AccountStore


async def test_a_practitioner_signs_in_and_gets_tokens(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    reply = await browser.authorize(spec)
    assert reply.status_code == 302
    assert reply.headers["location"] == "http://throughcare.test/auth/sign-in"
    reply = await browser.sign_in(PRACTITIONER.lower())
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("http://throughcare.test/auth/oauth2/authorize?")
    reply = await browser.get(reply.headers["location"])
    assert reply.status_code == 302
    assert reply.headers["location"].startswith(CALLBACK + "?")
    answer = query_of(reply.headers["location"])
    assert answer["state"] == "s t&te"
    assert answer["iss"] == "http://throughcare.test/auth/issuer"
    assert len(answer["code"]) >= 43
    reply = await exchange(world, spec, answer["code"])
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    body, claims = reply.json(), claims_of(reply.json()["access_token"])
    assert claims["sub"] == claims["user_name"] == PRACTITIONER
    assert (claims["name"], claims["auth_source"]) == ("Bernard Beaks", "delius")
    assert claims["user_id"] == "2500000001"
    assert claims["authorities"] == ["ROLE_PROBATION"]
    assert (claims["client_id"], claims["grant_type"]) == (spec.client_id, "authorization_code")
    assert claims["aud"] == ["auth", "prison", "probation"]
    for echoed in ("sub", "jti", "iss", "auth_source", "user_name", "name", "user_id", "user_uuid", "jwt_id"):
        assert body[echoed] == claims[echoed]
    assert body["refresh_token"]
    assert await is_active(world, body["access_token"])


async def test_a_caseworkers_token_says_what_their_account_says(world: World) -> None:
    claims = claims_of((await Browser(world).tokens(await pages_client(world), CASEWORKER))["access_token"])
    assert (claims["auth_source"], claims["sub"]) == ("auth", CASEWORKER)
    assert claims["authorities"] == ["ROLE_CRS_PROVIDER"]
    assert claims["user_id"] == claims["user_uuid"] == "6a6f0b5e-6f0d-4b36-9f0c-0a4c1d0f7a01"


async def test_whoever_is_signed_in_is_not_asked_again(world: World) -> None:
    browser = Browser(world)
    first = await browser.tokens(await pages_client(world))
    reply = await browser.authorize(another := await pages_client(world))
    assert reply.headers["location"].startswith(CALLBACK)
    second = (await exchange(world, another, query_of(reply.headers["location"])["code"])).json()
    assert claims_of(first["access_token"])["jwt_id"] == claims_of(second["access_token"])["jwt_id"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "=" * 43}, "invalid_request"),
        ({"state": ["one", "two"]}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "read admin"}, "invalid_scope"),
        ({"resource": "interventions"}, "invalid_target"),
    ],
)
async def test_a_wrong_request_goes_back_to_the_client_with_its_state(
    world: World, changes: dict[str, object], error: str
) -> None:
    reply = await Browser(world).authorize(await pages_client(world), **changes)
    assert reply.status_code == 302
    assert reply.headers["location"].startswith(CALLBACK + "?")
    answer = query_of(reply.headers["location"])
    assert answer["error"] == error
    assert answer["error_description"]
    assert answer["state"] == ("one" if "state" in changes else "s t&te")
    assert "code" not in answer


async def test_a_request_without_state_is_refused(world: World) -> None:
    answer = query_of((await Browser(world).authorize(await pages_client(world), state=None)).headers["location"])
    assert answer["error"] == "invalid_request"
    assert "state" not in answer


async def test_a_client_that_may_not_sign_people_in_is_told_so(world: World) -> None:
    machine = await register(world, redirect_uris=(CALLBACK,))
    answer = query_of((await Browser(world).authorize(machine)).headers["location"])
    assert answer["error"] == "unauthorized_client"
    ended = await pages_client(world)
    await change_client(world, ended, ends_at=world.clock.now())
    answer = query_of((await Browser(world).authorize(ended)).headers["location"])
    assert answer["error"] == "unauthorized_client"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "http://elsewhere.test/"},
        {"redirect_uri": CALLBACK + "/"},
        {"redirect_uri": CALLBACK + "?a=b"},
        {"redirect_uri": [CALLBACK, "http://elsewhere.test/"]},
        {"redirect_uri": "javascript:alert(1)"},
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(world: World, changes: dict[str, object]) -> None:
    reply = await Browser(world).authorize(await pages_client(world), **changes)
    assert reply.status_code == 400
    assert "location" not in reply.headers
    assert reply.headers["content-type"].startswith("text/html")
    assert "elsewhere" not in reply.text


async def test_the_legacy_path_answers_the_same(world: World) -> None:
    browser = Browser(world)
    reply = await browser.get("/oauth/authorize", params={"client_id": "nobody"})
    assert reply.status_code == 400


async def test_a_code_works_once_and_a_replay_takes_its_tokens_back(world: World) -> None:
    spec = await pages_client(world)
    code = await Browser(world).code(spec)
    tokens = (await exchange(world, spec, code)).json()
    assert await is_active(world, tokens["access_token"])
    refused(await exchange(world, spec, code), 400, "invalid_grant")
    assert not await is_active(world, tokens["access_token"])
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")


async def test_two_exchanges_at_once_end_with_no_tokens(world: World) -> None:
    spec = await pages_client(world)
    code = await Browser(world).code(spec)
    replies = await asyncio.gather(*(exchange(world, spec, code) for _ in range(5)))
    given = [reply for reply in replies if reply.status_code == 200]
    assert len(given) == 1
    assert not await is_active(world, given[0].json()["access_token"])


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "unknown"},
        {"code_verifier": "w" * 43},
        {"code_verifier": "v" * 42},
        {"code_verifier": "é" * 43},
        {"redirect_uri": "http://pages.test/"},
    ],
)
async def test_a_code_needs_its_verifier_and_its_redirect_uri(world: World, changes: dict[str, str]) -> None:
    spec = await pages_client(world)
    code = await Browser(world).code(spec)
    refused(await exchange(world, spec, **({"code": code} | changes)), 400, "invalid_grant")


async def test_a_code_is_for_the_client_that_asked(world: World) -> None:
    spec, thief = await pages_client(world), await pages_client(world)
    code = await Browser(world).code(spec)
    refused(await exchange(world, thief, code), 400, "invalid_grant")
    assert (await exchange(world, spec, code)).status_code == 200


async def test_a_code_lives_for_a_minute(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    code = await browser.code(spec)
    world.clock.advance(timedelta(seconds=59))
    assert (await exchange(world, spec, code)).status_code == 200
    code = await browser.code(spec)
    world.clock.advance(timedelta(seconds=61))
    refused(await exchange(world, spec, code), 400, "invalid_grant")


async def test_a_code_dies_with_its_sign_in(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    code = await browser.code(spec)
    await browser.get("/sign-out")
    refused(await exchange(world, spec, code), 400, "invalid_grant")


async def test_a_token_request_can_narrow_audiences_once_more(world: World) -> None:
    spec = await pages_client(world)
    code = await Browser(world).code(spec, resource=["prison", "auth"])
    refused(await exchange(world, spec, code, resource="probation"), 400, "invalid_target")
    tokens = (await exchange(world, spec, code, resource="prison")).json()
    assert claims_of(tokens["access_token"])["aud"] == ["prison"]
    again = (await refresh(world, spec, tokens["refresh_token"])).json()
    assert claims_of(again["access_token"])["aud"] == ["prison", "auth"]


async def test_an_id_token_is_for_the_client_alone(world: World) -> None:
    spec = await pages_client(world, scopes=("openid", "read"))
    tokens = await Browser(world).tokens(spec, scope="openid", nonce="n-1")
    claims = claims_of(tokens["id_token"])
    assert (claims["aud"], claims["nonce"], claims["sub"]) == (spec.client_id, "n-1", PRACTITIONER)
    assert header_of(tokens["id_token"])["typ"] == "JWT"
    auth = world.anonymous("auth")
    reply = await auth.get("/users/me", headers={"Authorization": f"Bearer {tokens['id_token']}"})
    assert reply.status_code == 401
    assert "id_token" not in await Browser(world).tokens(spec, scope="read")


async def test_a_disabled_account_gets_no_further_code(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    await browser.code(spec, "HANIFA.OYELARAN")
    async with world.context("auth").uow as uow:
        account = await uow.store(AccountStore).find_named("HANIFA.OYELARAN")
        assert account is not None
        await uow.store(AccountStore).save_enabled(account.user_id, enabled=False, reason="left")
    reply = await browser.authorize(spec)
    assert reply.headers["location"] == "http://throughcare.test/auth/sign-in"
