from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from throughcare.kit.auth.liveness import Liveness, LivenessUnknown, asking, stale_served_total
from throughcare.kit.errors import Unavailable


class Server:
    """An authorisation server that says what a test wants, and real time that the test moves."""

    def __init__(self) -> None:
        self.active, self.down, self.asked, self.seconds = True, False, 0, 0.0

    async def ask(self, _token: str) -> bool:
        self.asked += 1
        if self.down:
            raise Unavailable
        return self.active

    def liveness(self, cache_size: int = 4096) -> Liveness:
        return Liveness(self.ask, monotonic=lambda: self.seconds, cache_size=cache_size)


async def test_a_live_token_is_asked_about_once_in_half_a_minute() -> None:
    server = Server()
    liveness = server.liveness()
    for moment, asked in ((0, 1), (0, 1), (29.9, 1), (30, 2), (59, 2), (60, 3)):
        server.seconds = moment
        assert await liveness.alive("token", reading=True)
        assert server.asked == asked, moment


async def test_a_dead_token_is_asked_about_every_time() -> None:
    server = Server()
    liveness = server.liveness()
    assert await liveness.alive("token", reading=True)
    server.active, server.seconds = False, 30
    for asked in (2, 3):
        assert not await liveness.alive("token", reading=True)
        assert server.asked == asked
    server.down = True
    with pytest.raises(LivenessUnknown):
        await liveness.alive("token", reading=True)


async def test_one_token_says_nothing_of_another() -> None:
    server = Server()
    liveness = server.liveness()
    await liveness.alive("one", reading=True)
    server.active = False
    assert not await liveness.alive("other", reading=True)
    assert await liveness.alive("one", reading=True)


async def test_while_nobody_answers_a_page_may_be_read_for_five_minutes() -> None:
    server = Server()
    liveness = server.liveness()
    assert await liveness.alive("token", reading=True)
    server.down = True
    before = stale_served_total._value.get()
    for moment in (30, 120, 300):
        server.seconds = moment
        assert await liveness.alive("token", reading=True)
    assert stale_served_total._value.get() == before + 3
    server.seconds = 300.1
    with pytest.raises(LivenessUnknown) as unknown:
        await liveness.alive("token", reading=True)
    assert (unknown.value.status, unknown.value.headers["Retry-After"]) == (503, "30")
    server.down = False
    assert await liveness.alive("token", reading=True)


async def test_while_nobody_answers_nothing_is_changed() -> None:
    server = Server()
    liveness = server.liveness()
    assert await liveness.alive("token", reading=False)
    server.down, server.seconds = True, 29
    assert await liveness.alive("token", reading=False)
    server.seconds = 30
    with pytest.raises(LivenessUnknown):
        await liveness.alive("token", reading=False)


async def test_an_unknown_token_waits_for_an_answer() -> None:
    server = Server()
    server.down = True
    with pytest.raises(LivenessUnknown):
        await server.liveness().alive("token", reading=True)


async def test_only_so_many_answers_are_kept() -> None:
    server = Server()
    liveness = server.liveness(cache_size=2)
    for token in ("one", "two", "three", "three", "two"):
        assert await liveness.alive(token, reading=True)
    assert server.asked == 3
    assert await liveness.alive("one", reading=True)
    assert server.asked == 4


class Answering:
    """The door of an authorisation server that answers as told."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers, self.shown = list(answers), []  # type: ignore[var-annotated]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.shown.append((request.method, request.url.path, request.headers["authorization"], await request.body()))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        await answer(scope, receive, send)

    async def ask(self) -> bool:
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(self), base_url="http://auth.test")
        async with client:
            return await asking(lambda: client)("the-token")


async def test_a_token_is_shown_as_the_callers_own_and_nowhere_else() -> None:
    server = Answering(JSONResponse({"active": True}))
    assert await server.ask()
    assert server.shown == [("POST", "/token/verify", "Bearer the-token", b"")]


async def test_a_token_that_is_inactive_or_refused_is_not_alive() -> None:
    assert not await Answering(JSONResponse({"active": False})).ask()
    assert not await Answering(JSONResponse({"error": "invalid_token"}, 401)).ask()


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({"active": "true"}),
        JSONResponse({"active": 1}),
        JSONResponse({}),
        JSONResponse([]),
        Response("up"),
        JSONResponse({"active": True}, 500),
        JSONResponse({"active": True}, 403),
        Response(status_code=503),
        httpx2.ReadError("broken"),
    ],
)
async def test_what_is_no_answer_is_none(answer: Response | Exception) -> None:
    server = Answering(answer)
    with pytest.raises(Unavailable):
        await server.ask()
    assert len(server.shown) == 1


async def test_a_connection_that_failed_is_tried_once_more() -> None:
    assert await Answering(httpx2.ConnectError("refused"), JSONResponse({"active": True})).ask()
    server = Answering(httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow"), JSONResponse({"active": True}))
    with pytest.raises(Unavailable):
        await server.ask()
    assert len(server.shown) == 2


async def test_nobody_waits_longer_than_a_second_and_a_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("throughcare.kit.auth.liveness.TOTAL_SECONDS", 0.01)

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(never), base_url="http://auth.test")
    with pytest.raises(Unavailable):
        await asking(lambda: client)("the-token")
    await client.aclose()
