from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OctKey

from throughcare.kit.notify.keys import ApiKey, derived_key, service_id
from throughcare.kit.settings import Secrets
from throughcare.services.notify.account.model import Account, identify
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.refusal.model import Refused

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SECRETS = Secrets("unit")
ACCOUNTS = load_accounts(SECRETS, {})


def key(service: str, name: str | None = None) -> ApiKey:
    return derived_key(SECRETS, service, name)


def token(secret: object, claims: dict[str, object], algorithm: str = "HS256") -> str:
    signer = OctKey.import_key(str(secret) * 2) if algorithm == "HS512" else OctKey.import_key(str(secret))
    return jwt.encode({"typ": "JWT", "alg": algorithm}, claims, signer, algorithms=[algorithm])


def refusal(authorization: str | None, accounts: dict[UUID, Account] | None = None) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        identify(authorization, accounts or ACCOUNTS, NOW)
    assert [one.error for one in refused.value.problems] == ["AuthError"]
    return refused.value.status, refused.value.problems[0].message


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_fresh_token_names_service_and_key(scheme: str) -> None:
    caller = identify(f"{scheme} {key('sandbox', 'sandbox-team').token(NOW)}", ACCOUNTS, NOW)
    assert (caller.account.slug, caller.key.name, caller.key.type) == ("sandbox", "sandbox-team", "team")


@pytest.mark.parametrize("header", [None, "", "Basic abc", "token", "Bearer:abc"])
def test_no_bearer_token_is_401(header: str | None) -> None:
    assert refusal(header)[0] == 401


@pytest.mark.parametrize(
    "garbage", ["", "abc", "a.b.c", "e30.e30", "e30.W10.x", "é.é.é", "e30.e30.e30.e30", "bm8.bm8.bm8"]
)
def test_what_is_not_a_token_is_403(garbage: str) -> None:
    assert refusal(f"Bearer {garbage}")[0] == 403


@given(st.text(max_size=60))
def test_no_header_breaks_the_reading_of_tokens(text: str) -> None:
    assert refusal(f"Bearer {text}")[0] in {401, 403}


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        ({"iat": 1}, "iss"),
        ({"iss": "me", "iat": 1}, "UUID"),
        ({"iss": 5, "iat": 1}, "UUID"),
        ({"iss": str(uuid4()), "iat": 1}, "not found"),
        ({"iss": str(service_id("sandbox-archived")), "iat": 1}, "archived"),
        ({"iss": str(service_id("sandbox-keyless")), "iat": 1}, "no API keys"),
        ({"iss": str(service_id("sandbox"))}, "API key not found"),
        ({"iss": str(service_id("sandbox")), "iat": "now"}, "iat"),
        ({"iss": str(service_id("sandbox")), "iat": True}, "iat"),
        ({"iss": str(service_id("sandbox")), "iat": float("nan")}, "30 seconds"),
    ],
)
def test_wrong_claims_are_403_each_with_its_reason(claims: dict[str, object], message: str) -> None:
    secret = OctKey.import_key(str(key("sandbox").secret))
    signed = jws.serialize_compact({"typ": "JWT", "alg": "HS256"}, json.dumps(claims), secret, algorithms=["HS256"])
    status, found = refusal(f"Bearer {signed}")
    assert status == 403
    assert message in found


@pytest.mark.parametrize(("seconds", "accepted"), [(-30, True), (30, True), (-31, False), (31, False), (-3600, False)])
def test_a_token_is_good_for_thirty_seconds_each_way(seconds: int, accepted: bool) -> None:
    header = f"Bearer {key('sandbox').token(NOW + timedelta(seconds=seconds))}"
    if accepted:
        assert identify(header, ACCOUNTS, NOW).account.slug == "sandbox"
    else:
        assert refusal(header) == (403, "Your system clock must be accurate to within 30 seconds")


def test_another_algorithm_is_refused_even_with_the_right_key() -> None:
    claims: dict[str, object] = {"iss": str(service_id("sandbox")), "iat": NOW.timestamp()}
    assert "algorithm" in refusal(f"Bearer {token(key('sandbox').secret, claims, 'HS512')}")[1]
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"typ": "JWT", "alg": "none"}, claims)
    )
    assert "algorithm" in refusal(f"Bearer {unsigned}.")[1]


def test_the_key_of_another_service_fits_no_key() -> None:
    claims: dict[str, object] = {"iss": str(service_id("sandbox")), "iat": NOW.timestamp()}
    assert refusal(f"Bearer {token(key('interventions').secret, claims)}") == (403, "API key not found")


def test_a_revoked_key_is_refused() -> None:
    assert refusal(f"Bearer {key('sandbox', 'sandbox-old').token(NOW)}") == (403, "API key revoked")


def test_api_keys_are_read_from_the_right() -> None:
    made = ApiKey("my-key-name", uuid4(), uuid4())
    assert ApiKey.parse(str(made)) == made
    assert str(made.secret) not in repr(made)
    for wrong in ("", "x", str(made).replace("-", "_"), str(made)[:-1]):
        with pytest.raises(ValueError, match=r"."):
            ApiKey.parse(wrong)


def test_team_keys_reach_team_and_guests_and_trial_services_reach_their_team() -> None:
    sandbox, trial = ACCOUNTS[service_id("sandbox")], ACCOUNTS[service_id("sandbox-trial")]
    by_name = {one.name: one for one in (*sandbox.keys, *trial.keys)}
    assert sandbox.may_send_to("anybody@example.test", by_name["sandbox"])
    assert sandbox.may_send_to("anybody@example.test", by_name["sandbox-test"])
    assert not sandbox.may_send_to("anybody@example.test", by_name["sandbox-team"])
    assert sandbox.may_send_to("guest@sandbox.example", by_name["sandbox-team"])
    assert sandbox.may_send_to("447700900999", by_name["sandbox-team"])
    assert not trial.may_send_to("anybody@example.test", by_name["sandbox-trial"])
    assert trial.may_send_to("anybody@example.test", by_name["sandbox-trial-test"])
    assert trial.may_send_to("team.member@sandbox.example", by_name["sandbox-trial"])


def test_daily_limits_are_those_of_the_service_and_spare_test_keys() -> None:
    sandbox, trial = ACCOUNTS[service_id("sandbox")], ACCOUNTS[service_id("sandbox-trial")]
    assert sandbox.daily_limit("email", sandbox.keys[0]) == 250_000
    assert trial.daily_limit("email", trial.keys[0]) == 50
    assert trial.daily_limit("email", trial.keys[1]) is None
