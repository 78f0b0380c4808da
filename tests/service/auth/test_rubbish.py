"""Whatever is sent to the OAuth endpoints, the answer is a refusal in OAuth's words, never a defect."""

from __future__ import annotations

import base64
from itertools import count
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.service.auth.oauth import Browser, refused
from tests.world import World

AUTH = "http://throughcare.test/auth"
FORM = "application/x-www-form-urlencoded"
ERRORS = {
    "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
    "invalid_scope", "invalid_target", "access_denied",
}  # fmt: skip
NAMES = (
    "grant_type", "client_id", "client_secret", "scope", "resource", "username", "auth_source", "code",
    "redirect_uri", "code_verifier", "refresh_token", "token", "token_type_hint", "client_assertion",
)  # fmt: skip
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="client_id"; filename="f"\r\n\r\nabc\r\n--x--\r\n'
ASSERTION = (
    b"client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion="
    b"e30." + base64.urlsafe_b64encode(b'{"sub": "a\\u0000b"}').rstrip(b"=") + b".AA"
)
NUL = b"client_id=%00&client_secret=%00"

anything = st.one_of(
    st.sampled_from(["", "client_credentials", "authorization_code", "refresh_token", "password", "read", "\x00"]),
    st.text(max_size=20),
    st.text(st.characters(codec=None), max_size=5),
)
pairs = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=8)), anything), max_size=6)
kinds = st.sampled_from(
    [FORM, f"{FORM}; charset=nonsense", "application/json", "multipart/form-data", "multipart/form-data; boundary=x",
     "", ";", "\xff"]
)  # fmt: skip
headers = st.one_of(
    st.binary(max_size=20).map(lambda raw: b"Basic " + base64.b64encode(raw)),
    st.sampled_from([b"Basic", b"Basic a", b"Bearer x", b"", b"\xff", b"basic " + base64.b64encode(b"a\x00:b")]),
)
numbers = count(1)
bounded = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """A form, with what is no Unicode in it too."""
    return "&".join("=".join(quote(part, errors="surrogatepass") for part in field) for field in fields).encode()


bodies = st.one_of(pairs.map(encoded), st.binary(max_size=60))


@bounded
@given(
    path=st.sampled_from(["/oauth2/token", "/oauth/token", "/oauth2/introspect", "/oauth2/revoke"]),
    body=bodies,
    kind=kinds,
    basic=st.lists(headers, max_size=2),
)
@example(path="/oauth2/token", body=MULTIPART, kind="multipart/form-data; boundary=x", basic=[])
@example(path="/oauth2/token", body=MULTIPART, kind="multipart/form-data", basic=[])
@example(path="/oauth2/revoke", body=NUL, kind=FORM, basic=[])
@example(path="/oauth2/token", body=ASSERTION, kind=FORM, basic=[])
async def test_rubbish_from_nobody_is_refused_in_oauths_words(
    world: World, path: str, body: bytes, kind: str, basic: list[bytes]
) -> None:
    sent = [(b"content-type", kind.encode("latin-1")), *((b"authorization", one) for one in basic)]
    reply = await world.anonymous("auth").post(path, content=body, headers=sent)
    assert reply.status_code in {400, 401}
    refused(reply, reply.status_code, reply.json()["error"])
    assert reply.json()["error"] in ERRORS


@bounded
@given(fields=pairs, path=st.sampled_from(["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"]))
@example(fields=[("grant_type", "client_credentials"), ("username", "\x00")], path="/oauth2/token")
@example(fields=[("grant_type", "refresh_token"), ("refresh_token", "\x00")], path="/oauth2/token")
@example(fields=[("token", "\x00")], path="/oauth2/introspect")
async def test_rubbish_from_a_known_client_is_refused_in_oauths_words(
    world: World, path: str, fields: list[tuple[str, str]]
) -> None:
    spec = world.host.topology.clients["throughcare-ui"]
    basic = base64.b64encode(f"{spec.client_id}:{spec.secret}".encode()).decode()
    sent = {"Content-Type": FORM, "Authorization": f"Basic {basic}"}
    reply = await world.anonymous("auth").post(path, content=encoded(fields), headers=sent)
    if path == "/oauth2/revoke" and reply.status_code == 200:
        return
    assert reply.status_code in {400, 403}
    refused(reply, reply.status_code, reply.json()["error"])
    assert reply.json()["error"] in ERRORS


@bounded
@given(
    query=st.one_of(pairs.map(encoded), st.binary(max_size=40).map(lambda raw: quote(raw, safe="&=%+;").encode())),
    path=st.sampled_from(["/oauth2/authorize", "/oauth/authorize", "/sign-in", "/sign-out", "/logout"]),
)
@example(query=b"client_id=%00", path="/oauth2/authorize")
async def test_rubbish_in_an_address_gets_a_page_or_a_clear_error(world: World, path: str, query: bytes) -> None:
    reply = await world.anonymous("auth").get(f"{path}?{query.decode()}")
    assert reply.status_code in {200, 302, 400}
    if reply.status_code == 302:
        assert reply.headers["location"] == f"{AUTH}/sign-in"


@bounded
@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(
                ["response_type", "scope", "state", "resource", "nonce", "code_challenge", "code_challenge_method"]
            ),
            st.one_of(st.sampled_from(["code", "S256", "read", "auth", "x" * 43]), anything),
        ),
        max_size=8,
    )
)
async def test_rubbish_in_a_request_for_a_code_goes_back_to_the_client(
    world: World, fields: list[tuple[str, str]]
) -> None:
    client = world.host.topology.clients["throughcare-ui"]
    known = [("client_id", client.client_id), ("redirect_uri", client.redirect_uris[0])]
    reply = await world.anonymous("auth").get(f"/oauth2/authorize?{encoded([*known, *fields]).decode()}")
    if any("\x00" in value for _, value in fields):
        assert reply.status_code == 400
        return
    assert reply.status_code == 302
    assert reply.headers["location"].startswith((f"{client.redirect_uris[0]}?error=", f"{AUTH}/sign-in"))


@bounded
@given(fields=st.lists(st.tuples(st.sampled_from(["username", "password", "csrf_token"]), anything), max_size=4))
async def test_rubbish_in_the_sign_in_form_signs_nobody_in(world: World, fields: list[tuple[str, str]]) -> None:
    sent = {"Content-Type": FORM}
    reply = await world.anonymous("auth").post("/sign-in", content=encoded(fields), headers=sent)
    assert reply.status_code in {400, 403}
    browser = Browser(world, f"2001:db8:{next(numbers):x}::1")
    own = await browser.csrf()
    reply = await browser.http.post("/sign-in", content=encoded([*fields, ("csrf_token", own)]), headers=sent)
    assert reply.status_code in {400, 403}


@pytest.mark.parametrize(
    ("method", "path", "size", "status", "error"),
    [
        ("GET", "/oauth2/token", 0, 405, "invalid_request"),
        ("POST", "/oauth2/token", 1_100_000, 413, "invalid_request"),
        ("GET", "/users/me", 0, 401, "invalid_token"),
        ("GET", "/oauth2/userinfo", 0, 401, "invalid_token"),
        ("POST", "/token/verify", 0, 401, "invalid_token"),
    ],
)
async def test_what_is_refused_before_its_route_is_told_in_oauths_words_too(
    world: World, method: str, path: str, size: int, status: int, error: str
) -> None:
    reply = await world.anonymous("auth").request(method, path, content=b"x" * size)
    refused(reply, status, error)


async def test_who_may_not_is_told_in_oauths_words_too(world: World) -> None:
    client = await world.client("auth")
    refused(await client.request("DELETE", "/token?authJwtId=x"), 403, "access_denied")
    refused(await client.get("/users/NOBODY"), 404, "not_found")
