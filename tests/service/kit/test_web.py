"""What every service's door does, whatever is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute

from tests import sample
from tests.service.kit.conftest import Small
from throughcare.kit.ids import new_id
from throughcare.kit.runtime import Runtime
from throughcare.kit.web.app import UnguardedRoute, create_app
from throughcare.kit.web.router import Router


async def test_a_thing_can_be_made_and_read_with_the_right_role(small: Small) -> None:
    reply = await small.client("ROLE_SAMPLE").post("/things", json={"name": "kettle"})
    assert reply.status_code == 201
    assert (await small.client("ROLE_SAMPLE__RO").get(reply.headers["location"])).json()["name"] == "kettle"


async def test_no_token_is_401_and_the_wrong_role_403(small: Small) -> None:
    assert (await small.client(anonymous=True).post("/things", json={"name": "x"})).status_code == 401
    reply = await small.client("ROLE_OTHER").post("/things", json={"name": "x"})
    assert reply.status_code == 403
    assert reply.json()["userMessage"].startswith("Forbidden")


async def test_an_unknown_address_is_401_without_and_404_with_a_token(small: Small) -> None:
    assert (await small.client(anonymous=True).get("/nothing")).status_code == 401
    assert (await small.client().get("/nothing")).status_code == 404
    assert (await small.client().get("/../nowhere")).status_code in {401, 404}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{not json", 400),
        (b'{"name": 5}', 400),
        (b"{}", 400),
        (b'{"name": "a\\u0000b"}', 400),
        (b'{"name": "\\ud800"}', 400),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
)
async def test_a_bad_body_gets_a_clear_error(small: Small, body: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await small.client("ROLE_SAMPLE").post("/things", content=body, headers=headers)
    assert reply.status_code == status
    document = reply.json()
    assert document["status"] == status
    assert {"errorCode", "userMessage", "developerMessage", "type", "title", "detail", "traceId"} <= set(document)


async def test_an_error_is_a_problem_document_when_asked_for(small: Small) -> None:
    reply = await small.client("ROLE_SAMPLE").get(f"/things/{new_id()}", headers={"Accept": "application/problem+json"})
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["errorCode"] == "THING_NOT_FOUND"


async def test_a_defect_is_answered_without_its_cause(small: Small) -> None:
    reply = await small.client("ROLE_SAMPLE").get("/things/-/failing")
    assert reply.status_code == 500
    assert "A1234BC" not in reply.text
    assert reply.json()["traceId"]


async def test_a_wrong_method_is_405_and_a_wrong_id_400(small: Small) -> None:
    assert (await small.client("ROLE_SAMPLE").delete("/things")).status_code == 405
    assert (await small.client("ROLE_SAMPLE").get("/things/12")).status_code == 400


async def test_a_repeated_idempotency_key_has_one_effect_and_the_same_answer(small: Small) -> None:
    client, key = small.client("ROLE_SAMPLE"), {"Idempotency-Key": f"key-{new_id()}"}
    first = await client.post("/things", json={"name": "cup"}, headers=key)
    again = await client.post("/things", json={"name": "cup"}, headers=key)
    other = await client.post("/things", json={"name": "mug"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert len(await small.fetch("select 1 from sample.thing where name = 'cup'")) == 1


async def test_the_correlation_id_comes_back_and_travels_into_the_event(small: Small) -> None:
    reply = await small.client("ROLE_SAMPLE").post(
        "/things", json={"name": "traced"}, headers={"X-Correlation-Id": "abcd-1234-efgh"}
    )
    assert reply.headers["x-correlation-id"] == "abcd-1234-efgh"
    rows = await small.fetch(
        "select payload ->> 'correlationId' as id, attributes from sample.outbox order by seq desc limit 1"
    )
    assert rows[0]["id"] == "abcd-1234-efgh"
    assert "traceparent" in str(rows[0]["attributes"])


@pytest.mark.parametrize(
    "path", ["/ping", "/health/liveness", "/health/readiness", "/info", "/metrics", "/v3/api-docs"]
)
async def test_operational_addresses_are_open(small: Small, path: str) -> None:
    assert (await small.client(anonymous=True).get(path)).status_code == 200


async def test_health_names_its_components(small: Small) -> None:
    reply = await small.client(anonymous=True).get("/health")
    components = reply.json()["components"]
    assert {"db", "outbox-health", "hmppsAuth", "sample_domain_events-health"} <= set(components)


async def test_a_stale_version_is_a_conflict(small: Small) -> None:
    client = small.client("ROLE_SAMPLE")
    made = (await client.post("/things", json={"name": "once"})).json()
    assert (await client.put(f"/things/{made['id']}/name", json={"name": "twice", "version": 1})).status_code == 200
    reply = await client.put(f"/things/{made['id']}/name", json={"name": "thrice", "version": 1})
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "STALE_VERSION")


def test_a_route_that_names_nobody_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="say roles"):
        Router().get("/open-by-mistake")


def test_a_route_that_would_run_in_a_thread_cannot_be_declared() -> None:
    router = Router()

    def waits(request: Request) -> None:
        del request

    with pytest.raises(TypeError, match=r"/slow: .*waits must be 'async def'"):

        @router.get("/slow", public=True, dependencies=[Depends(waits)])
        async def slow() -> None: ...

    with pytest.raises(TypeError, match=r"/plain: .*plain must be 'async def'"):

        @router.get("/plain", public=True)
        def plain() -> None: ...


@pytest.mark.parametrize("length", [None, "5"])
async def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further_than_it_may_be(
    small: Small, length: str | None
) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    headers = {"Content-Length": length} if length else {}
    reply = await small.client("ROLE_SAMPLE").post("/things", content=endless(), headers=headers)
    assert (reply.status_code, reply.json()["errorCode"]) == (413, "TOO_LARGE")
    assert sent <= 1_200_000


async def test_every_wrong_field_is_named_and_no_value_repeated(small: Small) -> None:
    made = (await small.client("ROLE_SAMPLE").post("/things", json={"name": "x"})).json()
    reply = await small.client("ROLE_SAMPLE").put(f"/things/{made['id']}/name", json={"name": 5, "version": "A1234BC"})
    document = reply.json()
    assert reply.status_code == 400
    assert document["userMessage"].startswith("Validation failure")
    assert [(one["field"], one["code"]) for one in document["errors"]] == [
        ("name", "STRING_TYPE"), ("version", "INT_PARSING"),
    ]  # fmt: skip
    assert "A1234BC" not in reply.text


async def test_a_body_that_is_not_json_is_one_problem_of_the_body(small: Small) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await small.client("ROLE_SAMPLE").post("/things", content=b'{"name": ', headers=headers)
    assert [(one["field"], one["code"]) for one in reply.json()["errors"]] == [("body", "JSON_INVALID")]


async def test_the_request_id_of_a_caller_is_kept_and_a_malformed_one_replaced(small: Small) -> None:
    for given, kept in (("abcd-1234", True), ("a b", False), ("x" * 65, False)):
        reply = await small.client().get("/ping", headers={"X-Request-Id": given})
        assert (reply.headers["x-request-id"] == given) is kept
        assert reply.headers["x-correlation-id"] == reply.headers["x-request-id"]


async def test_the_access_log_says_which_client_asked_and_hides_the_person(
    small: Small, log_lines: Callable[[], list[dict[str, object]]]
) -> None:
    person = {"auth_source": "delius", "user_name": "BERNARD.BEAKS", "sub": "BERNARD.BEAKS", "user_id": "1"}
    await small.client("ROLE_SAMPLE").get(f"/things/{new_id()}")
    await small.client("ROLE_SAMPLE", claims=person).get(f"/things/{new_id()}")
    await small.client(anonymous=True).get("/health")
    machine, user = [one for one in log_lines() if one["event.dataset"] == "sample.access"]
    assert machine["client.id"] == "interventions"
    assert "user.hash" not in machine
    assert len(str(user["user.hash"])) == 32
    assert machine["url.template"] == "/things/{thing_id}"
    assert machine["http.response.status_code"] == 404
    assert "BEAKS" not in str(user)


@pytest.mark.parametrize("late", [False, True])
async def test_an_application_with_an_unguarded_route_does_not_start(small: Small, late: bool) -> None:
    def add(app: FastAPI, _runtime: Runtime) -> None:
        app.add_api_route("/open-by-mistake", make_open)

    async def make_open() -> None: ...

    def routers() -> list[Router]:
        made = Router()
        made.api.routes.append(APIRoute("/open-by-mistake", make_open))
        return [made]

    service = replace(sample.SERVICE, customise=add) if late else replace(sample.SERVICE, routers=routers)
    with pytest.raises(UnguardedRoute, match="open-by-mistake"):
        create_app(replace(small.runtime, service=service))


@pytest.mark.parametrize("address", ["/things/%00", "/things/%2500", f"/things/{UUID(int=0)}?a=b%00"])
async def test_an_address_with_a_nul_character_is_refused(small: Small, address: str) -> None:
    reply = await small.client("ROLE_SAMPLE").get(address)
    assert (reply.status_code, reply.json()["errorCode"]) == (400, "INVALID")
