"""The sender: a message asked for in a transaction reaches its reader once, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.service.notify.conftest import Office, open_office
from tests.service.notify.sender import MANIFEST
from throughcare.kit.notify import Notifier, UnknownTemplate, send_due, template_differences
from throughcare.kit.notify.client import notify_peer

FIELDS = {"organisationName": "A provider", "referenceNumber": "AB1234", "referralUrl": "http://ui.test/1"}
TO = "provider@example.test"


async def ask(
    office: Office, key: str, *, to: str = TO, window: timedelta = timedelta(days=1), verified: bool = True,
    user_typed: Sequence[str] = (), **fields: str,
) -> None:  # fmt: skip
    ctx = office.context()
    async with ctx.uow as uow:
        await Notifier.of(ctx, MANIFEST).request(
            uow, template="referral-sent", to=to, personalisation={**FIELDS, **fields}, dedupe_key=key,
            window=window, verified=verified, user_typed=user_typed,
        )  # fmt: skip


async def test_a_message_asked_for_arrives_filled_in(office: Office) -> None:
    await ask(office, "sent")
    assert (await office.request("sent"))["status"] == "queued"
    await office.drain()
    (found,) = await office.messages(service="interventions")
    assert (found["to"], found["subject"]) == (TO, "New referral AB1234")
    request = await office.request("sent")
    assert found["reference"] == str(request["id"])
    assert str(request["notify_id"]) == found["id"]
    assert (request["attempts"], request["template_version_seen"], request["channel"]) == (1, 1, "email")


async def test_a_message_asked_for_in_a_transaction_that_fails_is_never_sent(office: Office) -> None:
    ctx = office.context()
    notifier = Notifier.of(ctx, MANIFEST)

    async def fail() -> None:
        async with ctx.uow as uow:
            await notifier.request(
                uow, template="referral-sent", to=TO, personalisation=FIELDS, dedupe_key="x", window=timedelta(1)
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await office.drain() == 0
    assert await office.messages() == []


async def test_the_same_message_asked_for_twice_is_sent_once(office: Office) -> None:
    await ask(office, "twice")
    await ask(office, "twice", to="other@example.test")
    await office.drain()
    assert len(await office.messages()) == 1


async def test_recipient_and_values_stand_nowhere_in_clear(office: Office) -> None:
    await ask(office, "secret")
    row = str(await office.request("secret"))
    assert TO not in row
    assert "AB1234" not in row
    await ask(office, "secret too", to=f" {TO.upper()} ")
    assert (await office.request("secret too"))["recipient_hash"] == (await office.request("secret"))["recipient_hash"]


async def test_what_somebody_typed_loses_links_and_formatting(office: Office) -> None:
    await ask(office, "typed", organisationName="# Pay [here](https://evil.example/x)", user_typed=["organisationName"])
    await office.drain()
    (found,) = await office.messages()
    assert "evil.example" not in found["html"]
    assert "Hello # Pay [here](" in found["text"]
    assert 'href="http://ui.test/1"' in found["html"]


@pytest.mark.parametrize("status", [429, 500, 503, 504])
async def test_a_failing_notify_is_tried_again_later(office: Office, status: int) -> None:
    await office.fault(kind="answer", status=status)
    await ask(office, "later")
    await office.drain()
    request = await office.request("later")
    assert (request["status"], request["attempts"], request["notify_id"]) == ("queued", 1, None)
    assert request["last_error_class"] == f"status {status}"
    await office.make_due()
    await office.drain()
    assert (await office.request("later"))["status"] == "delivered"
    assert len(await office.messages()) == 1


async def test_the_pauses_grow_by_the_table(office: Office) -> None:
    await office.fault(kind="answer", status=500, requests=1000)
    await ask(office, "pauses")
    pauses = []
    for _ in range(3):
        await office.make_due()
        await send_due(office.context())
        (row,) = await office.fetch(
            "select extract(epoch from next_attempt_at - now())::float8 as s from interventions.notification_request"
        )
        pauses.append(row["s"])
        office.host.runtimes["interventions"].gateway.breaker("notify").succeeded()
    assert 3 <= pauses[0] <= 6
    assert 23 <= pauses[1] <= 36
    assert 95 <= pauses[2] <= 144


async def test_a_message_that_notify_took_before_the_connection_broke_is_adopted_and_not_sent_again(
    office: Office,
) -> None:
    await office.fault(kind="drop")
    await ask(office, "doubt")
    await send_due(office.context())
    request = await office.request("doubt")
    assert (request["status"], request["notify_id"]) == ("queued", None)
    (found,) = await office.messages()
    await office.make_due()
    await send_due(office.context())
    request = await office.request("doubt")
    assert (request["status"], str(request["notify_id"])) == ("accepted", found["id"])
    assert len(await office.messages()) == 1


async def test_senders_that_run_side_by_side_send_each_message_once(office: Office) -> None:
    for number in range(25):
        await ask(office, f"crowd {number}")
    sent = await asyncio.gather(*(send_due(office.context()) for _ in range(4)))
    assert sum(sent) == 25
    assert len(await office.messages()) == 25


async def test_a_sender_that_died_in_the_middle_is_followed_by_one_that_asks_first(office: Office) -> None:
    await ask(office, "died")
    assert await send_due(office.context()) == 1
    await office.fetch(
        "update interventions.notification_request set status = 'sending', notify_id = null,"
        " claimed_until = now() - interval '1 second'"
    )
    assert await send_due(office.context()) == 1
    assert len(await office.messages()) == 1
    assert (await office.request("died"))["status"] == "accepted"


async def test_a_claimed_message_is_left_alone_while_its_lease_runs(office: Office) -> None:
    await ask(office, "leased")
    await office.fetch(
        "update interventions.notification_request set status = 'sending', claimed_until = now() + interval '1 minute'"
    )
    assert await send_due(office.context()) == 0


async def test_a_message_that_notify_refuses_ends_after_one_try(office: Office) -> None:
    await ask(office, "refused", to="nobody")
    await office.drain()
    request = await office.request("refused")
    assert (request["status"], request["attempts"]) == ("failed-permanent", 1)
    assert request["last_error_class"] == "ValidationError"
    assert request["completed_at"] == office.clock.now()


async def test_a_refused_key_keeps_every_message_queued_and_holds_the_sender(server: str) -> None:
    wrong = "wrong-3a3f3a3f-0000-4000-8000-000000000000-3a3f3a3f-0000-4000-8000-000000000001"
    async with open_office(server, interventions__notify_api_key=wrong) as office:
        for number in range(12):
            await ask(office, f"held {number}")
        await office.drain()
        rows = await office.fetch(
            "select status, next_attempt_at > now() + interval '4 minutes' as held, attempts"
            " from interventions.notification_request order by attempts desc"
        )
        assert [one["status"] for one in rows] == ["queued"] * 12
        assert all(one["held"] for one in rows)
        assert [one["attempts"] for one in rows] == [1] * 10 + [0] * 2


async def test_a_message_that_is_no_longer_useful_is_abandoned(office: Office) -> None:
    await office.fault(kind="answer", status=503)
    await ask(office, "too late", window=timedelta(seconds=2))
    await send_due(office.context())
    (row,) = await office.fetch(
        "select next_attempt_at <= expires_at as in_time from interventions.notification_request"
    )
    assert row["in_time"]
    await office.fetch(
        "update interventions.notification_request"
        " set next_attempt_at = now(), expires_at = now() - interval '1 second'"
    )
    await office.drain()
    request = await office.request("too late")
    assert (request["status"], request["last_error_class"]) == ("abandoned", "Expired")
    assert await office.messages() == []


async def test_nothing_is_sent_to_an_address_that_is_not_verified(office: Office) -> None:
    await ask(office, "unverified", verified=False)
    await office.drain()
    assert (await office.request("unverified"))["status"] == "suppressed"
    assert await office.messages() == []


async def test_nothing_is_sent_for_a_week_to_an_address_that_does_not_exist(office: Office) -> None:
    await ask(office, "first")
    await office.drain()
    request = await office.request("first")
    office.clock.advance(timedelta(seconds=1))
    await office.inbox("POST", f"/inbox/{request['notify_id']}/status", json={"status": "permanent-failure"})
    await office.drain()
    await ask(office, "second", to=TO.title())
    await ask(office, "somebody else", to="other@example.test")
    office.clock.advance(timedelta(days=8))
    await ask(office, "third")
    await office.drain()
    statuses = [(await office.request(key))["status"] for key in ("second", "somebody else", "third")]
    assert statuses == ["suppressed", "delivered", "delivered"]


async def test_mail_that_is_switched_off_is_recorded(server: str) -> None:
    async with open_office(server, interventions__mail_enabled="false") as office:
        await ask(office, "off")
        await office.drain()
        assert (await office.request("off"))["status"] == "suppressed"


async def test_a_message_outside_the_manifest_is_refused_at_once(office: Office) -> None:
    ctx = office.context()
    notifier = Notifier.of(ctx, MANIFEST)
    for template, fields in (("referral-lost", FIELDS), ("referral-sent", {"organisationName": "A"})):
        with pytest.raises(UnknownTemplate):
            async with ctx.new_uow() as uow:
                await notifier.request(
                    uow, template=template, to=TO, personalisation=fields, dedupe_key="x", window=timedelta(1)
                )
    assert await office.fetch("select 1 from interventions.notification_request") == []


async def test_a_message_without_a_receipt_is_asked_about_after_four_days(office: Office) -> None:
    await ask(office, "silent")
    await send_due(office.context())
    office.clock.advance(timedelta(hours=96))
    jobs = office.host.runtimes["interventions"].jobs
    assert await jobs.run_now("reconcile-mail") == "ok"
    assert (await office.request("silent"))["status"] == "accepted"
    await office.fetch(
        "update notify.notification set status = 'temporary-failure', completed_at = $1", office.clock.now()
    )
    office.clock.advance(timedelta(hours=2))
    assert await jobs.run_now("reconcile-mail") == "ok"
    assert (await office.request("silent"))["status"] == "failed-temporary"


async def test_a_message_that_notify_has_forgotten_is_a_technical_failure(office: Office) -> None:
    await ask(office, "forgotten")
    await send_due(office.context())
    office.clock.advance(timedelta(days=8))
    assert await office.host.runtimes["interventions"].jobs.run_now("reconcile-mail") == "ok"
    assert (await office.request("forgotten"))["status"] == "failed-technical"


async def test_recipient_and_values_are_forgotten_a_week_after_the_end(office: Office) -> None:
    await ask(office, "old")
    await office.drain()
    jobs = office.host.runtimes["interventions"].jobs
    office.clock.advance(timedelta(days=6))
    assert await jobs.run_now("wipe-mail") == "ok"
    assert (await office.request("old"))["personalisation"] is not None
    office.clock.advance(timedelta(days=2))
    assert await jobs.run_now("wipe-mail") == "ok"
    row = await office.request("old")
    assert (row["personalisation"], row["recipient_ciphertext"], row["status"]) == (None, None, "delivered")
    assert await office.fetch("select 1 from interventions.notification_receipt") == []


async def test_the_templates_at_notify_are_those_of_the_manifest(office: Office) -> None:
    seen = await notify_peer(office.context()).templates()
    assert template_differences(MANIFEST, {}, seen) == []
    assert len(seen) == 30
