from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

import argon2
import pytest

from tests.conftest import SECRETS
from tests.service.auth.oauth import (
    CALLBACK,
    PRACTITIONER,
    Browser,
    is_active,
    new_account,
    pages_client,
)
from tests.tokens import claims_of
from tests.world import World, hidden_field, hosted
from throughcare import catalogue
from throughcare.kit.db.database import counting_statements
from throughcare.seeding.accounts import PASSWORD

REFUSED = "Enter the correct username and password"


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords were really compared with."""
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def watched(hasher: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watched)
    return seen


async def state(world: World, username: str) -> Mapping[str, Any]:
    return (await world.fetch("select * from auth.users where username = $1", username))[0]


async def wrong(world: World, username: str, times: int) -> None:
    browser = Browser(world)
    for _ in range(times):
        assert (await browser.sign_in(username, "wrong")).status_code == 400


async def no_more_delay(world: World, username: str) -> None:
    await world.fetch("update auth.users set retry_after = now() where username = $1", username)


async def test_the_page_has_a_form_and_a_cookie_that_scripts_cannot_read(world: World) -> None:
    reply = await Browser(world).get("/sign-in")
    assert reply.status_code == 200
    assert "<title>Sign in" in reply.text
    assert hidden_field(reply.text, "csrf_token")
    cookie = reply.headers["set-cookie"]
    assert cookie.startswith("auth-session=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Secure" not in cookie
    assert reply.headers["cache-control"] == "no-store"


async def test_over_https_the_cookie_is_bound_to_the_host(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.host.topology, "base_url", "https://throughcare.test")
    cookie = (await Browser(world).get("/sign-in")).headers["set-cookie"]
    assert cookie.startswith("__Host-auth-session=")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie


async def test_without_a_waiting_request_sign_in_leads_home(world: World) -> None:
    reply = await Browser(world).sign_in(PRACTITIONER)
    assert (reply.status_code, reply.headers["location"]) == (303, f"{world.host.topology.public_url('ui')}/")


async def test_people_may_use_their_verified_email_address_and_stray_spaces(world: World) -> None:
    account = await new_account(world)
    assert (await Browser(world).sign_in(f"  {account.email} ")).status_code == 303
    assert (await Browser(world).sign_in(f" {account.username.lower()}")).status_code == 303
    unverified = await new_account(world, verified=False)
    assert (await Browser(world).sign_in(str(unverified.email))).status_code == 400


@pytest.mark.parametrize("case", ["unknown", "wrong password", "disabled", "no password", "locked", "hash"])
async def test_every_refusal_reads_the_same(world: World, case: str, comparisons: list[str]) -> None:
    facts: dict[str, dict[str, object]] = {
        "disabled": {"enabled": False},
        "no password": {"password": None},
        "hash": {"password": "not a hash"},
    }
    account = await new_account(world, **facts.get(case, {}))
    username = "NOBODY" if case == "unknown" else account.username
    password = "wrong" if case == "wrong password" else PASSWORD
    if case == "locked":
        locked = "update auth.users set locked_until = now() + interval '1 minute' where username = $1"
        await world.fetch(locked, username)
    reply = await Browser(world).sign_in(username, password)
    assert reply.status_code == 400
    assert reply.text.count(REFUSED) == 2
    assert "<title>Error: Sign in" in reply.text
    assert password not in reply.text
    assert len(comparisons) == 1, "a password is compared whether there is an account or not"
    shown = re.sub(r'value="[^"]*"', "", reply.text)
    usual = re.sub(r'value="[^"]*"', "", (await Browser(world).sign_in("NOBODY", "wrong")).text)
    assert shown == usual


async def test_an_unknown_name_asks_the_database_what_a_wrong_password_asks(world: World) -> None:
    account = await new_account(world)
    asked = []
    for username in ("NOBODY", account.username):
        browser = Browser(world)
        form = {"username": username, "password": "wrong", "csrf_token": await browser.csrf()}
        with counting_statements() as statements:
            assert (await browser.http.post("/sign-in", data=form)).status_code == 400
        asked.append(list(statements))
    assert asked[0] == asked[1]
    assert len(asked[0]) >= 5


async def test_missing_fields_are_named_and_nothing_is_compared(world: World, comparisons: list[str]) -> None:
    reply = await Browser(world).sign_in(" ", "")
    assert reply.status_code == 400
    assert "Enter your username" in reply.text
    assert "Enter your password" in reply.text
    assert not comparisons
    reply = await Browser(world).sign_in("SOMEBODY<script>", "")
    assert "Enter your password" in reply.text
    assert 'value="SOMEBODY&lt;script&gt;"' in reply.text


@pytest.mark.parametrize("csrf", ["", "wrong", None])
async def test_a_form_that_we_did_not_show_is_refused(world: World, csrf: str | None) -> None:
    browser = Browser(world)
    form = {"username": PRACTITIONER, "password": PASSWORD} | ({} if csrf is None else {"csrf_token": csrf})
    await browser.get("/sign-in")
    reply = await browser.http.post("/sign-in", data=form)
    assert reply.status_code == 403
    assert hidden_field(reply.text, "csrf_token")


async def test_a_form_token_is_good_in_its_own_browser_alone(world: World) -> None:
    theirs = await Browser(world).csrf()
    victim = Browser(world)
    assert (await victim.sign_in(PRACTITIONER, csrf_token=theirs)).status_code == 403
    stranger = world.anonymous("auth")
    form = {"username": PRACTITIONER, "password": PASSWORD, "csrf_token": theirs}
    assert (await stranger.post("/sign-in", data=form)).status_code == 403


async def test_a_form_that_was_open_for_too_long_is_shown_again(world: World) -> None:
    browser = Browser(world)
    token = await browser.csrf()
    await world.fetch("update auth.browser_session set created_at = created_at - interval '61 minutes'")
    form = {"username": PRACTITIONER, "password": PASSWORD, "csrf_token": token}
    reply = await browser.http.post("/sign-in", data=form)
    assert reply.status_code == 403
    form["csrf_token"] = hidden_field(reply.text, "csrf_token")
    assert (await browser.http.post("/sign-in", data=form)).status_code == 303


async def test_the_session_id_changes_at_sign_in(world: World) -> None:
    browser = Browser(world)
    await browser.get("/sign-in")
    before = browser.http.cookies["auth-session"]
    await browser.sign_in(PRACTITIONER)
    after = browser.http.cookies["auth-session"]
    assert before != after
    planted = Browser(world)
    planted.http.cookies.set("auth-session", before)
    reply = await planted.authorize(await pages_client(world))
    assert reply.headers["location"].endswith("/sign-in")


async def test_a_new_sign_in_ends_the_former_one_of_that_browser(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    first = (await browser.tokens(spec))["access_token"]
    elsewhere = (await Browser(world).tokens(spec))["access_token"]
    await browser.sign_in(PRACTITIONER)
    assert not await is_active(world, first)
    assert await is_active(world, elsewhere)
    told = (await world.events("auth.session.revoked"))[-1]["additionalInformation"]
    assert told["sessionId"] == claims_of(first)["jwt_id"]
    assert told["reason"] == "new sign-in"
    assert set(told) == {"sessionId", "reason", "notBefore"}


async def test_only_a_hash_of_the_cookie_is_stored(world: World) -> None:
    browser = Browser(world)
    await browser.sign_in(PRACTITIONER)
    cookie = browser.http.cookies["auth-session"]
    assert len(cookie) >= 43
    assert cookie not in str(await world.fetch("select * from auth.browser_session"))


async def test_success_clears_the_count_and_is_remembered(world: World) -> None:
    account = await new_account(world)
    await wrong(world, account.username, 3)
    assert (await state(world, account.username))["failures"] == 3
    assert (await Browser(world).sign_in(account.username)).status_code == 303
    assert (await state(world, account.username))["failures"] == 0
    assert abs(((await state(world, account.username))["last_logged_in"] - world.clock.now()).total_seconds()) < 60


async def test_after_the_fifth_failure_even_the_right_password_waits(world: World) -> None:
    account = await new_account(world)
    await wrong(world, account.username, 4)
    assert (await state(world, account.username))["retry_after"] is None
    await wrong(world, account.username, 1)
    assert (await state(world, account.username))["retry_after"] is not None
    later = "update auth.users set retry_after = retry_after + interval '1 minute' where username = $1"
    await world.fetch(later, account.username)
    assert (await Browser(world).sign_in(account.username)).status_code == 400
    assert (await state(world, account.username))["failures"] == 5, "the right password is no failure"
    await no_more_delay(world, account.username)
    assert (await Browser(world).sign_in(account.username)).status_code == 303


async def test_the_tenth_failure_locks_for_half_an_hour(world: World) -> None:
    account = await new_account(world)
    await wrong(world, account.username, 9)
    await no_more_delay(world, account.username)
    await wrong(world, account.username, 1)
    rows = await world.fetch(
        "select extract(epoch from locked_until - now()) as s from auth.users where username = $1",
        account.username,
    )
    assert 1790 < rows[0]["s"] <= 1800
    assert (await Browser(world).sign_in(account.username)).status_code == 400
    await world.fetch("update auth.users set locked_until = now() where username = $1", account.username)
    assert (await Browser(world).sign_in(account.username)).status_code == 303


async def test_guessing_in_parallel_locks_no_later(world: World) -> None:
    account = await new_account(world)
    browsers = [Browser(world) for _ in range(10)]
    await asyncio.gather(*(browser.sign_in(account.username, "wrong") for browser in browsers))
    rows = await world.fetch("select locked_until from auth.users where username = $1", account.username)
    assert rows[0]["locked_until"] is not None
    assert (await Browser(world).sign_in(account.username)).status_code == 400


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Callable[[World], None]:
    """Lets an address fail three times, and its network twenty times."""

    def make(world: World) -> None:
        settings = world.host.runtimes["auth"].settings
        monkeypatch.setattr(settings, "attempts_per_address", 3)
        monkeypatch.setattr(settings, "attempts_per_network", 20)

    return make


async def test_too_many_failures_from_one_address_are_stopped_there_alone(
    world: World, strict: Callable[[World], None]
) -> None:
    strict(world)
    browser = Browser(world, "203.0.113.9")
    account = await new_account(world)
    for number in range(3):
        assert (await browser.sign_in(f"GUESS{number}", "wrong")).status_code == 400
    reply = await browser.sign_in(account.username)
    assert reply.status_code == 429
    assert reply.headers["retry-after"] == "300"
    assert "too many attempts" in reply.text
    assert (await Browser(world, "203.0.113.10").sign_in(account.username)).status_code == 303
    await world.fetch("update auth.sign_in_count set window_start = window_start - interval '5 minutes'")
    assert (await browser.sign_in(account.username)).status_code == 303


async def test_too_many_failures_from_one_network_are_stopped_at_all_of_its_addresses(
    world: World, strict: Callable[[World], None]
) -> None:
    strict(world)
    account = await new_account(world)
    for number in range(20):
        assert (await Browser(world, f"192.0.2.{number}").sign_in("NOBODY", "wrong")).status_code == 400
    assert (await Browser(world, "192.0.2.99").sign_in(account.username)).status_code == 429
    assert (await Browser(world, "192.0.3.99").sign_in(account.username)).status_code == 303


async def test_two_processes_count_together(world: World, strict: Callable[[World], None]) -> None:
    strict(world)
    account = await new_account(world)
    async with hosted(world.owner_dsn, [catalogue.service("auth")], secrets=SECRETS) as other:
        strict(other)
        here, there = Browser(world, "203.0.113.200"), Browser(other, "203.0.113.200")
        for number in range(3):
            process = here if number % 2 else there
            assert (await process.sign_in(f"GUESS{number}", "wrong")).status_code == 400
        assert (await here.sign_in(account.username)).status_code == 429
        assert (await there.sign_in(account.username)).status_code == 429
        for hosting in (world, other):
            assert (await Browser(hosting, "203.0.112.1").sign_in(account.username, "wrong")).status_code == 400
        assert (await state(world, account.username))["failures"] == 2


async def test_a_caller_is_where_a_configured_proxy_says_and_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await new_account(world)
    settings = world.host.runtimes["auth"].settings
    monkeypatch.setattr(settings, "trusted_proxies", (ip_network("10.9.0.0/16"),))
    limit = "update auth.sign_in_count set attempts = 60 where bucket = $1"
    blocked = {"X-Forwarded-For": "203.0.113.99, 203.0.113.50"}

    async def attempt(address: str, headers: dict[str, str]) -> int:
        browser = Browser(world, address)
        form = {"username": account.username, "password": PASSWORD, "csrf_token": await browser.csrf()}
        return (await browser.http.post("/sign-in", data=form, headers=headers)).status_code

    await Browser(world, "203.0.113.50").sign_in("NOBODY", "wrong")
    await world.fetch(limit, world.host.topology.secrets.derive("auth:sign-ins:203.0.113.50"))
    assert await attempt("10.9.0.1", blocked) == 429
    assert await attempt("::ffff:10.9.0.1", blocked) == 429
    assert await attempt("10.9.0.1", {"X-Forwarded-For": "203.0.113.50, 203.0.113.51"}) == 303
    assert await attempt("10.8.0.1", blocked) == 303


async def test_successes_do_not_count_towards_the_limit(world: World, strict: Callable[[World], None]) -> None:
    strict(world)
    account = await new_account(world)
    browser = Browser(world, "198.51.100.4")
    for _ in range(5):
        assert (await browser.sign_in(account.username)).status_code == 303


async def test_people_at_one_address_sign_in_at_the_same_time(world: World) -> None:
    account = await new_account(world)
    derive = world.host.topology.secrets.derive
    crossing = next(
        address
        for address in (f"198.51.100.{number}" for number in range(100, 200))
        if derive(f"auth:sign-ins:{address}") > derive("auth:sign-ins-of:198.51.100.0/24")
    )
    browsers = [Browser(world, crossing) for _ in range(24)]
    replies = await asyncio.gather(*(browser.sign_in(account.username) for browser in browsers))
    assert [reply.status_code for reply in replies] == [303] * len(browsers)


async def test_counts_hold_no_address(world: World) -> None:
    await Browser(world, "198.51.100.77").sign_in("NOBODY", "wrong")
    assert "198.51.100" not in str(await world.fetch("select bucket from auth.sign_in_count"))


async def test_a_hash_made_at_another_cost_is_renewed_at_sign_in(world: World) -> None:
    cheap = argon2.PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(PASSWORD)
    account = await new_account(world, password=cheap)
    assert (await Browser(world).sign_in(account.username)).status_code == 303
    rows = await world.fetch("select password from auth.users where username = $1", account.username)
    assert "m=64,t=1,p=1" in rows[0]["password"]


async def test_a_name_in_two_sources_is_told_apart_by_the_password(world: World) -> None:
    first = await new_account(world)
    other = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("another password")
    await new_account(world, username=first.username, source="nomis", source_id="77", password=other)
    spec, browser = await pages_client(world), Browser(world)
    await browser.sign_in(first.username, "another password")
    assert claims_of((await browser.tokens(spec))["access_token"])["auth_source"] == "nomis"


async def test_sign_in_leads_to_the_waiting_request_and_nowhere_else(world: World) -> None:
    spec, browser = await pages_client(world), Browser(world)
    await browser.authorize(spec)
    page = await browser.get("/sign-in", params={"redirect_uri": "http://elsewhere.test", "next": "//elsewhere.test"})
    form = {"username": PRACTITIONER, "password": PASSWORD, "csrf_token": hidden_field(page.text, "csrf_token")}
    reply = await browser.http.post("/sign-in?next=//elsewhere.test", data=form)
    assert reply.headers["location"].startswith("http://throughcare.test/auth/oauth2/authorize?")
    reply = await browser.get(reply.headers["location"])
    assert reply.headers["location"].startswith(CALLBACK)
