from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from joserfc.jwk import RSAKey

from tests.tokens import AUDIENCE, ISSUER, NOW, jwks, sign, signing_key, user_claims
from throughcare.kit.auth.jwks import JwksKeys, KeysUnavailable, import_keys
from throughcare.kit.auth.verifier import TokenRefused, TokenVerifier
from throughcare.kit.clock import Clock


class Publisher:
    """A JWK Set somewhere, real time that a test moves, and a count of the fetches."""

    def __init__(self, *keys: RSAKey) -> None:
        self.keys, self.seconds, self.fetches, self.down = list(keys), 0.0, 0, False
        self.gate: asyncio.Event | None = None

    async def fetch(self) -> dict[str, object]:
        self.fetches += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise ConnectionError("refused")
        return jwks(*self.keys)

    def source(self) -> JwksKeys:
        return JwksKeys(self.fetch, monotonic=lambda: self.seconds)

    def verifier(self, clock: Clock, cache_size: int = 4096) -> TokenVerifier:
        return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=self.source(), clock=clock, cache_size=cache_size)


FIRST, SECOND = signing_key("first"), signing_key("second")


async def test_keys_are_fetched_once_and_again_after_five_minutes() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    for moment, fetches in ((0, 1), (299.9, 1), (300, 2), (599, 2), (600, 3)):
        publisher.seconds = moment
        assert await keys.find("first") is not None
        assert publisher.fetches == fetches


async def test_a_new_key_is_found_by_one_refetch() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    await keys.find("first")
    publisher.keys.append(SECOND)
    assert await keys.find("second") is not None
    assert publisher.fetches == 2


async def test_unknown_keys_refetch_at_most_every_thirty_seconds() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    await keys.find("first")
    for moment, fetches in ((1, 2), (2, 2), (30, 2), (31, 3), (60.9, 3), (61, 4)):
        publisher.seconds = moment
        assert await keys.find(f"unknown-{moment}") is None
        assert publisher.fetches == fetches


async def test_concurrent_refetches_are_one_and_each_waits_for_it() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    await keys.find("first")
    publisher.keys.append(SECOND)
    publisher.gate = asyncio.Event()
    waiting = [asyncio.create_task(keys.find("second")) for _ in range(50)]
    await asyncio.sleep(0)
    publisher.gate.set()
    assert all(await asyncio.gather(*waiting))
    assert publisher.fetches == 2


async def test_a_caller_who_gives_up_takes_nobody_elses_fetch_away() -> None:
    publisher = Publisher(FIRST)
    publisher.gate = asyncio.Event()
    keys = publisher.source()
    impatient, patient = asyncio.create_task(keys.find("first")), asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    publisher.gate.set()
    assert await patient is not None
    assert publisher.fetches == 1


async def test_known_keys_serve_while_the_publisher_is_down() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    await keys.find("first")
    publisher.down, publisher.seconds = True, 301
    assert await keys.find("first") is not None
    assert await keys.find("first") is not None
    assert publisher.fetches == 2, "a failed fetch is not repeated at once"
    publisher.seconds, publisher.down, publisher.keys = 331, False, [SECOND]
    assert await keys.find("first") is not None
    assert await keys.find("second") is not None
    assert await keys.find("first") is None
    assert publisher.fetches == 4


async def test_nobody_with_a_known_key_waits_for_a_publisher_that_was_down() -> None:
    publisher = Publisher(FIRST)
    keys = publisher.source()
    await keys.find("first")
    publisher.down, publisher.seconds = True, 301
    await keys.find("first")
    publisher.gate, publisher.seconds = asyncio.Event(), 331
    async with asyncio.timeout(1):
        assert await keys.find("first") is not None
    stranger = asyncio.create_task(keys.find("unknown"))
    await asyncio.sleep(0)
    assert not stranger.done()
    publisher.gate.set()
    assert await stranger is None
    assert publisher.fetches == 3


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None},
        {"kid": ""},
        {"kid": 7},
        {"alg": "none", "kid": "unknown"},
        {"alg": "HS256", "kid": "unknown"},
        {"crit": ["exp"], "kid": "unknown"},
    ],
)
async def test_a_token_that_cannot_be_right_causes_no_fetch(header: dict[str, object]) -> None:
    publisher = Publisher(FIRST)
    verifier = publisher.verifier(Clock(frozen_at=NOW))
    for _ in range(2):
        with pytest.raises(TokenRefused):
            await verifier.verify([f"Bearer {sign(user_claims(), header=header)}"])
        assert publisher.fetches == 0


async def test_without_any_keys_no_token_can_be_judged_until_they_come() -> None:
    publisher = Publisher(FIRST)
    publisher.down = True
    verifier = publisher.verifier(Clock(frozen_at=NOW))
    header = [f"Bearer {sign(user_claims())}"]
    with pytest.raises(KeysUnavailable) as unavailable:
        await verifier.verify(header)
    assert unavailable.value.status == 503
    publisher.down = False
    assert (await verifier.verify(header)).username == "BERNARD.BEAKS"


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": "none"}])
def test_what_is_no_key_set_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="JWK Set"):
        import_keys(document)


def test_keys_that_cannot_be_used_are_left_out() -> None:
    good = FIRST.as_dict(private=False)
    odd: list[object] = [
        5,
        {},
        {"kid": ""},
        {"kid": "a"},
        {"kid": "b", "kty": "RSA"},
        {"kid": "c", "kty": "RSA", "n": "!", "e": "AQAB"},
        {"kid": "d", "kty": "XYZ"},
        {"kid": 5, **{k: v for k, v in good.items() if k != "kid"}},
    ]
    assert list(import_keys({"keys": [*odd, good]})) == ["first"]


async def test_a_token_seen_before_is_not_verified_again() -> None:
    publisher = Publisher(FIRST)
    verifier = publisher.verifier(Clock(frozen_at=NOW))
    header = [f"Bearer {sign(user_claims())}"]
    assert await verifier.verify(header) is await verifier.verify(header)


async def test_a_token_seen_before_still_ends_by_the_business_clock() -> None:
    clock = Clock(frozen_at=NOW)
    verifier = Publisher(FIRST).verifier(clock)
    header = [f"Bearer {sign(user_claims())}"]
    for moved, refused in ((0, None), (1259, None), (1261, "exp"), (-61, "nbf"), (5, None)):
        clock.set(NOW + timedelta(seconds=moved))
        try:
            await verifier.verify(header)
            reason = None
        except TokenRefused as error:
            reason = error.reason
        assert reason == refused, moved


async def test_a_token_seen_before_falls_with_its_key() -> None:
    publisher = Publisher(FIRST)
    verifier = publisher.verifier(Clock(frozen_at=NOW))
    header = [f"Bearer {sign(user_claims())}"]
    await verifier.verify(header)
    publisher.keys, publisher.seconds = [SECOND], 300
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(header)
    assert refused.value.reason == "kid"


async def test_a_token_seen_before_falls_when_another_key_takes_the_name() -> None:
    publisher = Publisher(FIRST)
    verifier = publisher.verifier(Clock(frozen_at=NOW))
    header = [f"Bearer {sign(user_claims())}"]
    await verifier.verify(header)
    publisher.keys, publisher.seconds = [RSAKey.generate_key(2048, {"kid": "first"})], 300
    with pytest.raises(TokenRefused) as refused:
        await verifier.verify(header)
    assert refused.value.reason == "signature"


async def test_only_the_tokens_used_last_are_remembered() -> None:
    verifier = Publisher(FIRST).verifier(Clock(frozen_at=NOW), cache_size=2)
    headers = [[f"Bearer {sign(user_claims(jti=f'token-{number}'))}"] for number in range(3)]
    first = await verifier.verify(headers[0])
    second = await verifier.verify(headers[1])
    assert await verifier.verify(headers[0]) is first
    await verifier.verify(headers[2])
    assert await verifier.verify(headers[0]) is first
    assert await verifier.verify(headers[1]) is not second


async def test_a_token_for_one_service_is_none_for_another_that_shares_the_keys() -> None:
    publisher = Publisher(FIRST)
    keys, clock = publisher.source(), Clock(frozen_at=NOW)
    header = [f"Bearer {sign(user_claims(aud=['prison']))}"]
    await TokenVerifier(issuer=ISSUER, audience="prison", keys=keys, clock=clock).verify(header)
    with pytest.raises(TokenRefused):
        await TokenVerifier(issuer=ISSUER, audience="probation", keys=keys, clock=clock).verify(header)
