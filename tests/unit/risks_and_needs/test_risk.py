"""Which assessment counts, what its levels come to, and what each audience may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.services.risks_and_needs.access.model import SETTINGS, VISIBLE, Audience, audience_of, is_crn, shows
from throughcare.services.risks_and_needs.access.schemas import Trimmed
from throughcare.services.risks_and_needs.assessment.model import SHOWN, Assessment, earliest, latest_complete
from throughcare.services.risks_and_needs.need.model import Need, SectionUnknown, Standing, check
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor, PredictorSet
from throughcare.services.risks_and_needs.reference.model import (
    GROUPS,
    LEVELS,
    Answer,
    Basis,
    Layer,
    Level,
    Setting,
    Status,
    sections,
)
from throughcare.services.risks_and_needs.rosh.model import Concern, GroupNotInSetting, Rosh
from throughcare.services.risks_and_needs.rosh.schemas import AllRosh, RiskWidget, RoshSummary
from throughcare.services.risks_and_needs.supplementary_risk.model import CreatedInFuture, check_created

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


LEVEL_OF_GROUP = {
    setting: st.dictionaries(st.sampled_from(groups), st.sampled_from(Level)) for setting, groups in GROUPS.items()
}
ROSH = st.fixed_dictionaries(LEVEL_OF_GROUP).map(lambda levels: Rosh(levels=levels))
ASSESSMENTS = st.lists(st.builds(
    Assessment, crn=st.just("X100000"), noms_number=st.none(), layer=st.sampled_from(Layer),
    status=st.sampled_from(Status), initiated_at=st.integers(430, 800).map(ago),
    completed_at=st.none() | st.integers(0, 430).map(ago),
    id=st.integers(1, 100),
))  # fmt: skip


@given(ASSESSMENTS, st.integers(1, 120))
def test_the_newest_complete_assessment_in_time_counts_and_never_a_score_on_its_own(
    found: list[Assessment], weeks: int
) -> None:
    since = earliest(NOW, weeks)
    chosen = latest_complete(found, layers=SHOWN, since=since)
    good = [
        one for one in found
        if one.status is Status.COMPLETE and one.layer is not Layer.STANDALONE
        and one.completed_at is not None and NOW - timedelta(weeks=weeks) <= one.completed_at
    ]  # fmt: skip
    assert (chosen is None) == (not good)
    if chosen is not None:
        assert chosen.completed_at == max(one.completed_at for one in good if one.completed_at)


@given(ROSH)
def test_the_overall_level_is_the_highest_that_an_audience_may_see(rosh: Rosh) -> None:
    for audience in Audience:
        seen = [level for setting in SETTINGS[audience] for level in rosh.levels[setting].values()]
        overall = rosh.overall(SETTINGS[audience])
        assert (overall is None) == (not seen)
        assert overall is None or all(LEVELS.index(level) <= LEVELS.index(overall) for level in seen)


@given(ROSH)
def test_levels_by_group_and_groups_by_level_say_the_same(rosh: Rosh) -> None:
    for setting in Setting:
        inverted = {group: level for level, groups in rosh.by_level(setting).items() for group in groups}
        assert inverted == rosh.by_group(setting) == rosh.levels[setting]


def test_prisoners_are_at_risk_in_custody_only() -> None:
    everybody = dict.fromkeys(GROUPS[Setting.CUSTODY], Level.LOW)
    Rosh(levels={Setting.CUSTODY: everybody}).check()
    with pytest.raises(GroupNotInSetting):
        Rosh(levels={Setting.COMMUNITY: everybody}).check()


@given(st.none() | st.sampled_from(Answer), st.none() | st.sampled_from(Answer))
def test_a_concern_is_told_only_where_the_answer_is_yes(previous: Answer | None, current: Answer | None) -> None:
    one = Concern(Answer.YES, previous, "before", current, "now")
    assert one.shown_previous_text == ("before" if previous is Answer.YES else None)
    assert one.shown_current_text == ("now" if current is Answer.YES else None)


@pytest.mark.parametrize(
    ("roles", "audience"),
    [
        (["ROLE_PROBATION"], Audience.PRACTITIONER),
        (["ROLE_CRS_PROVIDER"], Audience.PROVIDER),
        (["ROLE_PROBATION", "ROLE_CRS_PROVIDER"], Audience.PROVIDER),
        (["ROLE_PROBATION", "ROLE_ARNS__RISKS__RO"], Audience.PRACTITIONER),
        (["ROLE_ARNS__RISKS__RO"], Audience.SYSTEM),
        ([], Audience.SYSTEM),
    ],
)
def test_whoever_holds_the_providers_role_sees_no_more_than_a_provider(roles: list[str], audience: Audience) -> None:
    assert audience_of(roles) is audience


def test_every_field_that_an_audience_may_see_is_a_field_and_others_are_hidden() -> None:
    documents: dict[str, type[Trimmed]] = {"summary": RoshSummary, "rosh": AllRosh, "widget": RiskWidget}
    for allowed in VISIBLE.values():
        assert set(allowed) == set(documents)
        for document, names in allowed.items():
            assert names <= {"*", *documents[document].model_fields}
    assert not shows(Audience.PROVIDER, "summary", "risk_in_custody")
    assert not shows(Audience.PROVIDER, "something new", "anything")
    hidden = {name for name in RoshSummary.model_fields if not shows(Audience.PROVIDER, "summary", name)}
    assert hidden == {
        "who_is_at_risk", "nature_of_risk", "risk_imminence", "risk_increase_factors", "risk_mitigation_factors",
        "analysis_of_risk_factors", "risk_in_custody",
    }  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [("X100000", True), ("X100000\n", False), ("x100000", False),
                                                ("X10000\u0661", False), ("", False), ("XX10000", False)])  # fmt: skip
def test_what_a_crn_looks_like(text: str, expected: bool) -> None:
    assert is_crn(text) is expected


@given(st.sampled_from(sorted(sections())), st.none() | st.integers(0, 20))
def test_a_need_stands_where_its_score_puts_it(code: str, score: int | None) -> None:
    threshold = sections()[code].threshold
    expected = (
        Standing.UNANSWERED if score is None
        else Standing.IDENTIFIED if threshold is not None and score >= threshold
        else Standing.NOT_IDENTIFIED
    )  # fmt: skip
    assert Need(code, score).standing is expected


def test_sections_are_known_and_given_once() -> None:
    assert [one.threshold for one in sections().values()] == [2, 3, 2, 2, 2, 4, 4, 2, None, None]
    for wrong in ((Need("MAGIC", 1),), (Need("ATTITUDE", 1), Need("ATTITUDE", 2))):
        with pytest.raises(SectionUnknown):
            check(wrong)


@given(st.lists(st.builds(
    Predictor, st.sampled_from(Kind), st.sampled_from(Basis), st.none() | st.decimals(0, 100, places=1), st.none(),
), unique_by=lambda one: (one.kind, one.basis)))  # fmt: skip
def test_the_best_score_is_the_dynamic_one_if_it_was_calculated(several: list[Predictor]) -> None:
    found = PredictorSet(Assessment("X100000", None, Layer.LAYER3, Status.COMPLETE, NOW, NOW), several)
    for kind in Kind:
        dynamic, static = found.find(kind, Basis.DYNAMIC), found.find(kind, Basis.STATIC)
        best = found.best(kind)
        assert best is (dynamic if dynamic is not None and dynamic.score is not None else static)


@given(st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_a_creation_date_may_be_five_minutes_ahead_and_no_more(ahead: timedelta) -> None:
    if ahead > timedelta(minutes=5):
        with pytest.raises(CreatedInFuture):
            check_created(NOW + ahead, NOW)
    else:
        check_created(NOW + ahead, NOW)
