"""Who is kept from a case, as an algebra."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.probation.access.model import Limitations

NAMES = st.sampled_from(["ANN", "BEN", "CAT", "DAN"])
LIMITS = st.builds(
    lambda out, only: Limitations.of(out, only, exclusion_message="out", restriction_message="only"),
    st.frozensets(NAMES), st.frozensets(NAMES),
)  # fmt: skip


@given(LIMITS, NAMES)
def test_a_user_is_excluded_when_named_and_restricted_when_others_are(limits: Limitations, name: str) -> None:
    decision = limits.decide(name)
    assert decision.user_excluded == (name in limits.excluded)
    assert decision.user_restricted == (bool(limits.restricted_to) and name not in limits.restricted_to)


@given(LIMITS)
def test_whoever_is_not_known_is_kept_from_exactly_the_limited_cases(limits: Limitations) -> None:
    decision = limits.decide(None)
    assert (decision.user_excluded, decision.user_restricted) == (bool(limits.excluded), bool(limits.restricted_to))


@given(LIMITS, NAMES)
def test_whether_somebody_is_known_matters_only_where_it_changes_the_decision(limits: Limitations, name: str) -> None:
    if not limits.depends_on(name):
        named = name in limits.excluded | limits.restricted_to
        assert named or limits.decide(name) == limits.decide(None)


@given(LIMITS)
def test_a_message_is_told_only_for_a_limit_that_there_is(limits: Limitations) -> None:
    assert (limits.exclusion_message is None) == (not limits.excluded)
    assert (limits.restriction_message is None) == (not limits.restricted_to)
