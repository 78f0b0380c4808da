"""What holds for every page: safe headers, nothing inline, compressed, and a page for whatever goes wrong."""

from __future__ import annotations

import gzip
import re
from html import unescape

import html5lib
import pytest

from tests.service.ui.dead import address, bury
from tests.service.ui.visitor import PAGE, Visitor, browser, heading, words
from tests.world import World
from throughcare.kit.web.static import FOLDER, manifest
from throughcare.ui.console import views

PATHS = ("/", "/console", "/inbox", "/console/outbox/prison", "/sign-out/success", "/nowhere", "/auth/sign-in",
         "/auth/nowhere", "/auth/oauth2/authorize?client_id=x")  # fmt: skip
POLICY = {
    "default-src": "'none'", "style-src": "'self'", "script-src": "'self'", "img-src": "'self' data:",
    "connect-src": "'self'", "frame-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip


@pytest.fixture(scope="module")
async def letter(world: World) -> str:
    """The address of a dead letter."""
    return address(await bury(world))


async def test_every_page_forbids_what_it_does_not_use(operator: Visitor, letter: str) -> None:
    for path in (*PATHS, letter, f"{letter}/drop"):
        headers = (await operator.get(path)).headers
        rules = dict(one.strip().split(" ", 1) for one in headers["content-security-policy"].split(";"))
        assert rules == POLICY, path
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
        assert headers["cache-control"] == "no-store"
        assert headers["content-type"] == "text/html; charset=utf-8"


async def test_every_page_is_valid_html_with_one_heading_one_main_and_a_title_of_its_own(
    operator: Visitor, letter: str
) -> None:
    titles = []
    for path in (*PATHS, letter, f"{letter}/drop"):
        page = await operator.get(path)
        html5lib.HTMLParser(strict=True).parse(page.text)
        assert heading(page)
        assert page.text.count("<main") == 1
        titles += re.findall(r"<title>(.*) – throughcare</title>", page.text)
        assert titles[-1].removeprefix("Error: ") == heading(page)
    assert sorted(titles) == sorted([*set(titles), "Page not found"]), "two addresses lead nowhere"


async def test_no_page_holds_scripts_or_styles_or_asks_for_anything_elsewhere(operator: Visitor, letter: str) -> None:
    for path in (*PATHS, letter):
        page = await operator.get(path)
        assert re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page.text) is None, path
        assert all("src=" in one for one in re.findall(r"<script[^>]*>", page.text))
        loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.text)
        assert loaded
        assert all(one.startswith(("/static/", "/auth/static/", "data:")) for one in loaded), loaded


async def test_sign_in_may_lead_on_to_the_client_that_waits_and_nowhere_else(world: World, visitor: Visitor) -> None:
    page = await visitor.get("/console")
    assert "form-action 'self' http://throughcare.test;" in page.headers["content-security-policy"]


@pytest.mark.parametrize("offer", ["gzip, deflate, br", "br;q=1.0, gzip;q=0.5", "GZIP"])
async def test_a_page_is_compressed_for_whoever_takes_it_so(operator: Visitor, offer: str) -> None:
    async with operator.http.stream("GET", "/console", headers={"Accept-Encoding": offer}) as reply:
        body = b"".join([part async for part in reply.aiter_raw()])
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) == len(body)
    assert "Accept-Encoding" in reply.headers["vary"]
    whole = gzip.decompress(body)
    assert whole.startswith(b"<!doctype html>")
    assert len(body) < len(whole) / 3


@pytest.mark.parametrize("offer", ["identity", "br", "gzip;q=0", "gzip; q=0.0", ""])
async def test_a_page_is_left_as_it_is_for_whoever_does_not(operator: Visitor, offer: str) -> None:
    reply = await operator.http.get("/console", headers={"Accept-Encoding": offer})
    assert "content-encoding" not in reply.headers
    assert reply.text.startswith("<!doctype html>")


@pytest.mark.parametrize("root", ["", "/auth", "/interventions-service"])
async def test_assets_are_kept_for_ever_under_names_that_change_with_them(visitor: Visitor, root: str) -> None:
    for name in ("throughcare.css", "govuk-frontend.min.js", "throughcare.js", "licences.txt"):
        path = f"{root}/static/{manifest()[name]}"
        plain = await visitor.http.get(path, headers={"Accept-Encoding": "identity"})
        small = await visitor.http.get(path, headers={"Accept-Encoding": "gzip"})
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert plain.content == small.content == (FOLDER / manifest()[name]).read_bytes()
        assert "content-encoding" not in plain.headers
        if len(plain.content) > 1_000:
            assert small.headers["content-encoding"] == "gzip"
            assert int(small.headers["content-length"]) < len(plain.content) * 2 / 3
        assert small.headers["content-type"] == plain.headers["content-type"]
    for name in ("manifest.json", "..%2f..%2fpages.py", "throughcare.css", f"{manifest()['throughcare.css']}.gz"):
        assert (await visitor.http.get(f"{root}/static/{name}")).status_code in {401, 404}


async def test_a_page_with_its_styles_and_scripts_is_small(operator: Visitor) -> None:
    page = await operator.http.get("/console", headers={"Accept-Encoding": "gzip"})
    sizes = [int(page.headers["content-length"])]
    for name in ("throughcare.css", "throughcare.js", "govuk-frontend.min.js"):
        asset = await operator.http.get(f"/static/{manifest()[name]}", headers={"Accept-Encoding": "gzip"})
        sizes.append(int(asset.headers["content-length"]))
    assert sizes[0] < 10_000
    assert sum(sizes) < 60_000


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/inbox?to=%3Cscript%3Ealert(1)%3C/script%3E", 200, "Messages"),
        ("/inbox?to=" + "x" * 6_000, 200, "Messages"),
        ("/inbox?template=%F0%9F%92%A9&reference=%ff%fe", 200, "Messages"),
        ("/inbox?to=a&to=b&unknown=1", 200, "Messages"),
        ("/inbox?older=01a223a3-5f0c-7028-8566-94dbc35f50df", 200, "Messages"),
        ("/inbox?older=-1", 400, "Something in the request is wrong"),
        ("/inbox?to=a%00b", 400, "Something in the request is wrong"),
        ("/inbox/not-an-id", 404, "Page not found"),
        ("/inbox/01a223a3-5f0c-7028-8566-94dbc35f50df", 404, "Page not found"),
        ("/inbox/01a223a3-5f0c-7028-8566-94dbc35f50df/body", 404, "Page not found"),
        ("/probation-practitioner/referrals/1/details", 404, "Page not found"),
        ("/console/../console/x", 404, "Page not found"),
        ("/%00", 404, "Page not found"),
        ("/static/nothing.css", 404, "Page not found"),
    ],
)
async def test_rubbish_in_an_address_gets_a_clear_page(operator: Visitor, path: str, status: int, title: str) -> None:
    page = await operator.get(path)
    assert (page.status_code, heading(page)) == (status, title)
    assert "<script>alert" not in page.text
    html5lib.HTMLParser(strict=True).parse(page.text)
    if status == 404 and not path.startswith("/static"):
        assert "O. Ops" in words(page), "who is signed in stays so"


async def test_messages_are_read_page_by_page_and_one_by_one(world: World, operator: Visitor) -> None:
    await world.fetch("""
        insert into notify.notification (id, service_id, service, key_name, key_type, channel, template_id,
          template_key, template_version, recipient, recipient_normal, subject, body, personalisation, request,
          status, outcome, created_at)
        select gen_random_uuid(), gen_random_uuid(), 'sandbox', 'k', 'normal',
          case when n = 60 then 'sms' else 'email' end, gen_random_uuid(), 'welcome', 1,
          'Anna.Long_Name@example.test', 'anna.long_name@example.test',
          case when n < 60 then 'Message <' || n || '>' end, 'Hello **you** <b>', '{"name": ["<i>", 1]}', '{}',
          case when n = 59 then 'permanent-failure' else 'delivered' end, 'delivered', now() + n * interval '1 second'
        from generate_series(1, 60) as n
    """)
    first = await operator.get("/inbox?to=anna")
    assert first.text.count("<tr") == 51
    assert "Permanent failure" in first.text
    assert "Anna<wbr>.Long_<wbr>Name@<wbr>example<wbr>.test" in first.text
    [older] = re.findall(r'href="(/inbox\?[^"]*older=[^"]*)"', first.text)
    second = await operator.get(unescape(older))
    assert second.text.count("<tr") == 11
    assert "Message &lt;1&gt;" in second.text
    assert "Older messages" not in second.text
    links = re.findall(r'href="(/inbox/[0-9a-f-]{36})"', first.text)
    text, email = await operator.get(links[0]), await operator.get(links[1])
    assert (heading(text), heading(email)) == ("Text message", "Message <59>")
    assert "<iframe" not in text.text
    assert "&lt;i&gt;" in email.text
    body = await operator.http.get(f"{links[1]}/body")
    assert body.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "<b>" not in body.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in email.text
    assert "script" not in body.headers["content-security-policy"]


async def test_what_was_looked_for_stays_in_the_form(operator: Visitor) -> None:
    page = await operator.get("/inbox?to=%3Cb%3E&template=%20referral-sent%20")
    assert 'value="&lt;b&gt;"' in page.text
    assert 'value="referral-sent"' in page.text
    assert "No message matches." in words(page)
    assert 'href="/inbox">Show all messages' in page.text


@pytest.mark.parametrize("path", ["/console", "/inbox", "/"])
async def test_a_wrong_method_leads_nowhere(operator: Visitor, path: str) -> None:
    page = await operator.http.put(path, headers={"Authorization": "Bearer x"})
    assert (page.status_code, heading(page)) == (404, "Page not found")


async def test_a_form_that_is_too_large_or_cannot_be_read_is_refused(operator: Visitor, letter: str) -> None:
    form = await operator.get(f"{letter}/drop")
    large = await operator.send(form, f"{letter}/drop", {"reason": "x" * 1_100_000})
    assert (large.status_code, heading(large)) == (413, "What you sent is too large")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    for content in (b"--x\r\nnonsense", b"\x00"):
        reply = await operator.http.post(f"{letter}/drop", content=content, headers=broken)
        assert reply.status_code in {400, 403}
        assert heading(reply) in {"Something in the request is wrong", "Check and send again"}
    nul = await operator.send(form, f"{letter}/drop", {"reason": "a\x00b"})
    assert nul.status_code in {400, 403}


async def test_a_defect_is_a_page_with_a_reference_and_without_its_cause(
    operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def defect(_: object) -> None:
        raise RuntimeError("the secret cause")

    monkeypatch.setattr(views, "overview", defect)
    page = await operator.http.get("/console")
    assert (page.status_code, heading(page)) == (500, "Sorry, there is a problem with the service")
    assert "secret" not in page.text
    assert re.search(r"give the reference [0-9a-f]{32}", words(page))
    operator.http.headers["Accept"] = "*/*"
    try:
        document = (await operator.http.get("/console")).json()
    finally:
        operator.http.headers.update(PAGE)
    assert document["errorCode"] == "UNEXPECTED"


async def test_programs_that_send_a_token_need_no_cookie(world: World) -> None:
    machine = await world.client("ui", roles=["ROLE_CONSOLE__RO"])
    assert (await machine.get("/console/clock")).json()["settable"] is True
    stranger = browser(world)
    reply = await stranger.http.get("/console/clock", headers={"Authorization": "Bearer nonsense"})
    assert (reply.status_code, heading(reply)) == (401, "You cannot see this page")
