"""The official Python client against the stand-in, over TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from tests.service.notify.conftest import Office, on_tcp
from throughcare.kit.notify.keys import template_id


class Client:
    """The official client, which blocks, in a thread."""

    def __init__(self, key: object, address: str) -> None:
        make: Callable[..., Any] = NotificationsAPIClient
        self.client = make(str(key), base_url=address, timeout=5)

    async def __call__(self, method: str, *args: Any, **options: Any) -> Any:
        call: Callable[..., Any] = getattr(self.client, method)
        return await asyncio.to_thread(call, *args, **options)

    async def refused(self, method: str, *args: Any, **options: Any) -> Any:
        with pytest.raises(HTTPError) as refused:
            await self(method, *args, **options)
        return refused.value


@pytest.fixture(scope="module")
async def address(shared_office: Office) -> AsyncIterator[str]:
    async with on_tcp(shared_office.host.topology.apps["notify"]) as opened:
        yield opened


@pytest.fixture
async def client(office: Office, address: str) -> AsyncIterator[Client]:
    made = Client(office.key(), address)
    yield made
    made.client.request_session.close()


WELCOME = {"first name": "Anna", "reasons": ["it is warm", "it is dry"], "deadline": "Friday", "urgent": True}


async def test_an_email_is_sent_and_read_back(client: Client, office: Office) -> None:
    reference = str(uuid4())
    sent = await client(
        "send_email_notification", "anna@example.test", str(template_id("welcome")), personalisation=WELCOME,
        reference=reference, one_click_unsubscribe_url="https://stop.example.test/1",
    )  # fmt: skip
    assert sent["reference"] == reference
    assert sent["content"]["subject"] == "Welcome, Anna"
    assert sent["content"]["from_email"] == "sandbox@notifications.service.gov.uk"
    assert sent["content"]["one_click_unsubscribe_url"] == "https://stop.example.test/1"
    assert "* it is warm\n* it is dry" in sent["content"]["body"]
    assert "Please answer today." in sent["content"]["body"]
    assert sent["template"]["id"] == str(template_id("welcome"))
    assert sent["scheduled_for"] is None
    assert sent["sanitised_content"] == {}
    assert sent["uri"].endswith(f"/v2/notifications/{sent['id']}")

    await office.drain()
    read = await client("get_notification_by_id", sent["id"])
    assert read["status"] == "delivered"
    assert read["email_address"] == "anna@example.test"
    assert read["phone_number"] is None
    assert read["type"] == "email"
    assert read["body"] == sent["content"]["body"]
    assert read["created_at"] == "2024-03-04T12:00:00.000000Z"
    assert read["completed_at"] == "2024-03-04T12:00:00.000000Z"


async def test_a_text_is_sent_and_read_back(client: Client) -> None:
    sent = await client(
        "send_sms_notification", "07700900001", str(template_id("reminder")),
        personalisation={"name": "Anna", "time": "10am", "extra": "no"},
    )  # fmt: skip
    assert sent["content"] == {
        "body": "Hello Anna, your appointment is at 10am.", "from_number": "GOVUK"
    }  # fmt: skip
    assert "sanitised_content" not in sent
    read = await client("get_notification_by_id", sent["id"])
    assert (read["type"], read["phone_number"], read["status"]) == ("sms", "07700900001", "created")
    assert read["completed_at"] is None


async def test_untrusted_values_are_sanitised_on_request(client: Client) -> None:
    values = {**WELCOME, "first name": "Anna [win](https://evil.example/x)"}
    sent = await client(
        "send_email_notification", "anna@example.test", str(template_id("welcome")), personalisation=values,
        sanitise_content_for=["First_Name", "deadline"],
    )  # fmt: skip
    assert sent["sanitised_content"] == {
        "first name": {"unsanitised": values["first name"], "sanitised": r"Anna \[win\]\("}
    }
    assert "evil.example" not in sent["content"]["body"]


async def test_messages_are_listed_newest_first_by_reference_type_and_status(client: Client, office: Office) -> None:
    reference = str(uuid4())
    first = await client("send_email_notification", "a@example.test", str(template_id("plain")), reference=reference)
    second = await client("send_email_notification", "b@example.test", str(template_id("plain")), reference=reference)
    await client(
        "send_sms_notification",
        "07700900001",
        str(template_id("reminder")),
        {"name": "A", "time": "1", "extra": ""},
    )
    listed = await client("get_all_notifications", reference=reference)
    assert [one["id"] for one in listed["notifications"]] == [second["id"], first["id"]]
    assert listed["links"]["current"].endswith(f"/v2/notifications?reference={reference}")
    assert f"older_than={first['id']}" in listed["links"]["next"]
    assert len((await client("get_all_notifications", template_type="sms"))["notifications"]) == 1
    assert len((await client("get_all_notifications", status="created"))["notifications"]) == 3
    assert (await client("get_all_notifications", status="failed"))["notifications"] == []
    older = await client("get_all_notifications", older_than=second["id"])
    assert [one["id"] for one in older["notifications"]] == [first["id"]]
    assert "next" not in (await client("get_all_notifications", older_than=first["id"]))["links"]


async def test_the_clients_iterator_walks_through_every_page(client: Client, office: Office) -> None:
    for number in range(3):
        await client("send_email_notification", f"a{number}@example.test", str(template_id("plain")))
    everything = await asyncio.to_thread(lambda: list(client.client.get_all_notifications_iterator()))
    assert [one["email_address"] for one in everything] == [
        "a2@example.test",
        "a1@example.test",
        "a0@example.test",
    ]


async def test_templates_are_read_listed_and_previewed(client: Client) -> None:
    key = str(template_id("welcome"))
    one = await client("get_template", key)
    assert (one["id"], one["type"], one["version"], one["name"]) == (key, "email", 1, "Welcome")
    assert one["subject"] == "Welcome, ((first name))"
    assert list(one["personalisation"]) == ["first name", "reasons", "deadline", "urgent"]
    assert await client("get_template_version", key, 1) == one
    assert (await client.refused("get_template_version", key, 2)).status_code == 404
    assert len((await client("get_all_templates"))["templates"]) == 4
    texts = (await client("get_all_templates", template_type="sms"))["templates"]
    assert [text["id"] for text in texts] == [str(template_id("reminder"))]
    preview = await client("post_template_preview", key, WELCOME)
    assert preview["subject"] == "Welcome, Anna"
    assert "<h2>Hello Anna</h2>" in preview["html"]
    assert "<blockquote>" in preview["html"]
    missing = await client.refused("post_template_preview", key, {"deadline": "x"})
    assert missing.message == [
        {"error": "BadRequestError", "message": "Missing personalisation: first name, reasons, urgent"}
    ]


async def test_there_are_no_received_texts(client: Client) -> None:
    assert (await client("get_received_texts"))["received_text_messages"] == []
    assert await asyncio.to_thread(lambda: list(client.client.get_received_texts_iterator())) == []


async def test_errors_reach_the_client_with_their_class(client: Client) -> None:
    unknown = await client.refused("get_notification_by_id", str(uuid4()))
    assert (unknown.status_code, unknown.message[0]["error"]) == (404, "NoResultFound")
    refused = await client.refused("send_email_notification", "nobody", str(template_id("welcome")), WELCOME)
    assert refused.status_code == 400
    assert refused.message == [{"error": "ValidationError", "message": "email_address Not a valid email address"}]
    letter = await client.refused("send_letter_notification", str(template_id("plain")), {"address_line_1": "x"})
    assert (letter.status_code, letter.message[0]["error"]) == (400, "BadRequestError")


async def test_a_wrong_key_is_refused(office: Office, address: str) -> None:
    stranger = Client(office.key("sandbox-old"), address)
    refused = await stranger.refused("get_all_notifications")
    assert (refused.status_code, refused.message[0]["error"]) == (403, "AuthError")
    stranger.client.request_session.close()


async def test_a_connection_cut_after_acceptance_leaves_the_client_in_doubt(client: Client, office: Office) -> None:
    await office.fault(kind="drop")
    reference = str(uuid4())
    doubt = await client.refused(
        "send_email_notification", "a@example.test", str(template_id("plain")), reference=reference
    )
    assert doubt.status_code == 503
    listed = await client("get_all_notifications", reference=reference)
    assert len(listed["notifications"]) == 1
