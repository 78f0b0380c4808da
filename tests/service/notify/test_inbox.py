"""The inbox, faults, the status clock and the end of the retention period."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from tests import tokens
from tests.conftest import SECRETS
from tests.service.notify.conftest import START, Office, open_office
from throughcare.kit.db.database import counting_statements
from throughcare.kit.errors import CannotStart
from throughcare.services.notify import StandInRefused

WELCOME = {
    "first name": "<b>Anna</b>",
    "reasons": ["[x](https://a.test)"],
    "deadline": "Friday",
    "urgent": "no",
}


async def test_a_message_is_shown_with_all_that_is_known_of_it(office: Office) -> None:
    reference = str(uuid4())
    await office.email("Anna@example.test", "welcome", personalisation=WELCOME, reference=reference)
    await office.drain()
    (found,) = await office.messages()
    assert (found["to"], found["service"], found["template"]) == ("Anna@example.test", "sandbox", "welcome")
    assert (found["subject"], found["status"], found["reference"]) == (
        "Welcome, <b>Anna</b>",
        "delivered",
        reference,
    )
    assert found["createdAt"].startswith("2024-03-04T12:00:00")
    assert found["personalisation"] == WELCOME
    assert "&lt;b&gt;Anna" in found["html"]
    assert "<b>" not in found["html"]
    assert "• x: https://a.test" in found["text"]
    assert [one["status"] for one in found["history"]] == ["created", "sending", "delivered"]
    whole = (await office.inbox(path=f"/inbox/{found['id']}")).json()
    assert whole["request"]["email_address"] == "Anna@example.test"
    assert whole["receipts"] == []


async def test_messages_are_found_by_recipient_template_service_status_reference_and_time(
    office: Office,
) -> None:
    reference = str(uuid4())
    await office.email("anna@example.test")
    office.clock.advance(timedelta(hours=1))
    await office.email("ben@example.test", "only-a-value", personalisation={"text": "x"}, reference=reference)
    await office.drain()
    assert [one["to"] for one in await office.messages()] == ["ben@example.test", "anna@example.test"]
    for wanted in (
        {"to": "BEN@"}, {"template": "only-a-value"}, {"reference": reference},
        {"since": (START + timedelta(minutes=1)).isoformat()}, {"limit": "1"},
    ):  # fmt: skip
        assert [one["to"] for one in await office.messages(**wanted)] == ["ben@example.test"], wanted
    assert await office.messages(service="interventions") == []
    assert await office.messages(status="created") == []
    newest = (await office.messages(limit="1"))[0]["id"]
    assert [one["to"] for one in await office.messages(olderThan=newest)] == ["anna@example.test"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "since=yesterday", "olderThan=x"])
async def test_a_malformed_filter_is_400(office: Office, query: str) -> None:
    reply = await office.inbox(path=f"/inbox?{query}")
    assert (reply.status_code, reply.json()["status"]) == (400, 400)


async def test_the_inbox_and_faults_are_closed_without_their_role(office: Office) -> None:
    claims = tokens.client_claims(
        office.clock.now(), iss=office.host.topology.issuer, aud="notify", authorities=["ROLE_OTHER"]
    )
    for method, path in (
        ("GET", "/inbox"), ("GET", "/inbox/wait"), ("GET", "/inbox/services"), ("GET", f"/inbox/{uuid4()}"),
        ("POST", f"/inbox/{uuid4()}/status"), ("POST", f"/inbox/{uuid4()}/receipt"), ("DELETE", "/inbox"),
        ("GET", "/faults"), ("POST", "/faults"), ("DELETE", "/faults"),
    ):  # fmt: skip
        other = await office.inbox(method, path, headers={"Authorization": f"Bearer {tokens.sign(claims)}"})
        assert other.status_code == 403, path
        api_key = await office.call(method, path)
        assert api_key.status_code == 401, path


async def test_waiting_ends_when_the_message_comes_or_the_time_is_over(office: Office) -> None:
    waiting = asyncio.create_task(office.inbox(path="/inbox/wait?to=anna&timeout=10"))
    await office.email("anna@example.test")
    assert [one["to"] for one in (await waiting).json()["messages"]] == ["anna@example.test"]
    late = await office.inbox(path="/inbox/wait?to=ben&timeout=0")
    assert late.json()["messages"] == []
    assert (await office.inbox(path="/inbox/wait?timeout=31")).status_code == 400


async def test_a_message_can_be_given_any_final_status_and_its_history_says_by_whom(office: Office) -> None:
    await office.email()
    await office.drain()
    (found,) = await office.messages()
    for status in ("permanent-failure", "temporary-failure", "technical-failure", "delivered"):
        reply = await office.inbox("POST", f"/inbox/{found['id']}/status", json={"status": status})
        assert reply.status_code == 204
    assert (await office.history(found["id"]))[-4:] == [
        "permanent-failure", "temporary-failure", "technical-failure", "delivered",
    ]  # fmt: skip
    (after,) = await office.messages()
    assert after["history"][-1]["cause"] == "interventions"
    assert (await office.inbox("POST", f"/inbox/{found['id']}/status", json={"status": "created"})).status_code == 400
    unknown = await office.inbox("POST", f"/inbox/{uuid4()}/status", json={"status": "delivered"})
    assert (unknown.status_code, unknown.json()["errorCode"]) == (404, "MESSAGE_NOT_FOUND")


async def test_a_receipt_cannot_be_posted_again_where_nobody_wants_any(office: Office) -> None:
    await office.email()
    (found,) = await office.messages()
    reply = await office.inbox("POST", f"/inbox/{found['id']}/receipt")
    assert (reply.status_code, reply.json()["errorCode"]) == (409, "NO_CALLBACK")


async def test_an_api_key_that_the_inbox_shows_opens_the_api(office: Office) -> None:
    services = (await office.inbox(path="/inbox/services")).json()["services"]
    shown = {key["name"]: key["key"] for one in services for key in one["keys"]}
    assert shown["sandbox"] == str(office.key())
    assert SECRETS.derive("notify:sandbox") not in str(services)


async def test_requests_fail_as_asked_for_and_then_no_more(office: Office) -> None:
    await office.fault(kind="answer", status=503, requests=2)
    await office.fault(kind="answer", status=429)
    replies = [await office.email() for _ in range(4)]
    assert [one.status_code for one in replies] == [503, 503, 429, 201]
    assert replies[2].json()["errors"][0]["error"] == "RateLimitError"
    assert (await office.inbox(path="/faults")).json() == {"faults": []}
    assert len(await office.messages()) == 1


async def test_a_delayed_request_is_answered_all_the_same(office: Office) -> None:
    await office.fault(kind="delay", delayMs=1)
    assert (await office.email()).status_code == 201


async def test_faults_can_be_called_off(office: Office) -> None:
    await office.fault(kind="answer", status=500, requests=100)
    assert (await office.inbox(path="/faults")).json()["faults"][0]["remaining"] == 100
    assert (await office.inbox("DELETE", "/faults")).status_code == 204
    assert (await office.email()).status_code == 201


async def test_a_fault_that_has_happened_is_forgotten_after_seven_days(office: Office) -> None:
    await office.fault(kind="answer", status=500)
    await office.fault(kind="drop")
    assert (await office.call("GET", "/v2/templates")).status_code == 500
    office.clock.advance(timedelta(days=7, minutes=1))
    assert await office.host.runtimes["notify"].jobs.run_now("forget-old") == "ok"
    assert [one["kind"] for one in await office.fetch("select kind from notify.fault")] == ["drop"]


@pytest.mark.parametrize(
    "fault",
    [{}, {"kind": "answer"}, {"kind": "answer", "status": 200}, {"kind": "delay"}, {"kind": "explode"},
     {"kind": "drop", "status": 500}, {"kind": "delay", "delayMs": 100_000}, {"kind": "drop", "requests": 0}],
)  # fmt: skip
async def test_a_fault_that_makes_no_sense_is_400(office: Office, fault: dict[str, object]) -> None:
    assert (await office.inbox("POST", "/faults", json=fault)).status_code == 400


async def test_the_status_clock_follows_the_business_clock(server: str) -> None:
    async with open_office(server, notify__sending_after="60", notify__delivered_after="600") as office:
        await office.email()
        await office.drain()
        (found,) = await office.messages()
        assert found["status"] == "created"
        office.clock.advance(timedelta(minutes=2))
        await office.drain()
        assert (await office.messages())[0]["status"] == "sending"
        office.clock.advance(timedelta(minutes=20))
        await office.drain()
        (after,) = await office.messages()
        assert after["status"] == "delivered"
        assert after["completedAt"].startswith("2024-03-04T12:10:00")


async def test_messages_are_seen_for_seven_days_and_then_forgotten(office: Office) -> None:
    sent = (await office.email()).json()
    await office.drain()
    office.clock.advance(timedelta(days=6, hours=23))
    assert (await office.call("GET", f"/v2/notifications/{sent['id']}")).status_code == 200
    office.clock.advance(timedelta(hours=2))
    assert (await office.call("GET", f"/v2/notifications/{sent['id']}")).status_code == 404
    assert len(await office.messages()) == 1
    assert await office.host.runtimes["notify"].jobs.run_now("forget-old") == "ok"
    assert await office.messages() == []
    assert await office.fetch("select 1 from notify.delivery") == []


async def test_the_inbox_can_be_emptied(office: Office) -> None:
    await office.email()
    assert (await office.inbox("DELETE")).status_code == 204
    assert await office.messages() == []


async def test_the_stand_in_does_not_start_in_production(server: str) -> None:
    with pytest.raises(StandInRefused, match="production"):
        async with open_office(server, environment="prod"):
            raise AssertionError("it started")


async def test_a_callback_for_an_unknown_service_stops_the_start(server: str) -> None:
    target = '{"nobody": {"url": "http://localhost/x", "token": "0123456789"}}'
    with pytest.raises(CannotStart, match="nobody"):
        async with open_office(server, notify__callbacks=target):
            raise AssertionError("it started")


async def test_a_page_of_the_inbox_takes_two_statements_however_many_messages_it_holds(office: Office) -> None:
    for _ in range(5):
        await office.email()
    await office.drain()
    with counting_statements() as statements:
        assert len(await office.messages()) == 5
    assert len(statements) == 2
