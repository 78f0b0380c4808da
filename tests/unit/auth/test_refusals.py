from __future__ import annotations

import base64
import hashlib
import hmac
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.tokens import (
    AUDIENCE,
    ISSUER,
    NOW,
    client_claims,
    jwks,
    segment,
    sign,
    sign_bytes,
    signing_key,
    user_claims,
)
from throughcare.kit.auth.jwks import JwksKeys
from throughcare.kit.auth.verifier import MAX_TOKEN_BYTES, TokenRefused, TokenVerifier
from throughcare.kit.clock import Clock
from throughcare.kit.telemetry import metrics

SECONDS = int(NOW.timestamp())
FIRST = signing_key()


def verifier(*keys: RSAKey, extra: tuple[dict[str, object], ...] = ()) -> TokenVerifier:
    document = jwks(*(keys or (FIRST,)))

    async def fetch() -> dict[str, object]:
        listed = document["keys"]
        assert isinstance(listed, list)
        return {"keys": [*listed, *extra]}

    return TokenVerifier(
        issuer=ISSUER, audience=AUDIENCE, keys=JwksKeys(fetch), clock=Clock(frozen_at=NOW)
    )  # fmt: skip


async def refusal(*authorization: str, by: TokenVerifier | None = None) -> str:
    with pytest.raises(TokenRefused) as refused:
        await (by or verifier()).verify(authorization)
    challenge = refused.value.headers["WWW-Authenticate"]
    assert challenge == ("Bearer" if refused.value.reason == "absent" else 'Bearer error="invalid_token"')
    assert refused.value.status == 401
    return refused.value.reason


async def refusal_of(token: str, by: TokenVerifier | None = None) -> str:
    return await refusal(f"Bearer {token}", by=by)


def unsigned(header: dict[str, object], claims: dict[str, object]) -> str:
    return b".".join([segment(json.dumps(header).encode()), segment(json.dumps(claims).encode()), b""]).decode()


def signed_hs256(header: dict[str, object], secret: bytes) -> str:
    signed = segment(json.dumps(header).encode()) + b"." + segment(json.dumps(user_claims()).encode())
    return (signed + b"." + segment(hmac.digest(secret, signed, hashlib.sha256))).decode()


async def test_a_users_token_gives_the_user() -> None:
    token = sign(user_claims())
    caller = await verifier().verify([f"Bearer {token}"])
    assert (caller.username, caller.client_id, caller.auth_source) == (
        "BERNARD.BEAKS",
        "throughcare-ui",
        "delius",
    )
    assert (caller.user_id, caller.name) == ("2500000001", "Bernard Beaks")
    assert caller.roles == {"ROLE_PROBATION"}
    assert caller.scopes == {"read", "write"}
    assert caller.token == token
    assert caller.is_user


async def test_a_clients_token_gives_the_client() -> None:
    caller = await verifier().verify([f"Bearer {sign(client_claims(scope='read write', authorities=None))}"])
    assert caller.principal_name == "interventions"
    assert not caller.is_user
    assert caller.roles == frozenset()
    assert caller.scopes == {"read", "write"}


@pytest.mark.parametrize("authorization", [(), ("",), ("Basic dXNlcjpwYXNz",), ("Bearer",), ("Bearer  ",)])
async def test_no_bearer_token_is_absent(authorization: tuple[str, ...]) -> None:
    assert await refusal(*authorization) == "absent"


async def test_the_scheme_is_read_in_any_letter_case() -> None:
    assert (await verifier().verify([f"bEARER {sign(user_claims())}"])).is_user


async def test_two_authorization_headers_are_refused_even_when_equal() -> None:
    good = f"Bearer {sign(user_claims())}"
    assert await refusal(good, good) == "format"
    assert await refusal("Basic dXNlcjpwYXNz", good) == "format"
    assert await refusal(f"{good}, {good}") == "format"


@pytest.mark.parametrize(
    "token",
    [
        "abc",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        ".b.c",
        "a..c",
        "!!.b.c",
        "e30=.e30.AA",
        "AAAAA.e30.AA",
        "W10.e30.AA",
        "eyJhbGc.e30.AA",
        "é.e30.AA",
        "e30.e30.AA extra",
    ],
)
async def test_what_is_no_compact_token_is_refused(token: str) -> None:
    assert await refusal_of(token) == "format"


async def test_a_segment_with_loose_trailing_bits_is_refused() -> None:
    head, _, signature = sign(user_claims()).rpartition(".")
    loose = base64.urlsafe_b64encode(b"x").decode()[0] + "B"
    assert await refusal_of(f"{head}.{signature[:-2]}{loose}") == "format"


async def test_a_token_over_16_kib_is_refused_and_one_just_under_is_not() -> None:
    def sized(padding: int) -> str:
        return sign(user_claims(padding="x" * padding))

    spare = (MAX_TOKEN_BYTES - len(sized(0))) * 3 // 4
    largest = max(
        (token for token in map(sized, range(spare - 4, spare + 4)) if len(token) <= MAX_TOKEN_BYTES), key=len
    )
    assert (await verifier().verify([f"Bearer {largest}"])).is_user
    assert await refusal_of(sized(spare + 4)) == "size"


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "HS256", "HS512", "RS384", "PS256", "ES256", "", 1, None]
)
async def test_every_other_algorithm_is_refused(alg: object) -> None:
    header = {"alg": alg, "typ": "at+jwt", "kid": FIRST.kid}
    assert await refusal_of(unsigned(header, user_claims())) == "alg"


async def test_the_public_key_is_no_hmac_secret() -> None:
    secret = FIRST.as_pem(private=False)
    assert await refusal_of(signed_hs256({"alg": "HS256", "typ": "at+jwt", "kid": FIRST.kid}, secret)) == "alg"


@pytest.mark.parametrize("crit", [["exp"], [], ["b64"], "exp", False])
async def test_critical_extensions_are_refused(crit: object) -> None:
    assert await refusal_of(sign(user_claims(), header={"crit": crit})) == "crit"


@pytest.mark.parametrize("kid", [None, "", 7, ["first"], "unknown"])
async def test_a_token_that_names_no_known_key_is_refused(kid: object) -> None:
    assert await refusal_of(sign(user_claims(), header={"kid": kid})) == "kid"


async def test_keys_offered_in_the_header_are_ignored() -> None:
    forger = RSAKey.generate_key(2048, {"kid": "first"})
    offers: dict[str, object] = {
        "jwk": forger.as_dict(private=False),
        "jku": "https://forger.example.test/keys",
        "x5u": "https://forger.example.test/certificate",
        "x5c": ["MIIB"],
    }
    assert await refusal_of(sign(user_claims(), forger, offers)) == "signature"
    nonsense: dict[str, object] = {"jwk": 1, "jku": [], "x5u": None, "x5c": "?"}
    assert (await verifier().verify([f"Bearer {sign(user_claims(), header=nonsense)}"])).is_user


@pytest.mark.parametrize(
    "published",
    [
        OctKey.import_key(b"0123456789abcdef0123456789abcdef", {"kid": "odd"}).as_dict(private=True),
        ECKey.generate_key("P-256", {"kid": "odd"}).as_dict(private=False),
        RSAKey.generate_key(2048, {"kid": "odd", "use": "enc"}).as_dict(private=False),
        RSAKey.generate_key(2048, {"kid": "odd", "alg": "PS256"}).as_dict(private=False),
        RSAKey.generate_key(2048, {"kid": "odd", "key_ops": ["encrypt"]}).as_dict(private=False),
    ],
    ids=["symmetric", "curve", "encryption", "algorithm", "operations"],
)
async def test_a_key_published_for_another_purpose_is_refused(published: dict[str, object]) -> None:
    by = verifier(extra=(published,))
    assert await refusal_of(sign(user_claims(), header={"kid": "odd"}), by) == "kid"


async def test_a_token_signed_by_another_key_is_refused() -> None:
    assert await refusal_of(sign(user_claims(), signing_key("second"), {"kid": "first"})) == "signature"


async def test_an_empty_signature_is_refused() -> None:
    assert await refusal_of(sign(user_claims()).rpartition(".")[0] + ".") == "signature"


@given(st.data())
@settings(max_examples=60, deadline=None)
async def test_changing_any_character_is_noticed(data: st.DataObject) -> None:
    token = sign(user_claims())
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz019-_."))
    if other != token[place]:
        await refusal_of(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("typ", ["JWT", "jwt", None, "", 7, "logout+jwt", "at+jwt "])
async def test_an_id_token_or_any_other_type_is_refused(typ: object) -> None:
    assert await refusal_of(sign(user_claims(), header={"typ": typ})) == "typ"


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])
async def test_an_access_token_type_is_read_in_any_letter_case(typ: str) -> None:
    assert (await verifier().verify([f"Bearer {sign(user_claims(), header={'typ': typ})}"])).is_user


@pytest.mark.parametrize(
    "payload",
    [
        b"[]",
        b'"text"',
        b"null",
        b"not json",
        b"\xff\xfe",
        b'{"exp": NaN}',
        b'{"exp": Infinity}',
        b'{"a": ' + b"[" * 11_000,
        b'{"exp": ' + b"9" * 5000 + b"}",
    ],
)
async def test_a_payload_that_is_no_json_object_is_refused(payload: bytes) -> None:
    assert await refusal_of(sign_bytes(payload, FIRST)) == "payload"


WRONG: list[tuple[str, list[object]]] = [
    ("iss", [None, ISSUER + "/", f" {ISSUER}", ISSUER.upper(), 5, [ISSUER]]),
    ("aud", [None, "prisons", "Prison", [], ["probation"], ["prison", 5], {"prison": 1}, 5]),
    ("iat", [None, True, False, str(SECONDS), [SECONDS], SECONDS + 61]),
    ("exp", [None, True, str(SECONDS + 60), {}, SECONDS - 60, SECONDS - 3600, -1, 10**400]),
    ("nbf", [True, str(SECONDS), SECONDS + 61, [], 10**400]),
    ("sub", [None, "", 5, ["x"]]),
    ("client_id", [None, "", 5]),
    ("jti", [None, "", 5]),
    ("authorities", ["ROLE_PROBATION", [5], ["ROLE_A", None], {"ROLE_A": 1}]),
    ("auth_source", [None, "", "external", "DELIUS", 5]),
    ("user_name", [None, "", 5]),
]


@pytest.mark.parametrize(("claim", "value"), [(claim, value) for claim, values in WRONG for value in values])
async def test_a_wrong_claim_is_refused_by_its_name(claim: str, value: object) -> None:
    assert await refusal_of(sign(user_claims(**{claim: value}))) == claim


@pytest.mark.parametrize("claim", ["iat", "exp", "nbf"])
async def test_a_time_beyond_every_number_is_refused(claim: str) -> None:
    payload = json.dumps(user_claims() | {claim: "?"}).replace('"?"', "1e999").encode()
    assert await refusal_of(sign_bytes(payload, FIRST)) == claim


@pytest.mark.parametrize("claim", ["authorities", "nbf", "sub", "auth_source"])
async def test_a_claim_that_is_null_is_refused(claim: str) -> None:
    assert await refusal_of(sign(user_claims() | {claim: None})) == claim


@pytest.mark.parametrize(
    ("issued", "ends"),
    [(SECONDS - 10, SECONDS + 86_400), (SECONDS, SECONDS), (SECONDS + 50, SECONDS - 50)],
    ids=["longer than a day", "no time at all", "ends before it begins"],
)
async def test_an_impossible_lifetime_is_refused(issued: int, ends: int) -> None:
    assert await refusal_of(sign(user_claims(iat=issued, nbf=issued, exp=ends))) == "lifetime"


@pytest.mark.parametrize(
    "times",
    [
        {"exp": SECONDS - 59, "iat": SECONDS - 1200, "nbf": SECONDS - 1200},
        {"iat": SECONDS + 60, "nbf": SECONDS + 60},
        {"iat": SECONDS, "exp": SECONDS + 86_400},
        {"iat": SECONDS - 0.5, "exp": SECONDS + 0.5, "nbf": None},
    ],
)
async def test_a_minute_of_skew_and_a_day_of_life_are_allowed(times: dict[str, object]) -> None:
    assert (await verifier().verify([f"Bearer {sign(user_claims(**times))}"])).is_user


@pytest.mark.parametrize("aud", [AUDIENCE, [AUDIENCE], ["probation", AUDIENCE]])
async def test_an_audience_may_be_one_or_several(aud: object) -> None:
    assert (await verifier().verify([f"Bearer {sign(user_claims(aud=aud))}"])).is_user


async def test_a_refusal_is_counted_by_its_reason_and_says_nothing_to_the_caller() -> None:
    counter = metrics.auth_token_rejected_total.labels("aud")
    before = counter._value.get()
    with pytest.raises(TokenRefused) as refused:
        await verifier().verify([f"Bearer {sign(user_claims(aud='elsewhere'))}"])
    assert counter._value.get() == before + 1
    assert "aud" not in f"{refused.value.message}{refused.value.developer_message}"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
@settings(max_examples=40, deadline=None)
async def test_any_value_in_any_claim_is_accepted_or_refused_but_never_fails(value: object) -> None:
    by = verifier()
    for claim in user_claims():
        with suppress(TokenRefused):
            caller = await by.verify([f"Bearer {sign(user_claims() | {claim: value})}"])
            assert caller.client_id


async def test_a_token_shows_nowhere_that_a_caller_is_written_down() -> None:
    token = sign(user_claims())
    caller = await verifier().verify([f"Bearer {token}"])
    assert token not in repr(caller)
