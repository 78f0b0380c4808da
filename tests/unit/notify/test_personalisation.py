from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.notify.personalisation.model import (
    as_text,
    file_problems,
    fill,
    missing,
    placeholders,
    same_name,
    sanitise,
    sanitise_named,
    unknown,
)
from throughcare.services.notify.rendering.model import to_html

names = st.text(alphabet=string.ascii_letters + string.digits + " _-'&/", min_size=1).filter(same_name)
values = st.text(max_size=60)


def test_names_agree_whatever_their_case_spaces_hyphens_and_underscores() -> None:
    assert same_name("First name") == same_name("first_name") == same_name("FIRST-NAME")


def test_placeholders_come_in_order_once_each_and_with_their_first_spelling() -> None:
    text = "((b name)) ((a??if)) ((B_NAME)) ((c)) (d) ((e"
    assert placeholders(text, "((C))((f))") == ("b name", "a", "c", "f")


def test_null_counts_as_missing_and_an_empty_text_does_not() -> None:
    assert missing(["a", "b", "First name"], {"A": None, "b": "", "first-name": 0}) == ["a"]


def test_keys_that_no_placeholder_asks_for_are_unknown() -> None:
    assert unknown(["First name"], {"first_name": 1, "other": 2}) == ["other"]


def test_a_nested_placeholder_keeps_one_outer_bracket() -> None:
    assert fill("(((name)))", {"name": "x"}) == "(x)"


@pytest.mark.parametrize("yes", ["yes", "Y", "TRUE", "t", "1", "Include", "show", True, 1])
def test_a_conditional_is_kept_for_every_word_for_yes(yes: object) -> None:
    assert fill("a((flag??b ?? c))d", {"FLAG": yes}) == "ab ?? cd"


@pytest.mark.parametrize("no", ["no", "", "false", "yes please", False, 0, 2, []])
def test_a_conditional_is_dropped_for_anything_else(no: object) -> None:
    assert fill("a((flag??b))c", {"flag": no}) == "ac"


@pytest.mark.parametrize(
    ("given_value", "text"),
    [
        (True, "True"), (False, "False"), (12, "12"), (1.5, "1.5"), ([], ""), (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", " ", None, "b", "\u200b", 3], "a, b and 3"),
    ],
)  # fmt: skip
def test_values_of_other_types_become_text(given_value: object, text: str) -> None:
    assert as_text(given_value) == text


def test_lists_in_email_bodies_become_bullets() -> None:
    assert fill("You need:((things))", {"things": ["a", "", "b"]}, bullets=True) == "You need:\n\n* a\n* b"


@given(name=names, spelling=st.sampled_from([str.upper, str.lower, str.title]), value=values)
def test_every_placeholder_with_a_value_is_replaced_whatever_its_spelling(
    name: str, spelling: type[str], value: str
) -> None:
    assert fill(f"<(({name}))>", {spelling(name.replace(" ", "_")): value}) == f"<{value}>"


@given(st.dictionaries(names, values, max_size=5))
def test_a_template_with_a_value_for_each_placeholder_misses_nothing(given_values: dict[str, str]) -> None:
    text = " ".join(f"(({name}))" for name in given_values)
    assert missing(placeholders(text), given_values) == []
    assert unknown(placeholders(text), given_values) == []


@given(values, values)
def test_filling_looks_at_the_template_only_and_never_into_values(inner: str, other: str) -> None:
    assert fill("((a))", {"a": f"((b)){inner}", "b": other}) == f"((b)){inner}"


@given(st.text(alphabet=string.ascii_letters + " .,;!?\n", max_size=200))
def test_text_without_placeholders_stays_as_it_is(text: str) -> None:
    assert fill(text, {"a": "b"}) == text


@given(
    st.one_of(
        st.text(max_size=80),
        st.from_regex(r"(see )?\[?(https?://|www\.)?[a-z0-9.-]{1,20}\.[a-z0-9]{2,6}(/\S{0,9})?\)?"),
    )
)
def test_a_sanitised_value_never_becomes_a_link_or_formatting(value: str) -> None:
    shown = to_html(f"Hello {sanitise(value)}.")
    assert "<a" not in shown
    assert "<h2" not in shown


@pytest.mark.parametrize(
    ("value", "sanitised"),
    [
        ("https://evil.example/pay?now", ""),
        ("see [this](http://evil.example/x) now", r"see \[this\]\( now"),
        ("www.gov.uk", r"www\. gov\. uk"),
        ("Mr.Smith", r"Mr\. Smith"),
        ("a_b *c* #1", r"a\_b \*c\* \#1"),
        ("http://10.0.0.1/x", r"http: //10\.0\.0\.1/x"),
        ("name@example.test", r"name@example\.test"),
    ],
)
def test_sanitising_removes_links_breaks_bare_hosts_and_escapes_markdown(value: str, sanitised: str) -> None:
    assert sanitise(value) == sanitised


def test_only_the_named_texts_are_sanitised() -> None:
    given_values = {"First name": "*a*", "other": "*b*", "number": 3}
    assert sanitise_named(given_values, ["first_name", "number"]) == {
        "First name": r"\*a\*", "other": "*b*", "number": 3,
    }  # fmt: skip


def test_a_complete_file_value_is_accepted() -> None:
    value = {
        "file": "aGVsbG8=",
        "filename": "a.csv",
        "retention_period": "1 week",
        "confirm_email_before_download": False,
    }
    assert file_problems(value) == []


@pytest.mark.parametrize(
    "value",
    [
        {"file": 1}, {"file": "", "filename": "csv"}, {"file": "", "retention_period": "79 weeks"},
        {"file": "", "retention_period": "0 weeks"}, {"file": "", "retention_period": 3},
        {"file": "", "confirm_email_before_download": "yes"}, {"file": "", "is_csv": True, "filename": "a.b"},
        {"file": "", "other": 1},
    ],
)  # fmt: skip
def test_each_mistake_in_a_file_value_is_found(value: dict[str, object]) -> None:
    assert [problem.error for problem in file_problems(value)] == ["ValidationError"]
