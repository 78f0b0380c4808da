"""A POST with an idempotency key: once in effect, whatever repeats it and wherever it breaks off."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from tests.service.kit.conftest import Small
from throughcare.kit import failpoints
from throughcare.kit.ids import new_id
from throughcare.kit.web import idempotency

PERSON = {"sub": "interventions", "user_name": "interventions", "user_id": "1", "grant_type": "authorization_code"}


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": f"key-{new_id()}"}


async def make(small: Small, name: str, key: dict[str, str]) -> httpx2.Response:
    return await small.client("ROLE_SAMPLE").post("/things", json={"name": name}, headers=key)


async def made(small: Small, name: str) -> int:
    return len(await small.fetch("select 1 from sample.thing where name = $1", name))


async def test_the_same_request_gets_the_same_answer_and_says_that_it_is_a_replay(
    small: Small, key: dict[str, str]
) -> None:
    first, again = [await make(small, "jug", key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotent-replay"] == "true"
    assert "idempotent-replay" not in first.headers
    assert await made(small, "jug") == 1


@pytest.mark.parametrize("path", ["/things?colour=red", "/things"])
async def test_the_same_key_for_another_request_is_422(small: Small, key: dict[str, str], path: str) -> None:
    await make(small, "bowl", key)
    name = "bowl" if "?" in path else "another bowl"
    reply = await small.client("ROLE_SAMPLE").post(path, json={"name": name}, headers=key)
    assert (reply.status_code, reply.json()["errorCode"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert await made(small, "another bowl") == 0


async def test_another_callers_key_is_another_key(small: Small, key: dict[str, str]) -> None:
    await make(small, "spoon", key)
    for claims in ({"client_id": "another-client", "sub": "another-client"}, {"auth_source": "nomis", **PERSON}):
        other = small.client("ROLE_SAMPLE", claims=claims)
        assert (await other.post("/things", json={"name": "spoon"}, headers=key)).status_code == 201
    assert await made(small, "spoon") == 3


async def test_requests_at_the_same_time_have_one_effect_and_all_get_its_answer(
    small: Small, key: dict[str, str]
) -> None:
    replies = await asyncio.gather(*(make(small, "fork", key) for _ in range(5)))
    assert [one.status_code for one in replies] == [201] * 5
    assert len({one.json()["id"] for one in replies}) == 1
    assert await made(small, "fork") == 1
    events = await small.fetch(
        "select 1 from sample.outbox where payload -> 'additionalInformation' ->> 'name' = 'fork'"
    )
    assert len(events) == 1


async def test_a_request_that_was_refused_may_be_repeated_with_the_same_key(small: Small, key: dict[str, str]) -> None:
    refused = await small.client("ROLE_SAMPLE").post("/things", json={}, headers=key)
    assert refused.status_code == 400
    assert (await make(small, "plate", key)).status_code == 201


async def test_a_crash_before_the_commit_leaves_neither_effect_nor_key(
    small: Small, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failpoints, "_active", {"uow.before_commit": ("raise", 1.0)})
    assert (await make(small, "pan", key)).status_code == 500
    monkeypatch.setattr(failpoints, "_active", {})
    assert await made(small, "pan") == 0
    assert (await make(small, "pan", key)).status_code == 201
    assert await made(small, "pan") == 1


async def test_a_crash_after_the_commit_is_told_as_done_and_has_no_second_effect(
    small: Small, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failpoints, "_active", {"uow.after_commit": ("raise", 1.0)})
    assert (await make(small, "lid", key)).status_code == 500
    monkeypatch.setattr(failpoints, "_active", {})
    monkeypatch.setattr(idempotency, "LOOKS", 2)
    reply = await make(small, "lid", key)
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "ALREADY_DONE")
    assert await made(small, "lid") == 1


@pytest.mark.parametrize("value", ["", "short", "x" * 101, "with space", "ümlaut-key"])
async def test_a_key_of_another_form_is_400_and_nothing_happens(small: Small, value: str) -> None:
    reply = await small.client("ROLE_SAMPLE").post(
        "/things", json={"name": "badly keyed"}, headers={b"Idempotency-Key": value.encode("latin-1")}
    )
    assert reply.status_code == 400
    assert await made(small, "badly keyed") == 0


async def test_a_key_is_forgotten_after_two_days(small: Small, key: dict[str, str]) -> None:
    await make(small, "cork", key)
    await small.fetch(
        "update sample.idempotency_key set created_at = now() - interval '49 hours' where key = $1",
        key["Idempotency-Key"],
    )
    assert await small.runtime.jobs.run_now("clean-up") == "ok"
    assert (await make(small, "cork", key)).status_code == 201
    assert await made(small, "cork") == 2
