from __future__ import annotations

import string
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.kit.telemetry.scrub import scrub, scrub_counted

UPPER = string.ascii_uppercase
ALPHANUMERIC = string.ascii_letters + string.digits
BASE64URL = ALPHANUMERIC + "-_"


def letters(alphabet: str, size: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=size, max_size=size)


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=least, max_size=most or least)


noms = st.builds("{}{}{}".format, letters(UPPER, 1), digits(4), letters(UPPER, 2))
crn = st.builds("{}{}".format, letters(UPPER, 1), digits(6))
pnc = st.builds("{}/{}{}".format, st.one_of(digits(2), digits(4)), digits(1, 7), letters(UPPER, 1))
nino = st.builds(
    "{0}{5}{1}{5}{2}{5}{3}{5}{4}".format,
    letters("ABCEGHJKLMNPRSTWXYZ", 2),
    digits(2),
    digits(2),
    digits(2),
    letters("ABCD", 1),
    st.sampled_from(["", " ", "-"]),
)
jwt = st.builds(
    "eyJ{}.eyJ{}.{}".format,
    *(st.text(BASE64URL, min_size=16, max_size=60) for _ in range(3)),
)
aws_key = st.builds("AKIA{}".format, letters(UPPER + string.digits, 16))
notify_key = st.builds("team-{}-{}".format, st.uuids(), st.uuids())
identifiers = st.one_of(noms, crn, pnc, nino)
email = st.builds(
    "{}@{}.{}".format,
    st.text(ALPHANUMERIC + "!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=64),
    st.text(ALPHANUMERIC + "-", min_size=1, max_size=20),
    st.sampled_from(["uk", "gov.uk", "example.org", "xn--p1ai"]),
)
sensitive = st.one_of(identifiers, jwt, aws_key, email)
OTHER = string.punctuation + string.whitespace + "\0\u00a0\u00e9\u0130\u0131\u017f\u2028\u212a\u8a9e\U0001f600"
surroundings = st.text(OTHER, max_size=20)


@given(surroundings, sensitive, surroundings)
def test_a_secret_or_identifier_is_masked_wherever_it_stands(before: str, value: str, after: str) -> None:
    clean, count = scrub_counted(f"{before}{value}{after}")
    assert value not in clean
    assert count >= 1


@given(identifiers)
def test_an_identifier_is_masked_in_lower_case_and_beside_an_underscore(value: str) -> None:
    assert value.lower() not in scrub(f"person_{value.lower()}_found")


@given(st.lists(st.one_of(identifiers, jwt), min_size=2, max_size=4))
def test_every_one_of_several_is_masked(values: list[str]) -> None:
    clean = scrub(" ".join(values))
    assert not [value for value in values if value in clean]


@given(notify_key)
def test_the_secret_half_of_an_api_key_is_masked(value: str) -> None:
    assert value[-36:] not in scrub(f"Authorization with {value}")


@given(st.text(BASE64URL, min_size=16))
def test_a_bearer_token_is_masked(token: str) -> None:
    assert token not in scrub(f"authorization header was Bearer {token}")


@pytest.mark.parametrize(
    "name", ["api_key", "API-Key", "x-api-key", "client_secret", "password", "access_token", "refresh_token"]
)
@pytest.mark.parametrize("between", ["=", ": ", '":"', "='"])
def test_the_value_of_a_secret_setting_is_masked(name: str, between: str) -> None:
    assert "hunter2" not in scrub(f"{name}{between}hunter2, and on")


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("postgresql://app:s3cr3t@db:5432/main", "s3cr3t"),
        ("GET /search?email=jane.doe%40example.org", "jane.doe"),
        ("/records/2012%2F0123456X/history", "0123456X"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
        ("token ghp_" + "a1" * 18, "a1a1"),
    ],
)
def test_secrets_in_addresses_and_headers_are_masked(text: str, leak: str) -> None:
    assert leak not in scrub(text)


@given(st.uuids())
def test_an_id_is_left_alone(value: UUID) -> None:
    assert scrub(f"{value} {value.hex}") == f"{value} {value.hex}"


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-04T12:00:00.000Z",
        "GET /sent-referral/{id} answered 404 in 12 ms",
        "prison-offender-events.prisoner.released",
        "bearer of bad news; basic information; the token was refused",
        "throughcare 0.1.0 on 127.0.0.1:8080, 10/25 done",
        "v1234567",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert scrub_counted(text) == (text, 0)


@given(st.text(ALPHANUMERIC + OTHER) | st.builds("{} {}".format, sensitive, sensitive))
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once


@pytest.mark.parametrize("hostile", ["a" * 100_000 + "@", "@" * 100_000, "eyJ" * 30_000, "1" * 100_000])
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    assert len(scrub(hostile)) <= len(hostile) + 10
