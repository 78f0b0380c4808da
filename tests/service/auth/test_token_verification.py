from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.service.auth.oauth import (
    PRACTITIONER,
    Browser,
    change_client,
    is_active,
    new_account,
    pages_client,
    refresh,
    refused,
    register,
    token_request,
)
from tests.tokens import claims_of, sign, signing_key
from tests.world import World
from throughcare.kit.service import ClientSpec
from throughcare.kit.telemetry import metrics

CLIENT = {"grant_type": "client_credentials"}
PERMITTED = {"permissions": ("introspect",)}


async def client_token(world: World, spec: ClientSpec) -> str:
    return str((await token_request(world, spec, CLIENT)).json()["access_token"])


async def introspected(world: World, spec: ClientSpec, token: str) -> dict[str, object]:
    reply = await world.anonymous("auth").post(
        "/oauth2/introspect", data={"token": token}, auth=(spec.client_id, spec.secret)
    )
    assert reply.status_code == 200, reply.text
    assert reply.headers["cache-control"] == "no-store"
    return dict(reply.json())


async def revoke(world: World, spec: ClientSpec, token: str) -> int:
    auth = (spec.client_id, spec.secret)
    return (await world.anonymous("auth").post("/oauth2/revoke", data={"token": token}, auth=auth)).status_code


async def test_an_empty_body_asks_about_the_callers_own_token(world: World) -> None:
    checker = await world.client("auth")
    for body in ("", " \n"):
        assert (await checker.post("/token/verify", content=body)).json() == {"active": True}


async def test_whitespace_around_a_token_does_not_matter(world: World) -> None:
    token = await client_token(world, await register(world))
    assert await is_active(world, f"\n  {token}\r\n")


async def test_a_body_that_is_no_good_token_is_a_bad_request(world: World) -> None:
    good = await client_token(world, await register(world))
    payload = claims_of(good)
    forged = sign(payload, signing_key("forger"))
    other_key_same_name = sign(payload, signing_key("forger"), {"kid": str(_kid(good))})
    old = await client_token(world, await register(world))
    world.clock.advance(timedelta(minutes=22))
    checker = await world.client("auth")
    tampered = good[:-10] + ("A" * 10)
    for bad in ("nonsense", "a.b.c", forged, other_key_same_name, tampered, old, "x" * 20_000):
        reply = await checker.post("/token/verify", content=bad)
        assert reply.status_code == 400
        assert {"status", "userMessage", "developerMessage"} <= set(reply.json())
        assert bad not in reply.text


def _kid(token: str) -> object:
    from tests.tokens import header_of

    return header_of(token)["kid"]


async def test_a_forged_token_in_the_header_is_unauthorised(world: World) -> None:
    auth = world.anonymous("auth")
    good = await client_token(world, await register(world))
    forged = sign(claims_of(good), signing_key("forger"))
    reply = await auth.post("/token/verify", content=good, headers={"Authorization": f"Bearer {forged}"})
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    reply = await auth.post("/token/verify", content=good)
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_token_for_others_is_not_active_for_the_caller(world: World) -> None:
    spec = await register(world, audiences=("probation",))
    assert not await is_active(world, await client_token(world, spec))


async def test_introspection_says_what_a_service_may_know(world: World) -> None:
    spec = await register(world, **PERMITTED)
    tokens = await Browser(world).tokens(await pages_client(world))
    claims = claims_of(tokens["access_token"])
    assert await introspected(world, spec, tokens["access_token"]) == {
        "active": True,
        "scope": "read write",
        "client_id": claims["client_id"],
        "username": PRACTITIONER,
        "sub": PRACTITIONER,
        "aud": ["auth", "prison", "probation"],
        "iss": "http://throughcare.test/auth/issuer",
        "exp": claims["exp"],
        "iat": claims["iat"],
        "nbf": claims["nbf"],
        "jti": claims["jti"],
        "token_type": "Bearer",
    }


async def test_introspection_of_anything_dead_or_unknown_says_only_that(world: World) -> None:
    spec = await register(world, **PERMITTED)
    dead = await client_token(world, spec)
    assert await revoke(world, spec, dead) == 200
    elsewhere = await client_token(world, await register(world, audiences=("probation",)))
    tokens = await Browser(world).tokens(await pages_client(world))
    for token in (dead, elsewhere, tokens["refresh_token"], "nonsense", sign(claims_of(dead))):
        assert await introspected(world, spec, token) == {"active": False}


async def test_a_client_may_ask_about_its_own_refresh_token(world: World) -> None:
    spec = await pages_client(world, **PERMITTED)
    tokens = await Browser(world).tokens(spec)
    known = await introspected(world, spec, tokens["refresh_token"])
    assert (known["active"], known["token_type"], known["client_id"]) == (True, "refresh_token", spec.client_id)
    await refresh(world, spec, tokens["refresh_token"])
    assert await introspected(world, spec, tokens["refresh_token"]) == {"active": False}


async def test_introspection_needs_a_client_with_the_permission(world: World) -> None:
    auth, spec = world.anonymous("auth"), await register(world)
    reply = await auth.post("/oauth2/introspect", data={"token": "x"}, auth=(spec.client_id, spec.secret))
    refused(reply, 403, "access_denied")
    reply = await auth.post("/oauth2/introspect", data={"token": "x"}, auth=(spec.client_id, "wrong"))
    refused(reply, 401, "invalid_client")
    permitted = await register(world, **PERMITTED)
    reply = await auth.post("/oauth2/introspect", data={}, auth=(permitted.client_id, permitted.secret))
    refused(reply, 400, "invalid_request")


async def test_a_client_takes_its_own_tokens_back(world: World) -> None:
    spec = await register(world)
    token, other = await client_token(world, spec), await client_token(world, spec)
    assert await revoke(world, spec, token) == 200
    assert not await is_active(world, token)
    assert await is_active(world, other)
    assert await revoke(world, spec, token) == 200
    assert await revoke(world, spec, "nonsense") == 200


async def test_taking_a_refresh_token_back_takes_its_family(world: World) -> None:
    spec = await pages_client(world)
    tokens = await Browser(world).tokens(spec)
    assert await revoke(world, spec, tokens["refresh_token"]) == 200
    assert not await is_active(world, tokens["access_token"])
    refused(await refresh(world, spec, tokens["refresh_token"]), 400, "invalid_grant")


async def test_nobody_takes_another_clients_tokens_back(world: World) -> None:
    token = await client_token(world, await register(world))
    assert await revoke(world, await register(world), token) == 200
    assert await is_active(world, token)
    auth = world.anonymous("auth")
    reply = await auth.post("/oauth2/revoke", data={"token": token}, auth=("nobody", "x"))
    refused(reply, 401, "invalid_client")


async def test_userinfo_is_for_live_users(world: World) -> None:
    account = await new_account(world, verified=False)
    spec, browser = await pages_client(world), Browser(world)
    token = (await browser.tokens(spec, account.username))["access_token"]
    auth, me = world.anonymous("auth"), {"Authorization": f"Bearer {token}"}
    reply = await auth.get("/oauth2/userinfo", headers=me)
    assert reply.json() == {
        "sub": account.username,
        "name": "Test Person",
        "user_name": account.username,
        "auth_source": "auth",
    }
    practitioner = await world.signed_in(PRACTITIONER, "auth")
    told = (await practitioner.post("/oauth2/userinfo")).json()
    assert told["email"] == "bernard.beaks@probation.example.test"
    machine = await world.client("auth")
    assert (await machine.get("/oauth2/userinfo")).status_code == 403
    await browser.get("/sign-out")
    reply = await auth.get("/oauth2/userinfo", headers=me)
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


async def test_ending_a_sign_in_by_its_id_ends_all_its_tokens(world: World) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    spec, browser = await pages_client(world), Browser(world)
    first, second = await browser.tokens(spec), await browser.tokens(spec)
    session = str(claims_of(first["access_token"])["jwt_id"])
    for other in (f"{{{session}}}", session.replace("-", ""), f"+{session}", session[:-1]):
        assert (await admin.delete(f"/token?authJwtId={quote(other)}")).status_code == 204
    assert await is_active(world, first["access_token"]), "an id is matched exactly"
    for _ in range(2):
        assert (await admin.delete(f"/token?authJwtId={session}")).status_code == 204
    assert not await is_active(world, first["access_token"])
    assert not await is_active(world, second["access_token"])
    refused(await refresh(world, spec, first["refresh_token"]), 400, "invalid_grant")


async def test_deleting_a_client_token_by_its_id_kills_only_it(world: World) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    spec = await register(world)
    token, other = await client_token(world, spec), await client_token(world, spec)
    assert (await admin.delete(f"/token?authJwtId={claims_of(token)['jti']}")).status_code == 204
    assert not await is_active(world, token)
    assert await is_active(world, other)
    users = (await Browser(world).tokens(await pages_client(world)))["access_token"]
    assert (await admin.delete(f"/token?authJwtId={claims_of(users)['jti']}")).status_code == 204
    assert await is_active(world, users), "a user's token is known by its sign-in"


@pytest.mark.parametrize("jti", ["a+b", "a/b=", "a b", "50%25", "ü"])
async def test_ids_are_matched_exactly_however_they_are_encoded(world: World, jti: str) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    token = await client_token(world, await register(world))
    await world.fetch("update auth.issued_token set jti = $1 where jti = $2", jti, claims_of(token)["jti"])
    for written in {quote(jti, safe=""), quote(jti, safe="+/=")}:
        await world.fetch("update auth.issued_token set revoked_at = null where jti = $1", jti)
        assert (await admin.delete(f"/token?authJwtId={written}")).status_code == 204
        rows = await world.fetch("select revoked_at from auth.issued_token where jti = $1", jti)
        assert rows[0]["revoked_at"] is not None, written


async def test_deleting_tokens_needs_an_id_and_the_role(world: World) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    assert (await admin.delete("/token")).status_code == 400
    assert (await (await world.client("auth")).delete("/token?authJwtId=x")).status_code == 403
    assert (await world.anonymous("auth").delete("/token?authJwtId=x")).status_code == 401


async def end(world: World, query: str, **body: object) -> tuple[int, dict[str, object]]:
    admin = await world.client("auth", roles=["ROLE_SESSION_ADMIN"])
    reply = await admin.request("DELETE", f"/sessions{query}", json={"reason": "left the team"} | body)
    return reply.status_code, reply.json()


async def test_revoking_an_account_ends_every_sign_in_and_family_and_says_so(world: World) -> None:
    account, spec = await new_account(world), await pages_client(world)
    tokens = [await Browser(world).tokens(spec, account.username) for _ in range(3)]
    others = await Browser(world).tokens(spec)
    assert await end(world, f"?accountId={account.user_id}") == (200, {"revoked": 3})
    for one in tokens:
        assert not await is_active(world, one["access_token"])
        refused(await refresh(world, spec, one["refresh_token"]), 400, "invalid_grant")
    assert await is_active(world, others["access_token"])
    told = (await world.events("auth.session.revoked"))[-1]["additionalInformation"]
    assert told["accountId"] == str(account.user_id)
    assert set(told) == {"accountId", "reason", "notBefore"}
    assert "team" not in str(told), "what an administrator wrote may name people"
    assert await end(world, f"?accountId={account.user_id}") == (200, {"revoked": 0})
    again = await Browser(world).tokens(spec, account.username)
    assert await is_active(world, again["access_token"]), "the account itself is open"


async def test_revoking_an_account_ends_what_acts_for_it(world: World) -> None:
    account = await new_account(world)
    spec = await register(world, permissions=("act-on-behalf",))
    form = CLIENT | {"username": account.username}
    token = (await token_request(world, spec, form)).json()["access_token"]
    assert await end(world, f"?accountId={account.user_id}") == (200, {"revoked": 0})
    assert not await is_active(world, token)


async def test_revoking_a_client_ends_its_tokens_and_no_other(world: World) -> None:
    spec, other = await register(world), await register(world)
    tokens = [await client_token(world, spec) for _ in range(2)]
    kept = await client_token(world, other)
    assert await end(world, f"?clientId={spec.client_id}") == (200, {"revoked": 2})
    for token in tokens:
        assert not await is_active(world, token)
    assert await is_active(world, kept)
    assert await is_active(world, await client_token(world, spec))
    told = (await world.events("auth.session.revoked"))[-1]["additionalInformation"]
    assert (told["clientId"], told["reason"], set(told)) == (
        spec.client_id,
        "revoked",
        {"clientId", "reason", "notBefore"},
    )


async def test_revoking_needs_one_known_target_a_reason_and_the_role(world: World) -> None:
    account = await new_account(world)
    both = f"?accountId={account.user_id}&clientId=x"
    for query, body, status in (
        ("", {}, 400),
        (both, {}, 400),
        ("?accountId=nonsense", {}, 400),
        (f"?accountId={account.user_id}", {"reason": "no"}, 400),
        ("?clientId=nobody", {}, 404),
        ("?accountId=018e0914-0000-7000-8000-000000000001", {}, 404),
    ):
        assert (await end(world, query, **body))[0] == status, query
    reply = await (await world.client("auth")).request("DELETE", "/sessions?clientId=x", json={"reason": "because"})
    assert reply.status_code == 403


async def test_a_clients_tokens_end_with_the_client(world: World) -> None:
    spec = await register(world)
    token = await client_token(world, spec)
    await change_client(world, spec, ends_at=world.clock.now())
    assert not await is_active(world, token)


async def test_refreshing_and_revoking_at_once_never_leaves_a_live_token(world: World) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    spec = await pages_client(world)
    for _ in range(8):
        tokens = await Browser(world).tokens(spec)
        session = claims_of(tokens["access_token"])["jwt_id"]
        refreshed, _ = await asyncio.gather(
            refresh(world, spec, tokens["refresh_token"]), admin.delete(f"/token?authJwtId={session}")
        )
        given = [tokens["access_token"]]
        if refreshed.status_code == 200:
            given.append(refreshed.json()["access_token"])
        for token in given:
            assert not await is_active(world, token)


async def test_a_token_of_a_client_that_acts_for_a_person_is_no_sign_in(world: World) -> None:
    spec = await register(world, permissions=("act-on-behalf",))
    token = (await token_request(world, spec, CLIENT | {"username": PRACTITIONER})).json()["access_token"]
    auth, me = world.anonymous("auth"), {"Authorization": f"Bearer {token}"}
    assert (await auth.get("/oauth2/userinfo", headers=me)).status_code == 403
    assert (await auth.get("/sessions/me", headers=me)).status_code == 403


async def test_an_administrator_whose_token_was_taken_back_ends_nobodys_sign_in(world: World) -> None:
    spec = await register(world, roles=("ROLE_AUTH_TOKEN_VERIFICATION",))
    token = await client_token(world, spec)
    assert await revoke(world, spec, token) == 200
    auth, me = world.anonymous("auth"), {"Authorization": f"Bearer {token}"}
    reply = await auth.delete("/token?authJwtId=x", headers=me)
    assert (reply.status_code, reply.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')


async def test_answers_and_ended_sign_ins_are_counted(world: World) -> None:
    account, spec, browser = await new_account(world), await pages_client(world), Browser(world)
    token = (await browser.tokens(spec, account.username))["access_token"]
    before = measured()
    assert await is_active(world, token)
    await browser.get("/sign-out")
    assert not await is_active(world, token)
    checker = await world.client("auth")
    assert (await checker.post("/token/verify", content="nonsense")).status_code == 400
    assert await world.host.runtimes["auth"].jobs.run_now("count-sign-ins") == "ok"
    after = measured()
    for one in ("active", "inactive", "malformed", "sign-out"):
        assert after[one] == before[one] + 1, one
    rows = await world.fetch(
        "select count(*) as n from auth.auth_session where revoked_at is null"
        " and last_seen_at > now() - interval '30 minutes' and absolute_expiry > now()"
    )
    assert after["alive"] == rows[0]["n"] > 0


def measured() -> dict[str, float]:
    lines = dict(line.rsplit(" ", 1) for line in metrics.render().decode().splitlines() if not line.startswith("#"))
    names = {result: f'token_verify_total{{result="{result}"}}' for result in ("active", "inactive", "malformed")}
    names |= {"sign-out": 'sessions_revoked_total{reason="sign-out"}', "alive": "sessions_active"}
    return {name: float(lines.get(key, 0)) for name, key in names.items()}
