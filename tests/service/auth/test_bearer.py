"""What any service answers to a token that it does not accept: always the same, and never why."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping

import httpx2
import pytest
from joserfc.jwk import RSAKey

from tests.service.auth.oauth import Browser, pages_client, register, token_request
from tests.tokens import claims_of, header_of, segment, sign, signing_key
from tests.world import World
from throughcare.services.auth.key.model import PURPOSE
from throughcare.services.auth.key.store import KeyStore

PATH = "/alert-types"
REFUSED = 'Bearer error="invalid_token"'


async def good(world: World) -> str:
    spec = await register(world, roles=("ROLE_PRISONER_ALERTS__RO",))
    return str((await token_request(world, spec, {"grant_type": "client_credentials"})).json()["access_token"])


async def signed(world: World, claims: Mapping[str, object], kind: str = "at+jwt") -> str:
    """``claims`` signed with the key that signs at this moment."""
    async with world.context("auth").reading(KeyStore) as keys:
        key = await keys.current()
    return key.sign(claims, kind=kind, secret=world.context("auth").secrets.derive(PURPOSE))


async def shown(world: World, *tokens: str) -> httpx2.Response:
    headers = [("Authorization", f"Bearer {token}") for token in tokens]
    return await world.anonymous("prison").get(PATH, headers=headers)


def same(reply: httpx2.Response) -> Mapping[str, object]:
    """What an answer says, but for the ids of the request."""
    return {name: value for name, value in reply.json().items() if name not in {"traceId", "correlationId"}}


async def public_key(world: World, token: str) -> RSAKey:
    listed = (await world.anonymous("auth").get("/.well-known/jwks.json")).json()["keys"]
    return RSAKey.import_key(next(key for key in listed if key["kid"] == header_of(token)["kid"]))


def hs256(header: Mapping[str, object], claims: Mapping[str, object], secret: bytes) -> str:
    text = segment(json.dumps(header).encode()) + b"." + segment(json.dumps(claims).encode())
    return (text + b"." + segment(hmac.digest(secret, text, hashlib.sha256))).decode()


async def bad_tokens(world: World) -> dict[str, str]:
    token = await good(world)
    header, claims = header_of(token), claims_of(token)
    now = int(world.clock.now().timestamp())
    id_token = (await Browser(world).tokens(await pages_client(world, scopes=("openid",)), scope="openid"))["id_token"]
    pem = (await public_key(world, token)).as_pem(private=False)
    plain = segment(json.dumps({**header, "alg": "nOnE"}).encode()) + b"." + segment(json.dumps(claims).encode()) + b"."
    return {
        "unsigned": plain.decode(),
        "signed with the public key": hs256({**header, "alg": "HS256"}, claims, pem),
        "of a stranger's key": sign(claims, signing_key("stranger")),
        "of a stranger's key under our name": sign(claims, signing_key("stranger"), {"kid": str(header["kid"])}),
        "for the client": id_token,
        "tampered with": token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"),
        "for another service": await signed(world, claims | {"aud": ["probation"]}),
        "of another issuer": await signed(world, claims | {"iss": f"{claims['iss']}/"}),
        "ended": await signed(world, claims | {"iat": now - 2000, "nbf": now - 2000, "exp": now - 61}),
        "not begun": await signed(world, claims | {"nbf": now + 90}),
        "too long": await signed(world, claims | {"exp": now + 90_000}),
        "without subject": await signed(world, {name: claims[name] for name in claims if name != "sub"}),
        "no token": "nonsense",
        "too large": await signed(world, claims | {"padding": "x" * 17_000}),
    }  # fmt: skip


async def test_every_token_that_is_not_accepted_gets_the_same_answer(world: World) -> None:
    assert (await shown(world, await good(world))).status_code == 200
    replies = {what: await shown(world, token) for what, token in (await bad_tokens(world)).items()}
    replies["twice"] = await shown(world, *[await good(world)] * 2)
    told = same(replies["no token"])
    for what, reply in replies.items():
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, REFUSED), what
        assert same(reply) == told, what


async def test_a_token_in_the_address_or_the_body_is_none(world: World) -> None:
    token = await good(world)
    prison = world.anonymous("prison")
    for reply in (
        await prison.get(PATH),
        await prison.get(PATH, params={"access_token": token}),
        await prison.request("GET", PATH, content=f"access_token={token}"),
        await prison.get(PATH, headers={"Authorization": f"Basic {token}"}),
    ):
        assert (reply.status_code, reply.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    "authorities", [None, [], ["PRISONER_ALERTS__RO"], ["role_prisoner_alerts__ro"], ["ROLE_OTHER"]]
)
async def test_a_token_without_the_role_is_forbidden(world: World, authorities: list[str] | None) -> None:
    claims = claims_of(await good(world)) | {"authorities": authorities}
    token = await signed(world, {name: value for name, value in claims.items() if value is not None})
    assert (await shown(world, token)).status_code == 403
