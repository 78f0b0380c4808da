from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.auth.oauth import register, token_request
from tests.tokens import header_of
from tests.world import World
from throughcare.kit.auth.jwks import JwksKeys
from throughcare.kit.auth.verifier import TokenRefused, TokenVerifier
from throughcare.services.auth.key.jobs import rotate
from throughcare.services.auth.key.model import PURPOSE, NextKeyTooYoung
from throughcare.services.auth.key.usecases import ensure_keys, rotate_keys

CLIENT = {"grant_type": "client_credentials"}


class Resource:
    """A service that verifies tokens against the published keys, in real time that a test moves."""

    def __init__(self, world: World) -> None:
        self.seconds, self.fetches = 0.0, 0
        self._auth = world.anonymous("auth")
        keys = JwksKeys(self._fetch, monotonic=lambda: self.seconds)
        issuer = world.host.topology.issuer
        self.verifier = TokenVerifier(issuer=issuer, audience="prison", keys=keys, clock=world.clock)

    async def _fetch(self) -> dict[str, object]:
        self.fetches += 1
        return dict((await self._auth.get("/.well-known/jwks.json")).json())

    async def accepts(self, token: str) -> bool:
        try:
            return bool(await self.verifier.verify([f"Bearer {token}"]))
        except TokenRefused:
            return False


async def published(world: World) -> list[str]:
    keys = (await world.anonymous("auth").get("/.well-known/jwks.json")).json()["keys"]
    return [key["kid"] for key in keys]


async def new_token(world: World) -> str:
    return str((await token_request(world, await register(world), CLIENT)).json()["access_token"])


async def turn(world: World) -> str:
    context = world.context("auth")
    return await rotate_keys(context.uow, context.secrets.derive(PURPOSE), bits=2048)


async def test_the_keys_are_public_cacheable_and_have_no_private_half(world: World) -> None:
    auth = world.anonymous("auth")
    reply = await auth.get("/.well-known/jwks.json")
    assert reply.headers["cache-control"] == "max-age=300"
    assert len(reply.json()["keys"]) >= 2
    for key in reply.json()["keys"]:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
        assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    etag = reply.headers["etag"]
    assert etag.startswith('"')
    again = await auth.get("/.well-known/jwks.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert (await auth.get("/.well-known/jwks.json", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_private_halves_are_stored_encrypted(world: World) -> None:
    rows = await world.fetch("select private, public from auth.signing_key")
    for row in rows:
        assert row["private"].count(".") == 4
        assert '"d"' not in row["private"] + row["public"]


async def test_a_live_verifier_follows_a_rotation_without_a_restart(world: World) -> None:
    resource, before = Resource(world), await new_token(world)
    assert await resource.accepts(before)
    old, upcoming = (await published(world))[:2]
    world.clock.advance(timedelta(hours=1))
    assert await turn(world) == upcoming
    current, following = (await published(world))[:2]
    assert current == upcoming
    assert following not in {old, upcoming}
    after = await new_token(world)
    assert header_of(after)["kid"] == upcoming
    assert await resource.accepts(after)
    assert resource.fetches == 1, "the key was published before it signed"
    assert old in await published(world), "tokens that the old key signed are still good"
    world.clock.advance(timedelta(hours=2))
    await turn(world)
    latest = await new_token(world)
    assert await resource.accepts(latest), "an unknown key is fetched once"
    assert resource.fetches == 2


async def test_a_key_signs_only_after_it_was_published_for_an_hour(world: World) -> None:
    world.clock.advance(timedelta(hours=1))
    await turn(world)
    line = await published(world)
    world.clock.advance(timedelta(minutes=59))
    with pytest.raises(NextKeyTooYoung):
        await turn(world)
    assert await published(world) == line
    world.clock.advance(timedelta(minutes=2))
    assert await turn(world) == line[1]


async def test_an_old_key_goes_when_nothing_that_it_signed_can_be_alive(world: World) -> None:
    world.clock.advance(timedelta(hours=2))
    old = (await published(world))[0]
    await turn(world)
    world.clock.advance(timedelta(hours=24))
    await rotate(world.context("auth"))
    assert old in await published(world)
    world.clock.advance(timedelta(minutes=2))
    await rotate(world.context("auth"))
    assert old not in await published(world)


async def test_the_job_rotates_when_the_current_key_has_served_its_days(world: World) -> None:
    world.clock.advance(timedelta(hours=2))
    await turn(world)
    current, upcoming = (await published(world))[:2]
    world.clock.advance(timedelta(days=29))
    assert await world.host.runtimes["auth"].jobs.run_now("rotate-keys") == "ok"
    assert (await published(world))[0] == current
    world.clock.advance(timedelta(days=1))
    assert await world.host.runtimes["auth"].jobs.run_now("rotate-keys") == "ok"
    assert (await published(world))[0] == upcoming


async def test_starting_again_makes_no_further_keys(world: World) -> None:
    line = await published(world)
    context = world.context("auth")
    await ensure_keys(context.uow, context.secrets.derive(PURPOSE))
    assert await published(world) == line
