"""Clients that prove who they are with a key of their own (``private_key_jwt``)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from tests.service.auth.oauth import Browser, change_client, exchange, pages_client, refused, register
from tests.tokens import claims_of
from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.service import ClientSpec

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ISSUER = "http://throughcare.test/auth/issuer"
ENDPOINT = "http://throughcare.test/auth/oauth2/token"
KEY = RSAKey.generate_key(2048, {"kid": "the-clients", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "the-curve", "use": "sig"})


async def keyed(world: World, *keys: Key, roles: tuple[str, ...] = ()) -> ClientSpec:
    """A client of its own for one test whose keys are known."""
    spec = await register(world, roles=roles)
    await change_client(world, spec, keys=tuple(key.as_dict(private=False) for key in keys or (KEY,)))
    return spec


def assertion(
    spec: ClientSpec,
    key: Key = KEY,
    claims: Mapping[str, object] | None = None,
    header: Mapping[str, object] | None = None,
) -> str:
    """What the client signs; a claim that is None is left out."""
    now = time.time()
    usual: dict[str, object] = {
        "iss": spec.client_id, "sub": spec.client_id, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": new_id().hex,
    }  # fmt: skip
    said = {name: value for name, value in (usual | dict(claims or {})).items() if value is not None}
    kinds = {"RSA": "RS256", "EC": "ES256", "oct": "HS256"}
    protected = {"alg": kinds[key.key_type], "kid": key.kid} | dict(header or {})
    return jwt.encode(protected, said, key, algorithms=["RS256", "PS256", "ES256", "HS256"])


async def ask(world: World, text: str, **form: str) -> httpx2.Response:
    fields = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": text}
    return await world.anonymous("auth").post("/oauth2/token", data=fields | form)


async def test_a_client_gets_a_token_for_what_it_signed(world: World) -> None:
    spec = await keyed(world, KEY, CURVE, roles=("ROLE_A",))
    for text in (
        assertion(spec),
        assertion(spec, CURVE),
        assertion(spec, header={"alg": "PS256"}),
        assertion(spec, claims={"aud": ["other", ENDPOINT]}),
    ):
        reply = await ask(world, text)
        assert reply.status_code == 200, reply.text
        assert claims_of(reply.json()["access_token"])["authorities"] == ["ROLE_A"]
    assert (await ask(world, assertion(spec), client_id=spec.client_id)).status_code == 200


async def test_an_assertion_is_good_once(world: World) -> None:
    spec = await keyed(world)
    text = assertion(spec)
    assert (await ask(world, text)).status_code == 200
    refused(await ask(world, text), 401, "invalid_client")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"sub": None},
        {"sub": ["x"]},
        {"aud": "http://elsewhere.test"},
        {"aud": None},
        {"aud": [ISSUER, 5]},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": -61.0},
        {"exp": 3600.0},
        {"exp": float("inf")},
        {"nbf": 3600.0},
        {"iat": 3600.0},
        {"iat": "now"},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 201},
        {"jti": 5},
    ],
    ids=str,
)
async def test_an_assertion_that_says_something_wrong_is_refused(world: World, claims: dict[str, object]) -> None:
    """A time as a float is so many seconds from now."""
    claims = {name: time.time() + one if isinstance(one, float) else one for name, one in claims.items()}
    refused(await ask(world, assertion(await keyed(world), claims=claims)), 401, "invalid_client")


async def test_an_assertion_that_the_client_did_not_sign_is_refused(world: World) -> None:
    spec, other, keyless = await keyed(world), await keyed(world, CURVE), await register(world)
    stranger = RSAKey.generate_key(2048, {"kid": "the-clients"})
    secret = OctKey.import_key(str(KEY.as_dict(private=False)["n"]), {"kid": "the-clients"})
    good = assertion(spec)
    for text in (
        assertion(spec, stranger),
        assertion(spec, secret),
        assertion(spec, header={"kid": "unknown"}),
        assertion(other),
        assertion(keyless),
        assertion(ClientSpec("nobody", "x", ())),
        good[:-4] + "AAAA",
        good.rpartition(".")[0] + ".",
        "nonsense",
        "a.b.c",
        ".e30.",
        "x" * 20_000,
        "",
    ):
        refused(await ask(world, text), 401, "invalid_client")
    refused(await ask(world, assertion(spec), client_id=other.client_id), 401, "invalid_client")
    refused(await ask(world, assertion(spec), client_assertion_type="urn:other"), 401, "invalid_client")


async def test_a_client_shows_its_key_or_its_secret_and_not_both(world: World) -> None:
    spec = await keyed(world)
    refused(await ask(world, assertion(spec), client_secret=spec.secret), 400, "invalid_request")
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion(spec)}
    reply = await world.anonymous("auth").post("/oauth2/token", data=form, auth=(spec.client_id, spec.secret))
    refused(reply, 400, "invalid_request")


async def test_an_end_date_and_addresses_bind_a_client_with_a_key_too(world: World) -> None:
    spec = await register(world)
    keys = (KEY.as_dict(private=False),)
    await change_client(world, spec, keys=keys, ends_at=world.clock.now())
    refused(await ask(world, assertion(spec)), 401, "invalid_client")
    await change_client(world, spec, keys=keys, allowed_ips=("192.0.2.7",))
    refused(await ask(world, assertion(spec)), 403, "access_denied")


async def test_business_time_does_not_age_what_a_client_signs(world: World) -> None:
    spec = await keyed(world)
    world.clock.advance(timedelta(days=100))
    assert (await ask(world, assertion(spec))).status_code == 200


async def test_every_endpoint_that_knows_clients_knows_their_keys(world: World) -> None:
    spec = await pages_client(world, permissions=("introspect",))
    await change_client(world, spec, keys=(KEY.as_dict(private=False),))
    code = await Browser(world).code(spec)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": spec.redirect_uris[0],
        "code_verifier": "v" * 43,
    }  # fmt: skip
    tokens = (await ask(world, assertion(spec), **form)).json()
    auth = world.anonymous("auth")
    proof = {"client_assertion_type": TYPE, "client_assertion": assertion(spec)}
    reply = await auth.post("/oauth2/introspect", data={"token": tokens["access_token"]} | proof)
    assert reply.json()["active"] is True
    proof["client_assertion"] = assertion(spec)
    assert (await auth.post("/oauth2/revoke", data={"token": tokens["refresh_token"]} | proof)).status_code == 200
    refused(await exchange(world, spec, code), 400, "invalid_grant")
    metadata = (await auth.get("/issuer/.well-known/openid-configuration")).json()
    for endpoint in ("token", "introspection", "revocation"):
        assert "private_key_jwt" in metadata[f"{endpoint}_endpoint_auth_methods_supported"]
        assert metadata[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] == ["RS256", "PS256", "ES256"]
