"""Delivery receipts: posted by the stand-in, taken in by the sending service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.conftest import SECRETS
from tests.service.notify.conftest import Office, on_tcp, open_office
from tests.service.notify.sender import MANIFEST
from throughcare.kit.notify import Notifier
from throughcare.kit.notify.keys import callback_token

TOKEN = callback_token(SECRETS, "interventions")


@dataclass
class Receiver:
    """Somebody's server for receipts, which answers as it is told."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    async def hear(self, request: Request) -> Response:
        self.heard.append((request.headers["authorization"], await request.json()))
        return Response(status_code=self.answers.pop(0) if self.answers else 204)


@asynccontextmanager
async def listening(server: str, receiver: Receiver) -> AsyncIterator[Office]:
    app = Starlette(routes=[Route("/receipts", receiver.hear, methods=["POST"])])
    async with on_tcp(app) as address:
        target = f'{{"sandbox": {{"url": "{address}/receipts", "token": "0123456789"}}}}'
        async with open_office(server, notify__callbacks=target) as office:
            yield office


async def ask_for_mail(office: Office, key: str, to: str = "provider@example.test") -> None:
    ctx = office.context()
    notifier = Notifier.of(ctx, MANIFEST)
    async with ctx.uow as uow:
        await notifier.request(
            uow, template="referral-sent", to=to, dedupe_key=key, window=timedelta(days=1),
            personalisation={"organisationName": "A", "referenceNumber": "AB1234", "referralUrl": "http://x.test/1"},
        )  # fmt: skip


async def test_a_receipt_is_posted_with_the_agreed_token_and_all_documented_fields(server: str) -> None:
    receiver = Receiver()
    async with listening(server, receiver) as office:
        reference = str(uuid4())
        sent = (await office.email("a@example.test", reference=reference)).json()
        await office.drain()
        ((authorization, receipt),) = receiver.heard
        assert authorization == "Bearer 0123456789"
        assert receipt == {
            "id": sent["id"], "reference": reference, "to": "a@example.test", "status": "delivered",
            "created_at": "2024-03-04T12:00:00.000000Z", "completed_at": "2024-03-04T12:00:00.000000Z",
            "sent_at": "2024-03-04T12:00:00.000000Z", "notification_type": "email",
            "template_id": sent["template"]["id"], "template_version": 1,
        }  # fmt: skip
        await office.email("simulate-delivered@notifications.service.gov.uk")
        await office.drain()
        assert len(receiver.heard) == 1


async def test_a_receipt_that_fails_is_posted_again_every_five_minutes_five_times(server: str) -> None:
    receiver = Receiver(answers=[500, 429, 503, 500, 500, 500, 204])
    async with listening(server, receiver) as office:
        sent = (await office.email()).json()
        for tries in range(1, 7):
            await office.drain()
            assert len(receiver.heard) == tries
            office.clock.advance(timedelta(minutes=4))
            await office.drain()
            assert len(receiver.heard) == tries
            office.clock.advance(timedelta(minutes=1))
        await office.drain()
        assert len(receiver.heard) == 6
        (receipt,) = (await office.inbox(path=f"/inbox/{sent['id']}")).json()["receipts"]
        assert (receipt["outcome"], receipt["attempts"], receipt["lastStatus"]) == ("given-up", 6, 500)
        assert (await office.inbox("POST", f"/inbox/{sent['id']}/receipt")).status_code == 204
        await office.drain()
        assert len(receiver.heard) == 7


async def test_a_receipt_that_is_refused_is_dropped_at_once(server: str) -> None:
    receiver = Receiver(answers=[404])
    async with listening(server, receiver) as office:
        await office.email()
        await office.drain()
        office.clock.advance(timedelta(hours=1))
        await office.drain()
        assert len(receiver.heard) == 1


async def test_a_receipt_waits_when_nobody_answers(server: str) -> None:
    target = '{"sandbox": {"url": "http://127.0.0.1:9/receipts", "token": "0123456789"}}'
    async with open_office(server, notify__callbacks=target) as office:
        sent = (await office.email()).json()
        await office.drain()
        (receipt,) = (await office.inbox(path=f"/inbox/{sent['id']}")).json()["receipts"]
        assert (receipt["outcome"], receipt["attempts"], receipt["lastStatus"]) == ("retry", 1, None)
        assert receipt["nextAttemptAt"].startswith("2024-03-04T12:05:00")


async def test_the_sending_service_learns_that_a_message_was_delivered(office: Office) -> None:
    await ask_for_mail(office, "one")
    await office.drain()
    request = await office.request("one")
    assert request["status"] == "delivered"
    assert request["completed_at"] is not None
    assert await office.fetch("select 1 from interventions.outbox") == []


@pytest.mark.parametrize(
    ("status", "known_as", "announced"),
    [("permanent-failure", "failed-permanent", True), ("technical-failure", "failed-technical", True),
     ("temporary-failure", "failed-temporary", False)],
)  # fmt: skip
async def test_the_sending_service_announces_failures_for_good(
    office: Office, status: str, known_as: str, announced: bool
) -> None:
    await ask_for_mail(office, known_as)
    await office.drain()
    request = await office.request(known_as)
    office.clock.advance(timedelta(seconds=1))
    await office.inbox("POST", f"/inbox/{request['notify_id']}/status", json={"status": status})
    await office.drain()
    assert (await office.request(known_as))["status"] == known_as
    rows = await office.fetch(
        "select event_type, payload::text from interventions.outbox where aggregate_id = $1", str(request["id"])
    )
    assert [one["event_type"] for one in rows] == ["notification.delivery.failed"] * announced
    assert "example.test" not in str(rows)


def receipt_for(office: Office, request: dict[str, Any], status: str, minutes: int) -> dict[str, Any]:
    at = (office.clock.now() + timedelta(minutes=minutes)).isoformat()
    return {
        "id": str(request["notify_id"]), "reference": str(request["id"]), "to": "provider@example.test",
        "status": status, "created_at": at, "completed_at": at, "sent_at": at, "notification_type": "email",
        "template_id": str(uuid4()), "template_version": 1,
    }  # fmt: skip


async def test_the_later_end_wins_in_whatever_order_receipts_come(office: Office) -> None:
    await ask_for_mail(office, "order")
    await office.drain()
    request = await office.request("order")
    for status, minutes in (("permanent-failure", 10), ("delivered", 5), ("permanent-failure", 10), ("sent", 20)):
        reply = await office.post_receipt(receipt_for(office, request, status, minutes), TOKEN)
        assert reply.status_code == 204
    await office.drain()
    assert (await office.request("order"))["status"] == "failed-permanent"
    outcomes = await office.fetch(
        "select outcome from interventions.notification_receipt where received_at = $1 order by id", office.clock.now()
    )
    assert [one["outcome"] for one in outcomes][-4:] == ["settled", "no-change", "no-change", "not-final"]


async def test_a_receipt_for_an_unknown_message_is_kept_a_day_and_then_closed(office: Office) -> None:
    stranger = {"id": uuid4(), "notify_id": uuid4()}
    assert (await office.post_receipt(receipt_for(office, stranger, "delivered", 0), TOKEN)).status_code == 204
    await office.drain()
    look = "select outcome from interventions.notification_receipt"
    assert await office.fetch(look) == [{"outcome": None}]
    office.clock.advance(timedelta(hours=25))
    await office.fetch("update interventions.notification_receipt set look_at = now()")
    await office.drain()
    assert await office.fetch(look) == [{"outcome": "unknown"}]


async def test_a_receipt_without_the_agreed_token_is_401_and_not_kept(office: Office) -> None:
    request = {"id": uuid4(), "notify_id": uuid4()}
    good = receipt_for(office, request, "delivered", 0)
    for token in ("", "wrong", TOKEN[:-1], f"{TOKEN}x"):
        assert (await office.post_receipt(good, token)).status_code == 401
    assert (await office.post_receipt({**good, "status": "lost"}, "wrong")).status_code == 401
    assert await office.fetch("select 1 from interventions.notification_receipt") == []


@pytest.mark.parametrize(
    "change", [{"status": "lost"}, {"id": "x"}, {"more": 1}, {"completed_at": "soon"}, {"to": None}]
)
async def test_a_malformed_receipt_is_400_and_not_kept(office: Office, change: dict[str, Any]) -> None:
    good = receipt_for(office, {"id": uuid4(), "notify_id": uuid4()}, "delivered", 0)
    assert (await office.post_receipt({**good, **change}, TOKEN)).status_code == 400
    assert await office.fetch("select 1 from interventions.notification_receipt") == []


async def test_receipts_are_kept_unreadable(office: Office) -> None:
    await office.post_receipt(receipt_for(office, {"id": uuid4(), "notify_id": uuid4()}, "delivered", 0), TOKEN)
    (row,) = await office.fetch("select * from interventions.notification_receipt")
    assert "example.test" not in str(row)
