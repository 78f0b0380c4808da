"""Signing in as a demonstration account does: the code flow with PKCE, through the sign-in page."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx2

from throughcare.seeding.accounts import PASSWORD

PAGES = "throughcare-ui"


class SignInFailed(Exception):
    """The authorisation server did not let somebody in; says how it answered."""


async def sign_in(browser: httpx2.AsyncClient, username: str, *, secret: str, redirect_uri: str) -> str:
    """The access token of ``username`` for the pages, whose client secret and callback are given.

    ``browser`` is rooted at the authorisation server and keeps its cookies. Raises SignInFailed.
    """
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code", "client_id": PAGES, "redirect_uri": redirect_uri, "state": "demo-state",
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    reply = await _follow(browser, await browser.get("/oauth2/authorize", params=query), redirect_uri)
    hidden = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', reply.text)
    if hidden is None:
        raise SignInFailed(f"the sign-in page answered {reply.status_code} without a form")
    filled = {"username": username, "password": PASSWORD, "csrf_token": hidden[1]}
    reply = await _follow(browser, await browser.post(str(reply.url), data=filled), redirect_uri)
    code = parse_qs(urlsplit(reply.headers.get("location", "")).query).get("code")
    if code is None:
        raise SignInFailed(f"{username} could not sign in ({reply.status_code})")
    form = {
        "grant_type": "authorization_code", "code": code[0], "redirect_uri": redirect_uri, "code_verifier": verifier,
    }  # fmt: skip
    reply = await browser.post("/oauth2/token", data=form, auth=(PAGES, secret))
    if reply.status_code != 200:
        raise SignInFailed(f"no token for {username}: {reply.status_code} {reply.text[:200]}")
    return str(reply.json()["access_token"])


async def _follow(browser: httpx2.AsyncClient, reply: httpx2.Response, redirect_uri: str) -> httpx2.Response:
    """Follow redirects inside the authorisation server; stop at the one that leads back to the pages."""
    while reply.is_redirect:
        location = reply.headers["location"]
        if location.startswith(redirect_uri):
            return reply
        inside = urlsplit(location)._replace(scheme=browser.base_url.scheme, netloc=browser.base_url.netloc.decode())
        reply = await browser.get(inside.geturl())
    return reply
