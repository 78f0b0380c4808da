from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from tests.service.auth.oauth import (
    PRACTITIONER,
    change_client,
    is_active,
    refused,
    register,
    token_request,
)
from tests.tokens import claims_of, header_of
from tests.world import World
from throughcare.services.auth.account.store import AccountStore

CLIENT = {"grant_type": "client_credentials"}


async def test_a_client_gets_a_token_with_its_roles_and_audiences(world: World) -> None:
    spec = await register(world, roles=("ROLE_B", "ROLE_A"))
    reply = await token_request(world, spec, CLIENT)
    assert reply.status_code == 200
    body, claims = reply.json(), claims_of(reply.json()["access_token"])
    now = int(world.clock.now().timestamp())
    assert claims["iss"] == "http://throughcare.test/auth/issuer"
    assert claims["sub"] == claims["client_id"] == spec.client_id
    assert claims["aud"] == ["auth", "prison", "probation"]
    assert claims["authorities"] == ["ROLE_A", "ROLE_B"]
    assert claims["scope"] == ["read", "write"]
    assert (claims["auth_source"], claims["grant_type"]) == ("none", "client_credentials")
    assert isinstance(claims["iat"], int)
    assert abs(claims["iat"] - now) <= 2
    assert claims["nbf"] == claims["iat"]
    assert claims["exp"] == claims["iat"] + 1200
    assert len(str(claims["jti"])) >= 22
    assert not {"user_name", "name", "user_id", "user_uuid", "jwt_id", "act"} & set(claims)
    assert header_of(body["access_token"])["typ"] == "at+jwt"
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 1200, "read write")
    assert (body["sub"], body["iss"], body["jti"]) == (claims["sub"], claims["iss"], claims["jti"])
    assert "refresh_token" not in body
    assert "user_name" not in body
    assert reply.headers["cache-control"] == "no-store"


async def test_the_legacy_path_and_credentials_in_the_form_are_accepted(world: World) -> None:
    spec = await register(world)
    form = CLIENT | {"client_id": spec.client_id, "client_secret": spec.secret}
    reply = await world.anonymous("auth").post("/oauth/token", data=form)
    assert reply.status_code == 200


async def test_basic_credentials_are_form_decoded(world: World) -> None:
    spec = await register(world)
    encoded = base64.b64encode(f"{spec.client_id.replace('-', '%2D')}:{spec.secret}".encode()).decode()
    headers = {"Authorization": f"basic {encoded}"}
    reply = await world.anonymous("auth").post("/oauth2/token", data=CLIENT, headers=headers)
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["Basic", "Basic !!!", "Basic bm9jb2xvbg==", "Bearer abc", "Basic Om5vYm9keQ==", "Basic /w=="],
)
async def test_credentials_that_cannot_be_read_are_refused(world: World, authorization: str) -> None:
    headers = {"Authorization": authorization}
    reply = await world.anonymous("auth").post("/oauth2/token", data=CLIENT, headers=headers)
    refused(reply, 401, "invalid_client")
    assert reply.headers["www-authenticate"].startswith("Basic ")


async def test_unknown_clients_and_wrong_secrets_look_alike(world: World) -> None:
    spec = await register(world)
    auth = world.anonymous("auth")
    unknown = await auth.post("/oauth2/token", data=CLIENT, auth=("nobody", spec.secret))
    wrong = await auth.post("/oauth2/token", data=CLIENT, auth=(spec.client_id, "wrong"))
    missing = await auth.post("/oauth2/token", data=CLIENT)
    for reply in (unknown, wrong, missing):
        refused(reply, 401, "invalid_client")
        assert reply.headers["www-authenticate"].startswith("Basic ")
    assert unknown.json()["error_description"] == wrong.json()["error_description"]


async def test_authenticating_in_two_ways_is_refused(world: World) -> None:
    spec = await register(world)
    form = CLIENT | {"client_id": spec.client_id, "client_secret": spec.secret}
    refused(await token_request(world, spec, form), 400, "invalid_request")
    refused(await token_request(world, spec, CLIENT | {"client_id": "another"}), 400, "invalid_request")


async def test_a_client_past_its_end_date_is_refused(world: World) -> None:
    spec = await register(world)
    await change_client(world, spec, ends_at=world.clock.now() + timedelta(hours=1))
    assert (await token_request(world, spec, CLIENT)).status_code == 200
    await change_client(world, spec, ends_at=world.clock.now())
    refused(await token_request(world, spec, CLIENT), 401, "invalid_client")


async def test_a_client_calling_from_elsewhere_is_refused_whatever_it_says_of_itself(world: World) -> None:
    spec = await register(world)
    await change_client(world, spec, allowed_ips=("10.1.0.0/16", "192.0.2.7"))
    refused(await token_request(world, spec, CLIENT), 403, "access_denied")
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        refused(await token_request(world, spec, CLIENT, headers={header: "192.0.2.7"}), 403, "access_denied")
    await change_client(world, spec, allowed_ips=("127.0.0.0/8",))
    assert (await token_request(world, spec, CLIENT)).status_code == 200


async def test_registering_a_client_again_keeps_what_an_operator_set(world: World) -> None:
    from throughcare.services.auth.client.usecases import register_clients

    spec = await register(world)
    await change_client(world, spec, ends_at=world.clock.now())
    await register_clients(world.context("auth").uow, [spec])
    refused(await token_request(world, spec, CLIENT), 401, "invalid_client")


async def test_a_grant_that_the_client_does_not_have_is_refused(world: World) -> None:
    spec = await register(world)
    form = {"grant_type": "authorization_code", "code": "x", "redirect_uri": "x", "code_verifier": "x"}
    refused(await token_request(world, spec, form), 400, "unauthorized_client")
    refused(
        await token_request(world, spec, {"grant_type": "refresh_token", "refresh_token": "x"}),
        400,
        "unauthorized_client",
    )
    pages = await register(world, grants=("authorization_code",))
    refused(await token_request(world, pages, CLIENT), 400, "unauthorized_client")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password", "username": "A", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"scope": "read"}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": ["read", "read"]}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "read admin"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "resource": "interventions"}, "invalid_target"),
        ({"grant_type": "client_credentials", "username": PRACTITIONER}, "unauthorized_client"),
    ],
)
async def test_a_request_that_cannot_be_granted_says_why(world: World, form: dict[str, object], error: str) -> None:
    spec = await register(world, grants=("client_credentials", "authorization_code", "refresh_token"))
    refused(await token_request(world, spec, form), 400, error)


async def test_only_forms_are_read(world: World) -> None:
    spec = await register(world)
    auth = world.anonymous("auth")
    reply = await auth.post("/oauth2/token", json=CLIENT, auth=(spec.client_id, spec.secret))
    assert reply.status_code == 400
    reply = await auth.post("/oauth2/token", auth=(spec.client_id, spec.secret))
    refused(reply, 400, "invalid_request")
    assert (await auth.get("/oauth2/token")).status_code == 405


async def test_scopes_and_audiences_can_be_narrowed(world: World) -> None:
    spec = await register(world)
    reply = await token_request(world, spec, CLIENT | {"scope": "read", "resource": ["prison", "probation"]})
    claims = claims_of(reply.json()["access_token"])
    assert reply.json()["scope"] == "read"
    assert (claims["scope"], claims["aud"]) == (["read"], ["prison", "probation"])


async def test_a_client_without_audiences_gets_no_token(world: World) -> None:
    spec = await register(world, audiences=())
    refused(await token_request(world, spec, CLIENT), 400, "invalid_target")


async def test_a_client_with_the_permission_acts_for_a_user_who_exists(world: World) -> None:
    spec = await register(world, roles=("ROLE_A",), permissions=("act-on-behalf",))
    reply = await token_request(world, spec, CLIENT | {"username": "bernard.beaks", "auth_source": "delius"})
    claims = claims_of(reply.json()["access_token"])
    assert (claims["sub"], claims["user_name"], claims["auth_source"]) == (
        PRACTITIONER,
        PRACTITIONER,
        "delius",
    )
    assert claims["act"] == {"sub": spec.client_id}
    assert claims["client_id"] == spec.client_id
    assert claims["authorities"] == ["ROLE_A"]
    assert claims["grant_type"] == "client_credentials"
    assert not {"user_id", "user_uuid", "name", "jwt_id"} & set(claims)


async def test_the_source_of_a_user_is_looked_up_and_not_believed(world: World) -> None:
    spec = await register(world, permissions=("act-on-behalf",))
    reply = await token_request(world, spec, CLIENT | {"username": PRACTITIONER})
    assert claims_of(reply.json()["access_token"])["auth_source"] == "delius"
    for wrong in ("auth", "nomis", "none", "external"):
        form = CLIENT | {"username": PRACTITIONER, "auth_source": wrong}
        refused(await token_request(world, spec, form), 400, "invalid_grant")
    refused(await token_request(world, spec, CLIENT | {"username": "NOBODY"}), 400, "invalid_grant")


async def test_nobody_acts_for_a_disabled_user(world: World) -> None:
    spec = await register(world, permissions=("act-on-behalf",))
    form = CLIENT | {"username": "SAM.OKORO@PROVIDER.EXAMPLE.TEST"}
    token = (await token_request(world, spec, form)).json()["access_token"]
    async with world.context("auth").uow as uow:
        accounts = uow.store(AccountStore)
        account = await accounts.find_named("SAM.OKORO@PROVIDER.EXAMPLE.TEST")
        assert account is not None
        await accounts.save_enabled(account.user_id, enabled=False, reason="left")
    refused(await token_request(world, spec, form), 400, "invalid_grant")
    assert not await is_active(world, token)


async def test_an_idempotency_key_never_hands_over_another_clients_token(world: World) -> None:
    first, second = await register(world), await register(world)
    key = {"Idempotency-Key": "the-same-key"}
    one = (await token_request(world, first, CLIENT, headers=key)).json()
    other = (await token_request(world, second, CLIENT, headers=key)).json()
    assert claims_of(one["access_token"])["sub"] == first.client_id
    assert claims_of(other["access_token"])["sub"] == second.client_id


async def test_no_secret_or_token_is_stored(world: World) -> None:
    spec = await register(world)
    token = (await token_request(world, spec, CLIENT)).json()["access_token"]
    for table in ("oauth_client", "issued_token"):
        stored = str(await world.fetch(f"select * from auth.{table}"))
        assert spec.secret not in stored
        assert token not in stored
        assert token.rpartition(".")[2] not in stored
