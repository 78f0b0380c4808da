"""Signing in and out, and what lies between: visits, their cookies, their ends, and forms that come late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.service.ui.dead import address, bury
from tests.service.ui.visitor import Visitor, browser, heading, words
from tests.world import BASE_URL, World, hidden_field, query_of
from throughcare.seeding.accounts import OPERATORS, PRACTITIONERS

DROP = f"{address('1')}/drop"
TYPED = "It was sent twice by the old system"


@pytest.fixture(scope="module")
async def letter(world: World) -> str:
    """The address of a dead letter."""
    return address(await bury(world))


async def test_a_deep_link_leads_through_sign_in_to_where_it_points(visitor: Visitor) -> None:
    page = await visitor.sign_in(path="/inbox?to=anna%40example.test&template=x%26y")
    assert str(page.url) == f"{BASE_URL}/inbox?to=anna%40example.test&template=x%26y"
    assert heading(page) == "Messages"
    assert 'value="x&amp;y"' in page.text


@pytest.mark.parametrize(
    "wanted",
    ["//elsewhere.test", "/\\elsewhere.test", "https://elsewhere.test/", "javascript:alert(1)", "/sign-out", "",
     "/\t/elsewhere.test", "/a\r\nSet-Cookie: x=y", "/" + "x" * 3_000],
)  # fmt: skip
async def test_sign_in_leads_to_no_other_place_than_a_page_of_this_site(visitor: Visitor, wanted: str) -> None:
    form = await visitor.http.get("/sign-in", params={"return_to": wanted}, follow_redirects=True)
    page = await visitor.enter(form)
    assert str(page.url) == f"{BASE_URL}/"


async def test_the_cookie_of_a_visit_is_closed_to_scripts_and_to_other_sites(visitor: Visitor) -> None:
    await visitor.sign_in()
    [cookie] = [one for one in visitor.http.cookies.jar if one.name == "visit"]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    assert cookie.expires is None
    assert len(str(cookie.value)) >= 43


async def test_over_tls_cookies_are_bound_to_the_host_when_given_and_when_taken(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.host.topology, "base_url", "https://throughcare.test")
    given = (await visitor.http.get("https://throughcare.test/sign-in")).headers["set-cookie"]
    taken = (await visitor.http.get("https://throughcare.test/sign-out")).headers["set-cookie"]
    for cookie, name in ((given, "__Host-signing-in="), (taken, "__Host-visit=")):
        assert cookie.startswith(name)
        assert "; Secure" in cookie
        assert "Path=/;" in cookie
        assert "Domain" not in cookie


async def test_the_database_holds_neither_the_cookie_nor_a_readable_token(world: World, visitor: Visitor) -> None:
    await visitor.sign_in()
    rows = str(await world.fetch("select * from ui.visit"))
    assert visitor.http.cookies["visit"] not in rows
    assert "eyJhbGciOiJSUzI1NiI" not in rows


async def test_signing_in_again_ends_the_former_visit_and_changes_the_cookie(world: World, visitor: Visitor) -> None:
    await visitor.sign_in()
    first = visitor.http.cookies["visit"]
    form = await visitor.get("/auth/sign-in")
    await visitor.enter(form)
    await visitor.get("/sign-in")
    assert visitor.http.cookies["visit"] != first
    old = browser(world)
    old.http.cookies.set("visit", first)
    assert heading(await old.get("/console")) == "Sign in"


@pytest.mark.parametrize(
    "change",
    ["last_seen_at = last_seen_at - interval '121 minutes'", "created_at = created_at - interval '721 minutes'"],
)
async def test_a_visit_ends_when_nobody_used_it_for_two_hours_and_after_twelve(
    world: World, visitor: Visitor, change: str
) -> None:
    await visitor.sign_in()
    await world.fetch(f"update ui.visit set {change}")
    reply = await visitor.http.get("/inbox?to=x")
    assert reply.status_code == 303
    assert query_of(reply.headers["location"]) == {"return_to": "/inbox?to=x"}


async def test_tokens_are_renewed_without_anybody_noticing(world: World, visitor: Visitor) -> None:
    await visitor.sign_in()
    before = await world.fetch("select tokens from ui.visit order by created_at desc limit 1")
    world.clock.advance(timedelta(minutes=25))
    assert heading(await visitor.get("/console")) == "Console"
    assert await world.fetch("select tokens from ui.visit order by created_at desc limit 1") != before


async def test_signing_out_ends_the_visit_and_the_sign_in_behind_it(world: World, visitor: Visitor) -> None:
    await visitor.sign_in()
    cookie = visitor.http.cookies["visit"]
    answer = await visitor.http.post("/sign-out")
    assert answer.status_code == 303
    page = await visitor.get(answer.headers["location"])
    assert (str(page.url), heading(page)) == (f"{BASE_URL}/sign-out/success", "You have been signed out")
    assert "Olive" not in page.text
    again = await visitor.get("/sign-out")
    assert heading(again) == "You have been signed out"
    assert heading(await visitor.get("/")) == "Sign in", "the authorisation server has forgotten the browser too"
    thief = browser(world)
    thief.http.cookies.set("visit", cookie)
    assert heading(await thief.get("/console")) == "Sign in"


async def test_pages_are_not_kept_by_the_browser_so_that_going_back_shows_nothing(operator: Visitor) -> None:
    for path in ("/", "/console", "/inbox", "/nowhere"):
        assert (await operator.get(path)).headers["cache-control"] == "no-store"


async def test_a_code_that_another_browser_asked_for_signs_nobody_in(world: World, visitor: Visitor) -> None:
    begun = await visitor.http.get("/sign-in")
    state = query_of(begun.headers["location"])["state"]
    victim = browser(world)
    for query in (f"code=x&state={state}", "code=x&state=", "", "error=access_denied"):
        reply = await victim.get(f"/sign-in/callback?{query}")
        assert (reply.status_code, heading(reply)) == (403, "You were not signed in")
        assert 'href="/sign-in"' in reply.text
    assert "visit" not in victim.http.cookies


async def test_two_tabs_may_sign_in_one_after_the_other(visitor: Visitor) -> None:
    first = await visitor.http.get("/sign-in?return_to=/console")
    second = await visitor.http.get("/sign-in?return_to=/inbox")
    await visitor.enter(await visitor.get(second.headers["location"]))
    page = await visitor.get(first.headers["location"])
    assert (str(page.url), heading(page)) == (f"{BASE_URL}/console", "Console")


async def test_who_comes_by_another_name_of_the_host_is_taken_to_our_own_first(world: World) -> None:
    stranger = browser(world, "http://127.0.0.1:8080")
    reply = await stranger.http.get("/sign-in?return_to=/console")
    assert reply.headers["location"] == f"{BASE_URL}/sign-in?moved=true&return_to=/console"
    assert "set-cookie" not in reply.headers
    behind_a_proxy = await stranger.http.get("/sign-in?moved=true")
    assert behind_a_proxy.headers["location"].startswith(f"{BASE_URL}/auth/oauth2/authorize")


@pytest.mark.parametrize("token", [None, "", "wrong", "a.b", "é.\u2028", "theirs"])
async def test_a_form_that_this_visit_was_not_shown_changes_nothing_and_gives_back_what_was_typed(
    letter: str, visitor: Visitor, operator: Visitor, token: str | None
) -> None:
    page = f"{letter}/drop"
    given = {} if token is None else {"csrf_token": token}
    if token == "theirs":
        await visitor.sign_in()
        given = {"csrf_token": hidden_field((await visitor.get(page)).text, "csrf_token")}
    reply = await operator.http.post(page, data={**given, "reason": TYPED}, headers={"Origin": BASE_URL})
    assert (reply.status_code, heading(reply)) == (403, "Check and send again")
    assert TYPED in words(reply)
    assert f'href="{page}"' in reply.text
    assert heading(await operator.get(page)) == "Drop this message"


async def test_every_page_has_another_token_and_each_is_good(world: World, operator: Visitor) -> None:
    page = address(await bury(world))
    first, second = await operator.get(page), await operator.get(page)
    assert hidden_field(first.text, "csrf_token") != hidden_field(second.text, "csrf_token")
    assert (await operator.send(first, f"{page}/drop", {"reason": "no"})).status_code == 400
    assert (await operator.send(second, f"{page}/drop", {"reason": TYPED})).status_code == 303


async def test_a_form_sent_after_the_visit_ended_gives_back_what_was_typed_and_the_way_back(visitor: Visitor) -> None:
    reply = await visitor.http.post(DROP, data={"reason": TYPED}, headers={"Origin": BASE_URL})
    assert (reply.status_code, heading(reply)) == (401, "You were signed out")
    assert TYPED in words(reply)
    assert f'href="/sign-in?return_to={DROP}"' in reply.text


async def test_a_form_that_cannot_be_read_is_refused_also_when_nobody_is_signed_in(visitor: Visitor) -> None:
    headers = {"Origin": BASE_URL, "Content-Type": "multipart/form-data"}
    for content, status in ((b"--x", 400), (b"\x00", 400), (b"x" * 1_100_000, 413)):
        reply = await visitor.http.post(DROP, content=content, headers=headers)
        assert reply.status_code == status
        assert heading(reply) in {"Something in the request is wrong", "What you sent is too large"}


async def test_what_another_site_sends_is_not_shown(visitor: Visitor) -> None:
    for origin in ({"Origin": "http://elsewhere.test"}, {}):
        reply = await visitor.http.post(DROP, data={"reason": "Ring 0900 123456"}, headers=origin)
        assert reply.status_code == 401
        assert "0900" not in reply.text


async def test_a_practitioner_is_told_that_the_console_is_not_for_them(visitor: Visitor) -> None:
    await visitor.sign_in(PRACTITIONERS[0].username)
    for path in ("/console", "/inbox", DROP):
        reply = await visitor.get(path)
        assert (reply.status_code, heading(reply)) == (403, "You do not have permission to view this page")
        assert "B. Beaks" in words(reply)
    page = await visitor.get("/")
    assert "/console" not in page.text


async def test_programs_get_documents_where_browsers_get_pages(world: World, visitor: Visitor) -> None:
    nobody = world.anonymous("ui")
    reply = await nobody.get("/console")
    assert (reply.status_code, reply.json()["errorCode"]) == (401, "SIGN_IN_NEEDED")
    assert (await nobody.get("/nowhere")).json()["status"] == 404
    machine = await world.client("ui", roles=["ROLE_OTHER"])
    assert (await machine.get("/console/clock")).json()["errorCode"] == "ROLE_MISSING"
    await visitor.sign_in(OPERATORS[0].username)
    visitor.http.headers["Accept"] = "application/json"
    reply = await visitor.http.put("/console/clock", json={"frozen": True})
    assert (reply.status_code, reply.json()["errorCode"]) == (403, "STALE_FORM")
    assert world.clock.frozen_at is None
