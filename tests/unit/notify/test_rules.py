from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.notify.keys import service_id
from throughcare.kit.notify.sending import DELAYS, backoff
from throughcare.kit.settings import Secrets
from throughcare.services.notify.account.model import Caller
from throughcare.services.notify.account.store import load_accounts
from throughcare.services.notify.callback.model import Callback, judge
from throughcare.services.notify.document.model import read_object
from throughcare.services.notify.limit.model import RateLimits
from throughcare.services.notify.notification.model import (
    Notification,
    Origin,
    Timing,
    new_notification,
    progress,
    wanted_statuses,
)
from throughcare.services.notify.refusal.model import Refused
from throughcare.services.notify.template.model import Content
from throughcare.services.notify.template.store import load_templates

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SANDBOX = load_accounts(Secrets("unit"), {})[service_id("sandbox")]
KEYS = {one.name: one for one in SANDBOX.keys}
TEMPLATE = load_templates().of("sandbox")[0]


def caller(name: str) -> Caller:
    return Caller(SANDBOX, KEYS[name])


def message(recipient: str = "a@example.test", key: str = "sandbox", timing: Timing | None = None) -> Notification:
    origin = Origin(TEMPLATE, Content("s", "b"), {}, {})
    return new_notification(
        uuid4(),
        caller(key),
        recipient=recipient,
        normal=recipient,
        origin=origin,
        now=NOW,
        timing=timing or Timing(),
    )


def passed(limits: RateLimits, who: Caller, now: float, tries: int) -> int:
    count = 0
    for _ in range(tries):
        try:
            limits.take(who, now)
        except Refused as refused:
            refusals = {(refused.status, one.error) for one in refused.problems}
            if refusals != {(429, "RateLimitError")}:
                raise
        else:
            count += 1
    return count


def test_a_burst_is_a_third_of_a_minute_and_one_but_a_thousand_at_most() -> None:
    assert passed(RateLimits(3000), caller("sandbox"), 0.0, 1100) == 1000
    assert passed(RateLimits(30), caller("sandbox"), 0.0, 20) == 11


def test_the_bucket_fills_by_the_minute_rate_and_never_over_its_size() -> None:
    limits = RateLimits(30)
    assert passed(limits, caller("sandbox"), 0.0, 20) == 11
    assert passed(limits, caller("sandbox"), 1.9, 5) == 0
    assert passed(limits, caller("sandbox"), 4.0, 5) == 2
    assert passed(limits, caller("sandbox"), 4000.0, 20) == 11


def test_each_type_of_key_has_its_own_bucket_and_test_keys_have_none() -> None:
    limits = RateLimits(3)
    assert passed(limits, caller("sandbox"), 0.0, 5) == 2
    assert passed(limits, caller("sandbox-team"), 0.0, 5) == 2
    assert passed(limits, caller("sandbox-test"), 0.0, 50) == 50


@given(st.lists(st.floats(min_value=0, max_value=5), min_size=1, max_size=60))
def test_no_minute_lets_more_through_than_burst_and_rate(waits: list[float]) -> None:
    limits, now, times = RateLimits(60), 0.0, []
    for wait in waits:
        now += wait
        if passed(limits, caller("sandbox"), now, 1):
            times.append(now)
    for start in times:
        assert sum(start <= one < start + 60 for one in times) <= 21 + 60


def test_a_message_goes_to_the_provider_and_is_delivered_by_the_clock() -> None:
    timing = Timing(timedelta(seconds=2), timedelta(seconds=5))
    one = message(timing=timing)
    assert one.next_change_at == NOW + timedelta(seconds=2)
    assert progress(one, NOW + timedelta(seconds=1), timing) == (one, [])
    sending, changes = progress(one, NOW + timedelta(seconds=3), timing)
    assert (sending.status, sending.completed_at, len(changes)) == ("sending", None, 1)
    done, changes = progress(sending, NOW + timedelta(seconds=9), timing)
    assert (done.status, done.completed_at, done.next_change_at) == (
        "delivered",
        NOW + timedelta(seconds=5),
        None,
    )
    assert progress(one, NOW + timedelta(seconds=9), timing)[0] == done


def test_without_delays_a_message_is_delivered_at_once_and_its_history_is_whole() -> None:
    done, changes = progress(message(), NOW, Timing())
    assert [change.status for change in changes] == ["sending", "delivered"]
    assert progress(done, NOW + timedelta(days=1), Timing()) == (done, [])


@pytest.mark.parametrize(
    ("recipient", "with_test_key"),
    [
        ("perm-fail@simulator.notify", "permanent-failure"), ("447700900002", "permanent-failure"),
        ("temp-fail@simulator.notify", "temporary-failure"), ("447700900003", "temporary-failure"),
        ("anybody@example.test", "delivered"),
    ],
)  # fmt: skip
def test_failing_recipients_fail_with_test_keys_only(recipient: str, with_test_key: str) -> None:
    assert message(recipient, "sandbox-test").outcome == with_test_key
    assert message(recipient, "sandbox").outcome == "delivered"


def test_simulated_recipients_are_known() -> None:
    assert message("simulate-delivered-2@notifications.service.gov.uk").simulated
    assert message("447700900111").simulated
    assert not message("447700900112").simulated


def test_failed_stands_for_every_failure() -> None:
    failures = {"permanent-failure", "temporary-failure", "technical-failure"}
    assert wanted_statuses(["failed", "created"]) == failures | {"created"}
    assert wanted_statuses(["sent"]) == {"sent"}


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "received"), (204, "received"), (301, "refused"), (400, "refused"), (404, "refused"),
     (429, "retry"), (500, "retry"), (503, "retry"), (None, "retry")],
)  # fmt: skip
def test_a_receipt_is_tried_again_after_silence_5xx_and_429_only(status: int | None, verdict: str) -> None:
    attempt = judge(Callback(uuid4(), uuid4(), {}, attempts=1), status, NOW)
    assert attempt.verdict == verdict
    assert attempt.next_attempt_at == (NOW + timedelta(minutes=5) if verdict == "retry" else None)


def test_a_receipt_is_tried_six_times_in_all() -> None:
    callback = Callback(uuid4(), uuid4(), {}, attempts=5)
    assert judge(callback, 500, NOW).verdict == "retry"
    assert judge(replace(callback, attempts=6), 500, NOW).verdict == "given-up"


@given(st.integers(min_value=1, max_value=50))
def test_sending_waits_longer_each_time_up_to_an_hour_with_a_fifth_of_chance(attempts: int) -> None:
    delay = DELAYS[min(attempts, 5) - 1]
    assert 0.8 * delay <= backoff(attempts) <= 1.2 * delay


@given(st.text(), st.text())
def test_what_is_sealed_opens_only_with_the_same_secret_and_reads_like_nothing(text: str, other: str) -> None:
    cipher = MailCipher(Secrets("a"), "sandbox")
    sealed = cipher.seal(text)
    assert cipher.open(sealed) == text
    assert sealed != cipher.seal(text)
    assert (cipher.hash(text) == cipher.hash(other)) == (text.strip().lower() == other.strip().lower())
    assert cipher.hash(text) != MailCipher(Secrets("b"), "sandbox").hash(text)


@pytest.mark.parametrize(
    "body", [b"{", b"{'a': 1}", b'{"a": NaN}', b'{"a": 1e999}', b'"\\ud800"', b"\xff", b"[" * 100_000]
)
def test_a_body_that_could_not_be_kept_is_bad_json(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_object(body)
    assert refused.value.problems[0].error == "BadRequestError"


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null"])
def test_a_body_that_is_no_object_is_invalid(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_object(body)
    assert refused.value.problems[0].error == "ValidationError"


def test_an_empty_body_is_an_empty_object() -> None:
    assert read_object(b" \n") == {}
