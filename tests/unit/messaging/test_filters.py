"""Filter policies: the same matches as SNS, and clear errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.kit.messaging.filters import Policy, compile_policy, validate_policy

VALUES = st.sampled_from(["referral.sent", "referral.ended", "appointment.missed", "x", ""])
ATTRIBUTES = st.dictionaries(st.sampled_from(["eventType", "source"]), VALUES)
CONDITIONS = st.one_of(
    VALUES,
    st.builds(lambda text: {"prefix": text}, st.sampled_from(["referral.", "app", "x"])),
    st.builds(lambda text: {"suffix": text}, st.sampled_from(["ed", "sent", "x"])),
    st.builds(lambda texts: {"anything-but": texts}, st.lists(VALUES, min_size=1)),
    st.builds(lambda wanted: {"exists": wanted}, st.booleans()),
)
LISTS = st.lists(CONDITIONS, min_size=1, max_size=3)


@pytest.mark.parametrize(
    ("condition", "matching", "other"),
    [
        ("referral.sent", "referral.sent", "referral.sent.twice"),
        ({"prefix": "referral."}, "referral.sent", "a.referral.sent"),
        ({"suffix": ".sent"}, "referral.sent", "referral.sent.twice"),
        ({"anything-but": "referral.sent"}, "referral.ended", "referral.sent"),
        ({"anything-but": ["referral.sent", "referral.ended"]}, "referral.assigned", "referral.ended"),
        ({"anything-but": {"prefix": "referral."}}, "appointment.missed", "referral.sent"),
        ({"exists": True}, "anything", None),
        ({"exists": False}, None, "anything"),
    ],
)
def test_each_condition_matches_what_sns_matches(condition: object, matching: str | None, other: str | None) -> None:
    matches = compile_policy({"eventType": [condition]})
    assert matches({} if matching is None else {"eventType": matching})
    assert not matches({} if other is None else {"eventType": other})


@pytest.mark.parametrize(
    "condition",
    ["a", {"prefix": "a"}, {"suffix": "a"}, {"anything-but": "a"}, {"anything-but": {"prefix": "a"}}],
)
def test_an_attribute_that_is_missing_matches_only_exists_false(condition: object) -> None:
    assert not compile_policy({"eventType": [condition]})({"source": "b"})


def test_an_empty_policy_matches_everything() -> None:
    assert compile_policy({})({})
    assert compile_policy({})({"eventType": "a"})


@given(LISTS, LISTS, ATTRIBUTES)
def test_conditions_of_a_key_are_alternatives_and_keys_must_all_hold(
    types: list[object], sources: list[object], attributes: dict[str, str]
) -> None:
    by_type = any(compile_policy({"eventType": [one]})(attributes) for one in types)
    by_source = any(compile_policy({"source": [one]})(attributes) for one in sources)
    assert compile_policy({"eventType": types})(attributes) == by_type
    assert compile_policy({"eventType": types, "source": sources})(attributes) == (by_type and by_source)


@given(st.lists(VALUES, min_size=1), ATTRIBUTES)
def test_anything_but_is_the_opposite_of_the_values_where_the_attribute_exists(
    values: list[str], attributes: dict[str, str]
) -> None:
    one_of = compile_policy({"eventType": values})(attributes)
    none_of = compile_policy({"eventType": [{"anything-but": values}]})(attributes)
    assert (one_of != none_of) == ("eventType" in attributes)


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        ({"eventType": []}, "one or more conditions"),
        ({"eventType": "referral.sent"}, "one or more conditions"),
        ({"eventType": [{"numeric": [">", 1]}]}, "unknown operator"),
        ({"eventType": [{"wildcard": "a*"}]}, "unknown operator"),
        ({"eventType": [{"prefix": "a", "suffix": "b"}]}, "neither text nor one operator"),
        ({"eventType": [{"prefix": ""}]}, "neither text nor one operator"),
        ({"eventType": [{"prefix": 1}]}, "neither text nor one operator"),
        ({"eventType": [{"exists": "true"}]}, "neither text nor one operator"),
        ({"eventType": [{}]}, "neither text nor one operator"),
        ({"eventType": [None]}, "neither text nor one operator"),
        ({"eventType": [1]}, "neither text nor one operator"),
        ({"eventType": [{"anything-but": []}]}, "anything-but"),
        ({"eventType": [{"anything-but": ["a", 1]}]}, "anything-but"),
        ({"eventType": [{"anything-but": {"suffix": "a"}}]}, "anything-but"),
    ],
)
def test_a_policy_that_sns_would_not_take_for_text_is_refused(policy: Policy, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"eventType.*{complaint}"):
        validate_policy(policy)
