"""The client of other services, over both transports, against peers that answer, fail, hang and refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter

import httpx2
import pytest
import stamina
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.conftest import SECRETS
from tests.service.notify.conftest import on_tcp
from throughcare.kit.auth.principal import Principal
from throughcare.kit.clock import Clock
from throughcare.kit.errors import BadRequest
from throughcare.kit.http.breaker import Breaker
from throughcare.kit.http.gateway import Gateway
from throughcare.kit.http.peer import Peer, PeerRefused, PeerUnavailable
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.traces import add_span_exporter, server_span
from throughcare.kit.topology import Topology


class Kettle(BaseModel):
    """What the caller reads of a kettle."""

    litres: float


class KettlePeer(Peer, service="kettles", timeout=2.0):
    """The service under the calls."""


class HastyPeer(Peer, service="kettles", timeout=0.2):
    """The same for a caller that waits no longer than a fifth of a second."""


@dataclass
class Script:
    """An application that answers as it was told, the last answer for ever, and keeps what it was asked."""

    answers: list[Response | str] = field(default_factory=lambda: [JSONResponse({"litres": 1.5})])
    asked: list[Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    hung: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(request)
        self.bodies.append(await request.body())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, str):
            self.hung.set()
            await _gone(receive)
        else:
            await answer(scope, receive, send)

    def header(self, name: str) -> list[str | None]:
        return [one.headers.get(name) for one in self.asked]


async def _gone(receive: Receive) -> None:
    """Returns when the caller has hung up; in process, never: there the caller's time-out cancels the call."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Tokens(Script):
    """An authorisation server that grants a numbered token each time."""

    lasts = 3600

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.answers:
            granted = {"access_token": f"token-{len(self.asked) + 1}", "expires_in": self.lasts}
            self.answers = [JSONResponse(granted)]
            await super().__call__(scope, receive, send)
            self.answers = []
        else:
            await super().__call__(scope, receive, send)


@dataclass
class Pair:
    """A caller's gateway, its peer and its authorisation server."""

    gateway: Gateway
    kettles: Script
    auth: Tokens
    clock: Clock

    @property
    def peer(self) -> KettlePeer:
        return self.gateway.peer(KettlePeer)


@asynccontextmanager
async def open_pair(transport: str) -> AsyncIterator[Pair]:
    kettles, auth, clock = Script(), Tokens(answers=[]), Clock(settable=True)
    topology = Topology(
        base_url="http://peers.test", database_dsn=lambda _: "", make_bus=lambda: PgmqBus(""), secrets=SECRETS,
        clock=clock, paths={"kettles": "/kettles", "auth": "/auth"},
    )  # fmt: skip
    gateway = Gateway(topology, "caller", clock)
    try:
        if transport == "in process":
            topology.apps |= {"kettles": kettles, "auth": auth}
            yield Pair(gateway, kettles, auth, clock)
            return
        async with on_tcp(kettles) as kettles_url, on_tcp(auth) as auth_url:
            topology.peer_urls = {"kettles": f"{kettles_url}/kettles", "auth": f"{auth_url}/auth"}
            yield Pair(gateway, kettles, auth, clock)
            await gateway.close()
    finally:
        await gateway.close()


@pytest.fixture(autouse=True)
def without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture(params=["in process", "over TCP"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    async with open_pair(request.param) as opened:
        yield opened


@pytest.fixture
async def near() -> AsyncIterator[Pair]:
    async with open_pair("in process") as opened:
        yield opened


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    unplug = add_span_exporter(exporter)
    yield exporter
    unplug()


def failing(status: int, times: int) -> list[Response | str]:
    return [*(JSONResponse({}, status) for _ in range(times)), JSONResponse({"litres": 2})]


async def test_a_question_is_http_with_a_token_json_and_the_ids_of_the_work_in_hand(pair: Pair) -> None:
    with bound_correlation("abcd-1234"), server_span("GET", "/x", {}) as span:
        found = await pair.peer.get("/kettle/1", Kettle, params={"size": 2, "colour": None})
    assert found.litres == 1.5
    [asked] = pair.kettles.asked
    assert (asked.url.path, asked.url.query) == ("/kettles/kettle/1", "size=2")
    assert asked.headers["authorization"] == "Bearer token-1"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["x-correlation-id"] == "abcd-1234"
    assert asked.headers["traceparent"].split("-")[1] == span.trace_id


async def test_the_token_is_asked_for_with_the_callers_own_secret_and_the_peer_as_its_audience(pair: Pair) -> None:
    await pair.peer.get("/kettle/1", Kettle)
    [asked] = pair.auth.asked
    assert asked.url.path == "/auth/oauth2/token"
    assert asked.headers["authorization"].startswith("Basic ")
    assert pair.auth.bodies == [b"grant_type=client_credentials&resource=kettles"]


async def test_calls_made_at_once_share_one_token_until_a_minute_before_its_end(pair: Pair) -> None:
    await asyncio.gather(*(pair.peer.get("/kettle/1", Kettle) for _ in range(5)))
    pair.clock.advance(timedelta(seconds=3539))
    await pair.peer.get("/kettle/1", Kettle)
    assert len(pair.auth.asked) == 1
    pair.clock.advance(timedelta(seconds=2))
    await pair.peer.get("/kettle/1", Kettle)
    assert len(pair.auth.asked) == 2
    assert pair.kettles.header("authorization") == ["Bearer token-1"] * 6 + ["Bearer token-2"]


async def test_a_clock_set_far_back_does_not_keep_a_token_alive(near: Pair) -> None:
    await near.peer.get("/kettle/1", Kettle)
    near.clock.advance(timedelta(days=-30))
    await near.peer.get("/kettle/1", Kettle)
    assert near.kettles.header("authorization") == ["Bearer token-1", "Bearer token-2"]


async def test_a_refused_token_is_replaced_once_and_even_a_write_repeated_since_nothing_was_read(pair: Pair) -> None:
    pair.kettles.answers = [JSONResponse({}, 401), JSONResponse({"litres": 3})]
    assert (await pair.peer.post("/kettle", Kettle, json={"litres": 3})).litres == 3
    assert pair.kettles.header("authorization") == ["Bearer token-1", "Bearer token-2"]
    assert pair.kettles.bodies == [b'{"litres":3}'] * 2

    pair.kettles.answers = [JSONResponse({"errorCode": "NO"}, 401)]
    with pytest.raises(PeerRefused) as refused:
        await pair.peer.get("/kettle/1", Kettle)
    assert (refused.value.peer_status, refused.value.peer_code, refused.value.status) == (401, "NO", 502)
    assert len(pair.kettles.asked) == 4


async def test_on_behalf_of_a_person_their_own_token_is_sent_and_never_replaced(pair: Pair) -> None:
    person = Principal(client_id="ui", username="BERNARD.BEAKS", token="theirs")
    pair.kettles.answers = [JSONResponse({}, 401)]
    with pytest.raises(PeerRefused):
        await pair.gateway.peer(KettlePeer, person).get("/kettle/1", Kettle)
    assert pair.kettles.header("authorization") == ["Bearer theirs"]
    assert pair.auth.asked == []


@pytest.mark.parametrize("status", [408, 413, 429, 500, 502, 503, 504])
async def test_a_question_is_asked_three_times_in_all(near: Pair, status: int) -> None:
    near.kettles.answers = failing(status, 2)
    assert (await near.peer.get("/kettle/1", Kettle)).litres == 2
    near.kettles.answers = failing(status, 3)
    with pytest.raises(PeerUnavailable) as failed:
        await near.peer.get("/kettle/1", Kettle)
    assert failed.value.status == 503
    assert failed.value.developer_message == f"kettles: status {status}"
    assert len(near.kettles.asked) == 6


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
async def test_a_write_is_never_repeated_when_its_fate_is_unknown(near: Pair, method: str) -> None:
    near.kettles.answers = failing(503, 1)
    with pytest.raises(PeerUnavailable):
        await getattr(near.peer, method)("/kettle", json={})
    assert len(near.kettles.asked) == 1


async def test_a_write_with_an_idempotency_key_and_a_question_by_post_are_repeated(near: Pair) -> None:
    near.kettles.answers = failing(503, 2)
    await near.peer.post("/kettle", json={}, idempotency_key="kettle-0001")
    assert near.kettles.header("idempotency-key") == ["kettle-0001"] * 3
    near.kettles.answers = failing(503, 2)
    assert (await near.peer.post("/search", Kettle, json={}, safe=True)).litres == 2
    near.kettles.answers = failing(503, 2)
    await near.peer.put("/kettle/1", json={}, idempotent=True)
    assert len(near.kettles.asked) == 9


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
async def test_a_refusal_is_told_with_the_peers_own_words_and_not_repeated(near: Pair, status: int) -> None:
    near.kettles.answers = [JSONResponse({"errorCode": "FULL", "userMessage": "The kettle is full"}, status)]
    with pytest.raises(PeerRefused) as refused:
        await near.peer.get("/kettle/1", Kettle)
    assert (refused.value.peer_status, refused.value.peer_code) == (status, "FULL")
    assert refused.value.user_message == "The kettle is full"
    assert "full" not in refused.value.developer_message
    assert len(near.kettles.asked) == 1


async def test_nothing_there_is_an_answer_where_the_caller_says_so(near: Pair) -> None:
    near.kettles.answers = [Response(status_code=404), Response(status_code=204), Response(), Response(status_code=204)]
    for _ in range(3):
        assert await near.peer.get("/kettle/1", Kettle, missing=None) is None
    with pytest.raises(PeerUnavailable, match="not answering"):
        await near.peer.get("/kettle/1", Kettle)
    assert await near.peer.post("/kettle", json={}) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"litres": "a lot of A1234BC"}', b"[]"])
async def test_an_answer_that_cannot_be_read_names_the_place_and_never_the_value(near: Pair, body: bytes) -> None:
    near.kettles.answers = [Response(body, media_type="application/json")]
    with pytest.raises(PeerUnavailable) as failed:
        await near.peer.get("/kettle/1", Kettle)
    assert failed.value.developer_message.startswith("kettles: unreadable answer at ")
    assert "A1234BC" not in failed.value.developer_message


async def test_fields_that_the_caller_does_not_know_do_not_matter(near: Pair) -> None:
    near.kettles.answers = [JSONResponse({"litres": 1, "maker": {"name": "x"}})]
    assert (await near.peer.get("/kettle/1", Kettle)).litres == 1


async def test_a_peer_that_hangs_is_given_up_after_the_callers_time(pair: Pair) -> None:
    pair.kettles.answers = ["hang"]
    started = perf_counter()
    with pytest.raises(PeerUnavailable) as failed:
        await pair.gateway.peer(HastyPeer).get("/kettle/1", Kettle)
    assert 0.15 < perf_counter() - started < 1.0
    assert failed.value.developer_message == "kettles: no answer in 0.2 s"


async def test_an_authorisation_server_that_hangs_does_not_hold_the_call_for_longer_either(pair: Pair) -> None:
    pair.auth.answers = ["hang"]
    started = perf_counter()
    with pytest.raises(PeerUnavailable):
        await pair.gateway.peer(HastyPeer).get("/kettle/1", Kettle)
    assert perf_counter() - started < 1.0
    assert pair.kettles.asked == []


async def test_a_peer_that_is_not_there_is_unavailable() -> None:
    async with open_pair("over TCP") as pair:
        pair.gateway.client("kettles").base_url = httpx2.URL("http://127.0.0.1:9/kettles")
        with pytest.raises(PeerUnavailable) as failed:
            await pair.peer.get("/kettle/1", Kettle)
        assert failed.value.developer_message == "kettles: ConnectError"


@pytest.mark.parametrize(
    "answer", [JSONResponse({}, 401), JSONResponse({}, 500), JSONResponse({}), Response(b"<html>")]
)  # fmt: skip
async def test_without_a_token_the_peer_is_not_called_and_the_caller_hears_503(near: Pair, answer: Response) -> None:
    near.auth.answers = [answer]
    with pytest.raises(PeerUnavailable) as failed:
        await near.peer.get("/kettle/1", Kettle)
    assert failed.value.status == 503
    assert failed.value.developer_message.startswith("auth: ")
    assert near.kettles.asked == []


async def test_after_five_failures_a_peer_is_left_alone_and_one_call_tries_it_again(
    near: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("throughcare.kit.http.breaker.monotonic", lambda: now)
    near.kettles.answers = [JSONResponse({}, 503)]
    for _ in range(5):
        with pytest.raises(PeerUnavailable):
            await near.peer.post("/kettle", json={})
    with pytest.raises(PeerUnavailable) as failed:
        await near.peer.post("/kettle", json={})
    assert failed.value.developer_message == "kettles: circuit open"
    assert len(near.kettles.asked) == 5

    now += 11.0
    near.kettles.answers = ["hang"]
    trial = asyncio.create_task(near.gateway.peer(HastyPeer).get("/kettle/1", Kettle))
    await near.kettles.hung.wait()
    with pytest.raises(PeerUnavailable, match="not answering"):
        await near.peer.get("/kettle/1", Kettle)
    assert len(near.kettles.asked) == 6
    with pytest.raises(PeerUnavailable):
        await trial

    now += 11.0
    near.kettles.answers = [JSONResponse({"litres": 1})]
    for _ in range(3):
        await near.peer.get("/kettle/1", Kettle)
    assert len(near.kettles.asked) == 9


async def test_refusals_do_not_open_the_circuit(near: Pair) -> None:
    near.kettles.answers = [JSONResponse({}, 409)]
    for _ in range(7):
        with pytest.raises(PeerRefused):
            await near.peer.post("/kettle", json={})
    assert len(near.kettles.asked) == 7


def test_a_success_between_failures_keeps_the_circuit_closed() -> None:
    breaker = Breaker(threshold=2, pause=60)
    for _ in range(3):
        breaker.failed()
        breaker.succeeded()
    assert breaker.admits()
    breaker.failed()
    breaker.failed()
    assert not breaker.admits()


@pytest.mark.parametrize("value", ["", "..", "a\nb", "\x7f", "x/../y"])
async def test_a_value_that_would_lead_elsewhere_is_refused_before_anything_is_sent(near: Pair, value: str) -> None:
    with pytest.raises(BadRequest):
        await near.peer.get(f"/kettle/{value}/lid", Kettle)
    assert near.kettles.asked == near.auth.asked == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/prisoner/A1234BC/alerts", "/prisoner/{id}/alerts"),
        ("/users/BERNARD.BEAKS/managed-cases", "/users/{id}/managed-cases"),
        ("/users/sam.okoro%40provider.example", "/users/{id}"),
        ("/v2/notifications?reference=x", "/v2/notifications"),
        ("/searchByCrn", "/searchByCrn"),
    ],
)
async def test_telemetry_shows_the_shape_of_an_address_and_nobody_in_it(
    near: Pair, spans: InMemorySpanExporter, path: str, shown: str
) -> None:
    await near.peer.get(path, Kettle)
    [span] = [one for one in spans.get_finished_spans() if one.name.startswith("GET ")]
    assert span.name == f"GET {shown}"
    assert dict(span.attributes or {})["url.template"] == shown
