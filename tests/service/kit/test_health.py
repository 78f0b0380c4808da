"""What a service says of itself: open, quick, true when something is wrong, and without secrets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import sample
from tests.service.kit.conftest import Small
from throughcare.kit.db.database import counting_statements
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing
from throughcare.kit.topology import Build
from throughcare.kit.web import health

NOWHERE = ["postgresql://nobody@127.0.0.1:9/nothing", "postgresql://nobody@/nothing?host=/nowhere"]


@pytest.fixture(autouse=True)
def always_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CACHE_SECONDS", 0.0)


@pytest.fixture
async def anybody(small: Small) -> httpx2.AsyncClient:
    return small.client(anonymous=True)


@pytest.fixture(params=NOWHERE, ids=["port", "socket"])
async def cut_off(request: pytest.FixtureRequest, small: Small) -> AsyncIterator[Small]:
    """The service when its database is gone; the bus still answers."""
    topology = small.make()
    topology.database_dsn = lambda _: request.param
    async with Host([sample.SERVICE], topology) as host:
        yield Small(host, small.dsn, small.make)


async def components(client: httpx2.AsyncClient, status: int) -> dict[str, dict[str, object]]:
    reply = await client.get("/health")
    assert reply.status_code == status, reply.text
    assert reply.json()["status"] == ("UP" if status == 200 else "DOWN")
    found: dict[str, dict[str, object]] = reply.json()["components"]
    return found


@pytest.mark.parametrize("path", ["/ping", "/health/ping", "/health/liveness"])
async def test_being_alive_is_told_without_any_work(anybody: httpx2.AsyncClient, path: str) -> None:
    with counting_statements() as statements:
        reply = await anybody.get(path)
    assert (reply.status_code, reply.json()) == (200, {"status": "UP"})
    assert reply.headers["cache-control"] == "no-store"
    assert statements == []


async def test_a_bad_token_on_an_open_route_does_not_matter(anybody: httpx2.AsyncClient) -> None:
    assert (await anybody.get("/ping", headers={"Authorization": "Bearer rubbish"})).status_code == 200


@pytest.mark.parametrize("path", ["/health", "/ping", "/info", "/health/readiness", "/metrics"])
async def test_head_is_answered_like_get_without_its_body(anybody: httpx2.AsyncClient, path: str) -> None:
    reply, whole = await anybody.head(path), await anybody.get(path)
    assert (reply.status_code, reply.content) == (200, b"")
    assert reply.headers["content-type"] == whole.headers["content-type"]
    assert int(reply.headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/health/nothing", "/v3/api-docs/nothing", "/swagger-ui/nothing"])
async def test_an_unknown_address_beside_open_ones_is_404(anybody: httpx2.AsyncClient, path: str) -> None:
    reply = await anybody.get(path)
    assert (reply.status_code, reply.json()["errorCode"]) == (404, "NOT_FOUND")


async def test_health_names_every_part_with_facts_as_text(small: Small, anybody: httpx2.AsyncClient) -> None:
    await small.host.bus.send("sample_domain_events_dlq", [Outgoing("a", "{}")])
    found = await components(anybody, 200)
    assert set(found) == {
        "db", "outbox-health", "hmppsAuth", "sample_domain_events-health", "domain_events-health", "healthInfo",
    }  # fmt: skip
    assert found["sample_domain_events-health"] == {
        "status": "UP",
        "details": {
            "queueName": "sample_domain_events", "messagesOnQueue": "0", "messagesInFlight": "0",
            "dlqName": "sample_domain_events_dlq", "dlqStatus": "UP", "messagesOnDlq": "1",
        },
    }  # fmt: skip
    assert found["domain_events-health"]["details"] == {
        "topicName": "domain_events", "subscriptionsConfirmed": "1", "subscriptionsPending": "0",
    }  # fmt: skip
    assert found["hmppsAuth"]["details"] == {"status": "200"}
    assert set(found["outbox-health"]["details"]) == {"pending", "oldestPendingSeconds", "dead"}  # type: ignore[call-overload]
    whole = (await anybody.get("/health")).json()
    assert whole["groups"] == ["liveness", "readiness"]
    assert whole["uptime"] >= 0
    assert whole["version"] == (await anybody.get("/info")).json()["build"]["version"]


async def test_requests_at_the_same_time_share_one_look_for_two_seconds(
    small: Small, anybody: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CACHE_SECONDS", 60.0)
    small.host.topology.apps["sample"].state.health = (-1000.0, {})  # type: ignore[attr-defined]
    with counting_statements() as statements:
        replies = await asyncio.gather(*(anybody.get("/health") for _ in range(10)))
    assert len({one.text for one in replies}) == 1
    assert len([one for one in statements if one == "select 1"]) == 1


async def test_a_part_that_does_not_answer_in_time_is_down(
    anybody: httpx2.AsyncClient, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.2)
    lock = await asyncpg.connect(small.dsn)
    try:
        async with lock.transaction():
            await lock.execute("lock table sample.outbox")
            found = await components(anybody, 503)
    finally:
        await lock.close()
    assert found["outbox-health"] == {"status": "DOWN", "details": {"error": "TimeoutError"}}
    assert found["db"]["status"] == "UP"


async def test_an_outbox_that_is_stuck_makes_the_service_unhealthy_but_not_unready(
    small: Small, anybody: httpx2.AsyncClient
) -> None:
    await small.client("ROLE_SAMPLE").post("/things", json={"name": "stuck"})
    await small.fetch("update sample.outbox set created_at = now() - interval '16 minutes' where published_at is null")
    found = await components(anybody, 503)
    assert found["outbox-health"]["status"] == "DOWN"
    assert (await anybody.get("/health/readiness")).status_code == 200
    await small.host.drain()
    assert (await components(anybody, 200))["outbox-health"]["status"] == "UP"


async def test_a_queue_that_is_gone_makes_the_service_unhealthy(small: Small, anybody: httpx2.AsyncClient) -> None:
    await small.fetch("alter table pgmq.q_sample_domain_events_dlq rename to elsewhere")
    try:
        found = await components(anybody, 503)
    finally:
        await small.fetch("alter table pgmq.elsewhere rename to q_sample_domain_events_dlq")
    assert found["sample_domain_events-health"] == {
        "status": "DOWN", "details": {"queueName": "sample_domain_events", "dlqStatus": "DOWN"},
    }  # fmt: skip


async def test_a_schema_behind_the_program_is_not_ready_and_one_ahead_of_it_is(
    small: Small, anybody: httpx2.AsyncClient
) -> None:
    for revision, status in (("0000", 503), ("0099", 200), ("0001", 200)):
        await small.fetch("update sample.alembic_version set version_num = $1", revision)
        assert (await anybody.get("/health/readiness")).status_code == status


async def test_a_service_that_starts_or_drains_is_alive_and_not_ready(
    small: Small, anybody: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fact, value in (("ready", False), ("draining", True)):
        with monkeypatch.context() as patch:
            patch.setattr(small.runtime, fact, value)
            reply = await anybody.get("/health/readiness")
            assert (reply.status_code, reply.json()) == (503, {"status": "DOWN"})
            assert (await anybody.get("/health/liveness")).status_code == 200
    assert (await anybody.get("/health/readiness")).status_code == 200


async def test_without_its_database_a_service_says_so_and_gives_nothing_away(cut_off: Small) -> None:
    anybody = cut_off.client(anonymous=True)
    found = await components(anybody, 503)
    assert found["db"]["status"] == "DOWN"
    assert set(found["db"]["details"]) == {"error"}  # type: ignore[call-overload]
    assert (await anybody.get("/health/readiness")).status_code == 503
    assert (await anybody.get("/health/liveness")).status_code == 200
    assert (await anybody.get("/metrics")).status_code == 200
    assert "nobody" not in (await anybody.get("/health")).text


async def test_without_its_database_a_service_answers_503_and_not_that_it_has_a_defect(cut_off: Small) -> None:
    client = cut_off.client("ROLE_SAMPLE")
    for reply in (await client.get(f"/things/{new_id()}"), await client.post("/things", json={"name": "x"})):
        assert (reply.status_code, reply.json()["errorCode"]) == (503, "UNAVAILABLE")
        assert "nowhere" not in reply.text


async def test_a_connection_that_was_cut_costs_at_most_a_503_and_the_next_request_succeeds(small: Small) -> None:
    client = small.client("ROLE_SAMPLE")
    made = (await client.post("/things", json={"name": "lasting"})).json()
    await small.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'throughcare-sample'"
    )
    statuses = [(await client.get(f"/things/{made['id']}")).status_code for _ in range(3)]
    assert statuses[0] in {200, 503}
    assert statuses[-1] == 200


async def test_info_tells_the_build_that_the_settings_name(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    build = Build("2026-11-25.41.0a1b2c3", "2026-11-25T09:00:00Z", "main", "0a1b2c3", "DPS123")
    monkeypatch.setattr(small.host.topology, "build", build)
    found = (await small.client(anonymous=True).get("/info")).json()
    assert found["build"] == {
        "name": "sample", "version": "2026-11-25.41.0a1b2c3", "artifact": "throughcare", "time": "2026-11-25T09:00:00Z",
    }  # fmt: skip
    assert found["git"] == {"branch": "main", "commit": {"id": "0a1b2c3"}}
    assert found["productId"] == "DPS123"
    assert found["uptime"] > 0
    assert datetime.fromisoformat(found["clock"]["now"]).tzinfo is not None


async def test_metrics_show_depths_connections_and_the_build_at_the_moment_of_asking(
    small: Small, anybody: httpx2.AsyncClient
) -> None:
    await small.host.bus.purge("sample_domain_events_dlq")
    await small.host.bus.send("sample_domain_events", [Outgoing("a", "{}"), Outgoing("b", "{}")])
    await small.fetch(
        "insert into sample.inbox (consumer, event_id, event_type, first_received_at, parked_at)"
        " values ('sample_domain_events', $1, 'x', now(), now())",
        new_id(),
    )
    reply = await anybody.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    values = {
        (one.name, *sorted(one.labels.values())): one.value
        for family in text_string_to_metric_families(reply.text)
        for one in family.samples
    }
    assert values["queue_messages", "sample_domain_events", "visible"] == 2
    assert values["queue_messages", "dlq", "sample_domain_events"] == 0
    assert values["queue_oldest_seconds", "sample_domain_events", "visible"] >= 0
    assert values["dlq_parked", "sample_domain_events"] == 1
    assert values["outbox_dead", "domain_events", "sample"] == 0
    assert values["build_info", "", "dev"] == 1
    assert values["db_pool_in_use", "sample"] >= 0
    assert await small.host.bus.purge("sample_domain_events") == 2
    assert not re.search(r"[A-Z]\d{4}[A-Z]{2}", reply.text)
