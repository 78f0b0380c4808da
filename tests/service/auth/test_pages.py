"""The pages follow the sign-in: who is out of one place is out of all, and who is at work stays in."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from tests.service.auth.oauth import PRACTITIONER
from tests.world import World, hidden_field
from throughcare.kit.auth.liveness import Liveness
from throughcare.kit.errors import Unavailable
from throughcare.seeding.accounts import PASSWORD

SESSION = "select id, last_seen_at from auth.auth_session order by created_at desc limit 1"
HOME = "/crs-homepage"


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser in which a practitioner has signed in to the pages."""
    transport = httpx2.ASGITransport(world.host.app)
    headers = {"Accept": "text/html"}
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://throughcare.test", headers=headers, follow_redirects=True
    ) as browser:
        page = await browser.get("/")
        form = {"username": PRACTITIONER, "password": PASSWORD, "csrf_token": hidden_field(page.text, "csrf_token")}
        page = await browser.post(str(page.url), data=form)
        assert (page.status_code, page.url.path) == (200, HOME)
        yield browser


@pytest.fixture
def later(world: World, monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets real time pass for what the pages remember of tokens."""
    return Later(world.host.runtimes["ui"].liveness, monkeypatch)


class Later:
    def __init__(self, liveness: Liveness, patch: pytest.MonkeyPatch) -> None:
        self._liveness, self._patch, self._passed = liveness, patch, 0.0

    def __call__(self, seconds: float) -> None:
        self._passed += seconds
        self._patch.setattr(self._liveness, "_monotonic", lambda: time.monotonic() + self._passed)

    def nobody_answers(self, patch: pytest.MonkeyPatch) -> None:
        async def ask(_token: str) -> bool:
            raise Unavailable

        patch.setattr(self._liveness, "_ask", ask)


async def test_whoever_is_signed_out_elsewhere_is_out_of_the_pages_in_half_a_minute(
    world: World, visitor: httpx2.AsyncClient, later: Later
) -> None:
    admin = await world.client("auth", roles=["ROLE_AUTH_TOKEN_VERIFICATION"])
    session = (await world.fetch(SESSION))[0]["id"]
    assert (await admin.delete(f"/token?authJwtId={session}")).status_code == 204
    later(31)
    page = await visitor.get("/")
    assert (page.status_code, page.url.path) == (200, "/auth/sign-in")
    assert hidden_field(page.text, "csrf_token")


async def test_whoever_is_at_work_in_the_pages_stays_signed_in(
    world: World, visitor: httpx2.AsyncClient, later: Later
) -> None:
    session = (await world.fetch(SESSION))[0]["id"]
    for _ in range(2):
        idle = "update auth.auth_session set last_seen_at = now() - interval '29 minutes' where id = $1 returning 1"
        assert await world.fetch(idle, session)
        later(31)
        assert (await visitor.get("/")).url.path == HOME
    recent = await world.fetch(
        "select now() - last_seen_at < '1 minute' as yes from auth.auth_session where id = $1", session
    )
    assert recent[0]["yes"]


@pytest.mark.parametrize("jump", [timedelta(days=3), timedelta(minutes=-10), timedelta(hours=-2), timedelta(days=-3)])
async def test_moving_business_time_signs_nobody_out_of_the_pages(
    world: World, visitor: httpx2.AsyncClient, jump: timedelta
) -> None:
    world.clock.advance(jump)
    page = await visitor.get("/")
    assert (page.status_code, page.url.path) == (200, HOME)
    assert "B. Beaks" in page.text
    assert "not available just now" not in page.text, "the token that the pages hold is good for other services"
    world.clock.advance(-jump)
    assert (await visitor.get("/")).url.path == HOME


async def test_while_sign_ins_cannot_be_checked_nobody_is_signed_out(visitor: httpx2.AsyncClient, later: Later) -> None:
    with pytest.MonkeyPatch.context() as patch:
        later.nobody_answers(patch)
        later(200)
        assert (await visitor.get("/")).url.path == HOME
        later(200)
        page = await visitor.get("/")
        assert page.status_code == 503
        assert "Sign-in checks unavailable" in page.text
        assert page.headers["retry-after"] == "30"
    page = await visitor.get("/")
    assert (page.status_code, page.url.path) == (200, HOME)
