"""Nothing that opens a door, and nothing personal, is written to the log, a metric, an event or an error."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from tests.service.auth.oauth import Browser, exchange, new_account, pages_client, refresh, token_request
from tests.tokens import claims_of
from tests.world import World
from throughcare.kit.telemetry import metrics
from throughcare.kit.telemetry.lines import SINK
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.seeding.accounts import PASSWORD

WRONG = "not the right password 8812"
NAMES = {
    "AuthenticateFailure", "AuthenticateSuccess", "LockUser", "CreateAccessToken", "CreateAccessTokenFailure",
    "CreateSystemAccessToken", "RefreshAccessToken",
}  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged from now on; afterwards logging is as it was."""
    root, before = logging.getLogger(), SINK.output
    handlers, level = tuple(root.handlers), root.level
    stream = io.StringIO()
    configure_logging(service="auth", version="1", environment="test", stream=stream)
    yield stream
    SINK.output = before
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
    root.setLevel(level)


async def journey(world: World) -> dict[str, str]:
    """Everything that can happen to somebody's secrets; the secrets, by what they are."""
    account, browser = await new_account(world, last_name="Quillfeather"), Browser(world)
    spec = await pages_client(world, scopes=("openid",), permissions=("introspect",), grants=(
        "authorization_code", "refresh_token", "client_credentials",
    ))  # fmt: skip
    await browser.authorize(spec, state="the-state-7731", nonce="the-nonce-7731")
    csrf, before = await browser.csrf(), browser.http.cookies["auth-session"]
    for _ in range(10):
        await browser.sign_in(account.username, WRONG)
    await world.fetch("update auth.users set locked_until = null where username = $1", account.username)
    await browser.sign_in(account.username)
    code = await browser.code(spec, scope="openid")
    await exchange(world, spec, code, code_verifier="w" * 43)
    tokens = (await exchange(world, spec, code)).json()
    renewed = (await refresh(world, spec, tokens["refresh_token"])).json()
    await refresh(world, spec, tokens["refresh_token"])
    await exchange(world, spec, code)
    machine = (await token_request(world, spec, {"grant_type": "client_credentials"})).json()
    auth, basic = world.anonymous("auth"), (spec.client_id, spec.secret)
    for path in ("/oauth2/introspect", "/oauth2/revoke"):
        for token in (tokens["access_token"], renewed["refresh_token"], machine["access_token"], "nonsense-7731"):
            await auth.post(path, data={"token": token}, auth=basic)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    await auth.post("/token/verify", content=machine["access_token"], headers=headers)
    await auth.get(f"/users/{account.username}/email", headers=headers)
    await auth.get("/externalusers", params={"email": str(account.email)}, headers=headers)
    await auth.post(
        "/oauth2/token", data={"grant_type": "client_credentials"}, auth=(spec.client_id, "wrong-secret-7731")
    )
    cookie = browser.http.cookies["auth-session"]
    await browser.get("/sign-out")
    return {
        "password": PASSWORD, "wrong password": WRONG, "form token": csrf, "first cookie": before, "cookie": cookie,
        "state": "the-state-7731", "nonce": "the-nonce-7731", "code": code, "verifier": "v" * 43,
        "access token": tokens["access_token"], "refresh token": tokens["refresh_token"],
        "id token": tokens["id_token"], "second refresh token": renewed["refresh_token"],
        "machine token": machine["access_token"], "id of a token": str(claims_of(machine["access_token"])["jti"]),
        "client secret": spec.secret, "wrong client secret": "wrong-secret-7731", "no token": "nonsense-7731",
        "user name": account.username, "e-mail address": str(account.email), "name": "Quillfeather",
    }  # fmt: skip


async def test_a_whole_journey_leaves_no_secret_and_no_person_in_the_log(world: World, log: io.StringIO) -> None:
    secrets = await journey(world)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["message"] for line in lines} >= {*NAMES, "request"}
    told = json.dumps(await world.events("auth.session.revoked"))
    written = f"{log.getvalue()}\n{metrics.render().decode()}\n{told}".lower()
    assert [what for what, secret in secrets.items() if secret.lower() in written] == []
    assert "[unlisted]" not in written
