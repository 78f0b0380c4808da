"""Signing in as a browser would: authorise, sign-in page, code, token."""

from __future__ import annotations

import base64
import hashlib
import secrets

import httpx2

from tests.world import hidden_field, query_of
from throughcare.kit.topology import Topology


async def sign_in(auth: httpx2.AsyncClient, topology: Topology, username: str, password: str) -> str:
    """The access token of ``username`` for the pages' client. Raises AssertionError when a step is refused."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    digest = hashlib.sha256(verifier.encode()).digest()
    client = topology.clients["throughcare-ui"]
    request = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uris[0],
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    reply = await auth.get("/oauth2/authorize", params=request, follow_redirects=False)
    assert reply.status_code in {302, 303}, reply.text
    page = await auth.get(reply.headers["location"])
    form = {"username": username, "password": password, "csrf_token": hidden_field(page.text, "csrf_token")}
    reply = await auth.post(str(page.url), data=form, follow_redirects=False)
    assert reply.status_code in {302, 303}, f"sign-in answered {reply.status_code}"
    while not reply.headers["location"].startswith(client.redirect_uris[0]):
        reply = await auth.get(reply.headers["location"], follow_redirects=False)
        assert reply.status_code in {302, 303}, reply.text
    answer = query_of(reply.headers["location"])
    assert answer["state"] == state
    form = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": client.redirect_uris[0],
        "code_verifier": verifier,
    }
    reply = await auth.post("/oauth2/token", data=form, auth=(client.client_id, client.secret))
    assert reply.status_code == 200, reply.text
    return str(reply.json()["access_token"])
