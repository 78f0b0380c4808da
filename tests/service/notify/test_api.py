"""The Notify API's rules at its own door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.service.notify.conftest import Office, open_office
from throughcare.kit.clock import real_now
from throughcare.kit.db.database import counting_statements
from throughcare.kit.notify.keys import ApiKey, template_id

PLAIN = str(template_id("plain"))
REMINDER = str(template_id("reminder"))
FILLED = {"name": "Anna", "time": "10am", "extra": "yes"}


def errors(reply: Any, status: int) -> list[str]:
    assert reply.status_code == status, reply.text
    body = reply.json()
    assert body["status_code"] == status
    return [one["error"] for one in body["errors"]]


async def test_every_route_of_the_api_asks_for_a_token_of_its_own(office: Office) -> None:
    places = [
        ("POST", "/v2/notifications/email"), ("POST", "/v2/notifications/sms"),
        ("POST", "/v2/notifications/letter"), ("GET", "/v2/notifications"),
        ("GET", f"/v2/notifications/{uuid4()}"), ("GET", f"/v2/notifications/{uuid4()}/pdf"),
        ("GET", "/v2/templates"), ("GET", f"/v2/template/{PLAIN}"),
        ("GET", f"/v2/template/{PLAIN}/version/1"), ("POST", f"/v2/template/{PLAIN}/preview"),
        ("GET", "/v2/received-text-messages"),
    ]  # fmt: skip
    for method, path in places:
        reply = await office.call(method, path, headers={"Authorization": ""})
        assert errors(reply, 401) == ["AuthError"], path
        reply = await office.call(method, path, headers={"Authorization": "Bearer x.y.z"})
        assert errors(reply, 403) == ["AuthError"], path


async def test_a_token_older_than_thirty_seconds_is_refused_whatever_the_business_clock(
    office: Office,
) -> None:
    token = office.key().token(real_now() - timedelta(seconds=40))
    reply = await office.call("GET", "/v2/templates", headers={"Authorization": f"Bearer {token}"})
    assert errors(reply, 403) == ["AuthError"]
    token = office.key().token(office.clock.now())
    reply = await office.call("GET", "/v2/templates", headers={"Authorization": f"Bearer {token}"})
    assert errors(reply, 403) == ["AuthError"]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"email_address": "nobody"}, 1),
        ({"template_id": "x"}, 1),
        ({"email_address": 5, "template_id": 5, "personalisation": []}, 3),
        ({"reference": "x" * 1001}, 1),
        ({"reference": None}, 1),
        ({"more": 1, "and more": 2}, 2),
        ({"one_click_unsubscribe_url": "http://a.test"}, 1),
        ({"one_click_unsubscribe_url": "https:a.test"}, 1),
        ({"email_reply_to_id": "x"}, 1),
        ({"sanitise_content_for": "name"}, 1),
        ({"sanitise_content_for": [1]}, 1),
        ({"scheduled_for": "tomorrow"}, 1),
        ({"scheduled_for": "2024-03-04T11:00:00"}, 1),
        ({"scheduled_for": "2024-03-06T11:00:00"}, 1),
    ],
)
async def test_each_problem_with_the_form_is_listed(office: Office, fields: dict[str, Any], found: int) -> None:
    body = {"email_address": "a@example.test", "template_id": PLAIN, **fields}
    reply = await office.call("POST", "/v2/notifications/email", json=body)
    assert errors(reply, 400) == ["ValidationError"] * found
    assert await office.messages() == []


async def test_nulls_that_mean_none_are_accepted(office: Office) -> None:
    reply = await office.email(sanitise_content_for=None, scheduled_for=None)
    assert reply.status_code == 201


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', '{"email_address": NaN}', "\x7f"])
async def test_a_body_that_is_no_proper_object_is_400(office: Office, body: str) -> None:
    reply = await office.call("POST", "/v2/notifications/email", content=body.encode())
    assert reply.status_code == 400
    assert reply.json()["errors"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"phone_number": "020 7946 0000"}, "InvalidPhoneError"),
        ({"phone_number": "+1 202 555 0100"}, "BadRequestError"),
        ({"phone_number": "12"}, "ValidationError"),
        ({"template_id": PLAIN}, "BadRequestError"),
        ({"template_id": str(uuid4())}, "BadRequestError"),
        ({"personalisation": {"name": "Anna"}}, "BadRequestError"),
        ({"personalisation": {**FILLED, "name": "x" * 900}}, "BadRequestError"),
        ({"personalisation": {**FILLED, "name": {"file": "aGk="}}}, "BadRequestError"),
        ({"sms_sender_id": str(uuid4())}, "BadRequestError"),
    ],
)  # fmt: skip
async def test_a_text_that_breaks_a_rule_is_refused(office: Office, body: dict[str, Any], error: str) -> None:
    whole = {"phone_number": "07700900001", "template_id": REMINDER, "personalisation": FILLED, **body}
    assert errors(await office.call("POST", "/v2/notifications/sms", json=whole), 400) == [error]


async def test_senders_of_the_service_are_used_and_others_refused(office: Office) -> None:
    known = await office.inbox(path="/inbox/services")
    assert {one["slug"] for one in known.json()["services"]} >= {"interventions", "sandbox", "sandbox-trial"}
    refused = await office.email(email_reply_to_id=str(uuid4()))
    assert errors(refused, 400) == ["BadRequestError"]


async def test_files_are_checked_and_then_refused_because_nobody_set_them_up(office: Office) -> None:
    values = {"text": {"file": "aGk=", "filename": "no-extension"}}
    refused = await office.email(template="only-a-value", personalisation=values)
    assert errors(refused, 400) == ["ValidationError"]
    values = {"text": {"file": "aGk=", "filename": "a.csv", "retention_period": "4 weeks"}}
    refused = await office.email(template="only-a-value", personalisation=values)
    assert errors(refused, 400) == ["BadRequestError"]


async def test_a_message_that_becomes_empty_is_refused(office: Office) -> None:
    assert errors(await office.email(template="only-a-value", personalisation={"text": ""}), 400) == ["BadRequestError"]


async def test_simulated_recipients_get_an_answer_and_nothing_is_kept(office: Office) -> None:
    reply = await office.email("simulate-delivered@notifications.service.gov.uk")
    assert reply.status_code == 201
    body = {"phone_number": "+447700900222", "template_id": REMINDER, "personalisation": FILLED}
    assert (await office.call("POST", "/v2/notifications/sms", json=body)).status_code == 201
    found = await office.call("GET", f"/v2/notifications/{reply.json()['id']}")
    assert errors(found, 404) == ["NoResultFound"]
    assert await office.messages() == []
    assert errors(await office.email("simulate-delivered@notifications.service.gov.uk", "welcome"), 400) == [
        "BadRequestError"
    ]


async def test_test_keys_make_recipients_fail_and_list_only_their_own_messages(office: Office) -> None:
    test_key = office.key("sandbox-test")
    await office.email("live@example.test")
    for recipient in ("perm-fail@simulator.notify", "temp-fail@simulator.notify", "anybody@example.test"):
        assert (await office.email(recipient, key=test_key)).status_code == 201
    await office.drain()
    listed = (await office.call("GET", "/v2/notifications", key=test_key)).json()["notifications"]
    statuses = [(one["email_address"], one["status"]) for one in reversed(listed)]
    assert statuses == [
        ("perm-fail@simulator.notify", "permanent-failure"),
        ("temp-fail@simulator.notify", "temporary-failure"), ("anybody@example.test", "delivered"),
    ]  # fmt: skip
    assert all(one["completed_at"] for one in listed)
    failed = await office.call("GET", "/v2/notifications?status=failed", key=test_key)
    assert len(failed.json()["notifications"]) == 2
    by_id = await office.call("GET", f"/v2/notifications/{listed[0]['id']}")
    assert by_id.status_code == 200


async def test_team_keys_and_trial_services_reach_their_own_people_only(office: Office) -> None:
    team = office.key("sandbox-team")
    assert errors(await office.email("anybody@example.test", key=team), 400) == ["BadRequestError"]
    assert (await office.email("Guest@sandbox.example", key=team)).status_code == 201
    trial = office.key("sandbox-trial", "sandbox-trial")
    assert errors(await office.email("anybody@example.test", key=trial), 400) == ["BadRequestError"]
    assert (await office.email("team.member@sandbox.example", key=trial)).status_code == 201


@pytest.mark.parametrize(
    ("name", "service", "status"),
    [("sandbox", "sandbox", 400), ("sandbox-team", "sandbox", 403), ("sandbox-trial", "sandbox-trial", 403),
     ("sandbox-trial-test", "sandbox-trial", 400)],
)  # fmt: skip
async def test_letters_are_never_sent(office: Office, name: str, service: str, status: int) -> None:
    key: ApiKey = office.key(name, service)
    reply = await office.call("POST", "/v2/notifications/letter", key=key, json={"reference": "x", "content": "x"})
    assert errors(reply, status) == ["BadRequestError"]


async def test_only_letters_have_a_pdf(office: Office) -> None:
    sent = (await office.email()).json()
    assert errors(await office.call("GET", f"/v2/notifications/{sent['id']}/pdf"), 400) == ["BadRequestError"]
    assert errors(await office.call("GET", f"/v2/notifications/{uuid4()}/pdf"), 404) == ["NoResultFound"]


@pytest.mark.parametrize(
    "query",
    [
        "page=1",
        "status=lost",
        "template_type=fax",
        "older_than=x",
        "include_jobs=false",
        "status=created&status=lost",
    ],
)
async def test_an_unknown_filter_is_400(office: Office, query: str) -> None:
    assert errors(await office.call("GET", f"/v2/notifications?{query}"), 400) == ["ValidationError"]


@pytest.mark.parametrize(
    "path", ["/v2/notifications/x", "/v2/template/x", "/v2/templates?type=fax", "/v2/templates?page=1",
             "/v2/received-text-messages?older_than=x", "/v2/received-text-messages?page=1"],
)  # fmt: skip
async def test_a_malformed_id_or_parameter_is_400(office: Office, path: str) -> None:
    assert errors(await office.call("GET", path), 400) == ["ValidationError"]


async def test_a_service_sees_its_own_messages_and_templates_alone(office: Office) -> None:
    sent = (await office.email()).json()
    stranger = office.key("interventions", "interventions")
    assert errors(await office.call("GET", f"/v2/notifications/{sent['id']}", key=stranger), 404) == ["NoResultFound"]
    assert errors(await office.call("GET", f"/v2/template/{PLAIN}", key=stranger), 404) == ["NoResultFound"]
    listed = await office.call("GET", f"/v2/notifications?older_than={sent['id']}", key=stranger)
    assert listed.json()["notifications"] == []


async def test_a_page_holds_250_messages_and_the_next_begins_where_it_ends(office: Office) -> None:
    for _ in range(252):
        assert (await office.email()).status_code == 201
    first = (await office.call("GET", "/v2/notifications")).json()
    assert len(first["notifications"]) == 250
    second = await office.call("GET", first["links"]["next"].partition("/notify")[2])
    assert len(second.json()["notifications"]) == 2


async def test_strict_mode_refuses_what_real_notify_only_pretends_to_do(office: Office) -> None:
    assert errors(await office.email(scheduled_for="2024-03-04T13:00:00"), 400) == ["ValidationError"]
    assert errors(await office.email(reference="order 66"), 400) == ["ValidationError"]
    assert errors(await office.email(personalisation={"unused": "x"}), 400) == ["BadRequestError"]


async def test_compat_mode_accepts_what_real_notify_accepts(server: str) -> None:
    async with open_office(server, notify__mode="compat") as office:
        reply = await office.email(
            scheduled_for="2024-03-04T13:00:00", reference="order 66", personalisation={"unused": "x"}
        )
        assert reply.status_code == 201
        assert (reply.json()["scheduled_for"], reply.json()["reference"]) == (None, "order 66")


async def test_a_service_in_trial_mode_sends_fifty_messages_a_day(office: Office) -> None:
    trial = office.key("sandbox-trial", "sandbox-trial")
    for _ in range(50):
        assert (await office.email("team.member@sandbox.example", key=trial)).status_code == 201
    refused = await office.email("team.member@sandbox.example", key=trial)
    assert errors(refused, 429) == ["TooManyRequestsError"]
    assert len(await office.messages(service="sandbox-trial", limit="250")) == 50
    assert (
        await office.email("team.member@sandbox.example", key=office.key("sandbox-trial-test", "sandbox-trial"))
    ).status_code == 201
    office.clock.advance(timedelta(days=1))
    assert (await office.email("team.member@sandbox.example", key=trial)).status_code == 201


async def test_too_many_requests_at_once_are_refused_but_not_of_test_keys(server: str) -> None:
    async with open_office(server, notify__rate_per_minute="3") as office:
        replies = [await office.email() for _ in range(3)]
        assert [one.status_code for one in replies] == [201, 201, 429]
        assert errors(replies[2], 429) == ["RateLimitError"]
        for _ in range(4):
            assert (await office.email(key=office.key("sandbox-test"))).status_code == 201
        assert (await office.call("GET", "/v2/notifications")).status_code == 200


async def test_accepting_a_message_takes_four_statements_and_reading_one_takes_two(office: Office) -> None:
    with counting_statements() as statements:
        sent = (await office.email()).json()
    assert len(statements) == 4
    with counting_statements() as statements:
        await office.call("GET", f"/v2/notifications/{sent['id']}")
    assert len(statements) == 2
