"""Forms as somebody sends them who means harm: oversized, with hostile text, out of date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import httpx2

from tests.pages.crawl import Crawler, Form, read

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "empty": "",
    "script": SCRIPT,
    "attribute": "\"'><img src=x onerror=alert(1)>",
    "right to left": "\u202egnp.exe\u2066 \u05d0\u05d1",
    "emoji": "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20,
    "oversized": "x" * 20_000,
    "template": "{{ 7 * 7 }}${7*7}%s%(x)s",
    "statement": "'; drop table referral; --",
}
LEFT_ALONE = ("/typed/", "/sign-out", "/session/")
ELSEWHERE = "https://elsewhere.example"
"""Who is not signed in has no token: their form is known by the site that it stands on."""

ALL_AT_ONCE = {"empty": "", "hostile": "".join(HOSTILE.values())[:3_000], "oversized": HOSTILE["oversized"]}

Wrong: TypeAlias = tuple[str, str, object]


def fields(form: Form, value: str) -> dict[str, str]:
    """The same text in every field."""
    return dict.fromkeys(form.asked, value)


async def forms_of(person: Crawler, path: str) -> list[Form]:
    """The forms of a page that ask for something."""
    page = await person.http.get(path, headers={"Accept": "text/html"})
    asking = [one for one in read(page).forms if one.method == "post" and one.asked]
    return [form for form in asking if not any(one in form.action for one in LEFT_ALONE)]


async def answered_wrong(person: Crawler, path: str, form: Form, hostile: Mapping[str, str]) -> list[Wrong]:
    """What a form is sent that it does not answer as it must: hostile texts, out of date, and a null byte."""
    wrong: list[Wrong] = []
    for kind, value in hostile.items():
        answer = await person.send(form, fields(form, value))
        if answer.status_code >= 500 or answer.status_code in {401, 404, 405}:
            wrong.append((path, kind, answer.status_code))
        if SCRIPT in answer.text or "<img src=x" in answer.text or ">49<" in answer.text:
            wrong.append((path, kind, "given back unescaped"))
    elsewhere = "" if form.hidden.get("csrf_token") else ELSEWHERE
    stale = await person.send(form, {**fields(form, "words"), "csrf_token": "of-another-time"}, origin=elsewhere)
    if stale.status_code not in {303, 403}:
        wrong.append((path, "stale", stale.status_code))
    poison = await person.http.post(
        form.action, content=b"csrf_token=x&a=%00", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    if poison.status_code not in {303, 400, 403}:
        wrong.append((path, "null byte", poison.status_code))
    return wrong


async def broken_forms(site: str, pages: Iterable[tuple[str, Mapping[str, str]]]) -> list[Wrong]:
    """What the forms of these pages, each with the cookies of whoever saw it, do not answer as they must."""
    wrong = []
    for url, cookies in pages:
        async with httpx2.AsyncClient(cookies=dict(cookies), timeout=60, trust_env=False) as http:
            person = Crawler(http, site)
            for form in await forms_of(person, url):
                wrong += await answered_wrong(person, url, form, ALL_AT_ONCE)
    return wrong
