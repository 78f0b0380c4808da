from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.notify.recipient.model import (
    email_address,
    is_phone_number,
    normal_form,
    phone_number,
)
from throughcare.services.notify.refusal.model import Refused


@pytest.mark.parametrize(
    "address",
    [
        "a@example.test", "first.last+tag@sub.example.test", "o'neill@example.test",
        "a@xn--bcher-kva.example",
        "a@bücher.example", "!#$%&'*+/=?^_`{|}~-@example.test", "a@b-c.example", "a@1and1.example",
    ],
)  # fmt: skip
def test_addresses_that_notify_accepts(address: str) -> None:
    assert email_address(address) == address


def test_odd_spaces_are_dropped_and_letters_made_small() -> None:
    assert email_address(" \u200bAnna@Example.Test\u00a0\n") == "anna@example.test"


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "a@", "@example.test", "a@b", "a@@example.test", "a@b@example.test", "a..b@example.test",
        "a@example..test", "a b@example.test", '"a"@example.test', "a@-example.test", "a@example-.test",
        "a@example.t", "a@example.123", f"a@{'x' * 64}.test", f"{'a' * 310}@example.test", "a@.example.test",
        f"a@{'x.' * 126}test", "a;b@example.test",
    ],
)  # fmt: skip
def test_addresses_that_notify_refuses(address: str) -> None:
    assert email_address(address) is None


@given(st.text(max_size=50))
def test_no_text_breaks_the_reading_of_addresses_and_numbers(text: str) -> None:
    address = email_address(text)
    assert address is None or email_address(address) == address
    assert is_phone_number(text) in {True, False}


@pytest.mark.parametrize(
    "number",
    ["07700900001", "+447700900001", "00447700900001", "447700900001", "7700 900-001", "(07700) 900.001"],
)
def test_a_uk_mobile_is_the_same_number_however_it_is_written(number: str) -> None:
    assert phone_number(number) == "447700900001"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("020 7946 0000", "InvalidPhoneError"), ("+1 202 555 0100", "BadRequestError"),
        ("hello", "ValidationError"), ("", "ValidationError"), ("0770090000", "ValidationError"),
        ("07000900001", "ValidationError"),
        ("+12", "ValidationError"), ("٠٧٧٠٠٩٠٠٠٠١", "ValidationError"),
    ],
)  # fmt: skip
def test_other_numbers_are_refused_by_their_own_class_of_error(number: str, error: str) -> None:
    with pytest.raises(Refused) as refused:
        phone_number(number)
    assert [one.error for one in refused.value.problems] == [error]
    assert refused.value.status == 400


def test_recipients_are_compared_in_their_normal_form() -> None:
    assert normal_form("ANNA@example.test") == "anna@example.test"
    assert normal_form("07700 900001") == "447700900001"
    with pytest.raises(Refused):
        normal_form("a@b")
