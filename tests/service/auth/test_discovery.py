from __future__ import annotations

import pytest

from tests.world import World

PATHS = [
    "/issuer/.well-known/openid-configuration",
    "/issuer/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/issuer",
]


@pytest.mark.parametrize("path", PATHS)
async def test_the_metadata_says_what_is_offered_and_where(world: World, path: str) -> None:
    reply = await world.anonymous("auth").get(path)
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "max-age=43200"
    metadata = reply.json()
    assert metadata["issuer"] == "http://throughcare.test/auth/issuer"
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert set(metadata["grant_types_supported"]) == {
        "authorization_code",
        "client_credentials",
        "refresh_token",
    }
    assert metadata["id_token_signing_alg_values_supported"] == ["RS256"]


async def test_every_endpoint_of_the_metadata_exists(world: World) -> None:
    auth = world.anonymous("auth")
    metadata = (await auth.get(PATHS[0])).json()
    endpoints = {name: url for name, url in metadata.items() if name.endswith(("_endpoint", "_uri"))}
    assert set(endpoints) == {
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "revocation_endpoint",
        "introspection_endpoint",
        "userinfo_endpoint",
        "end_session_endpoint",
    }
    for name, url in endpoints.items():
        posted = name in {"token_endpoint", "revocation_endpoint", "introspection_endpoint"}
        reply = await (auth.post(url, data={}) if posted else auth.get(url))
        assert reply.status_code not in {404, 405}, name
