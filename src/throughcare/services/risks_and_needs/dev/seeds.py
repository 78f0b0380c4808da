"""The assessments of the synthetic people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from throughcare.kit.clock import LONDON
from throughcare.kit.context import Context
from throughcare.seeding.people import SyntheticPerson
from throughcare.services.risks_and_needs.assessment.store import assessment
from throughcare.services.risks_and_needs.dev.store import Row, Rows, SeedStore
from throughcare.services.risks_and_needs.need.store import need_section
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor
from throughcare.services.risks_and_needs.predictor.store import predictor, predictor_row
from throughcare.services.risks_and_needs.reference.model import (
    GROUPS,
    LEVELS,
    Answer,
    Band,
    Basis,
    Layer,
    Level,
    Setting,
    Status,
    sections,
)
from throughcare.services.risks_and_needs.rosh.model import Concern, Rosh, Texts
from throughcare.services.risks_and_needs.rosh.store import rosh, rosh_row

SLICE = 1000
OLDEST_WEEKS = 50
SCORED = tuple(one.code for one in sections().values() if one.threshold is not None)


async def seed(ctx: Context, people: Sequence[SyntheticPerson], progress: Callable[[int], None]) -> None:
    """Fill an empty service with one full assessment for each of ``people`` who has a CRN."""
    for start in range(0, len(people), SLICE):
        chosen = people[start : start + SLICE]
        async with ctx.new_uow() as uow:
            await uow.store(SeedStore).fill(rows_of(chosen, ctx.clock.today()))
        progress(len(chosen))
    async with ctx.new_uow() as uow:
        await uow.store(SeedStore).count_on([assessment])


def rows_of(people: Sequence[SyntheticPerson], today: date) -> Rows:
    """The rows of every table, parents before children. A person's assessment has their number plus one as its id."""
    known = [one for one in people if one.crn is not None]
    return {
        assessment: [_assessment(one, today) for one in known],
        rosh: [rosh_row(one.number + 1, rosh_of(one)) for one in known],
        predictor: [predictor_row(one.number + 1, score) for one in known for score in predictors_of(one)],
        need_section: [row for one in known for row in _needs(one)],
    }


def rosh_of(one: SyntheticPerson) -> Rosh:
    """Their level for one group, a lower one for the others."""
    highest = Level(one.risk_level)
    lower = LEVELS[max(LEVELS.index(highest) - 1, 0)]
    levels = {
        setting: {group: highest if place == one.number % len(groups) else lower for place, group in enumerate(groups)}
        for setting, groups in GROUPS.items()
    }
    concern = one.number % 5 == 0
    answer = Answer.YES if concern else Answer.NO
    text = "A plan of support is in place" if concern else None
    return Rosh(
        levels=levels if one.bookings else {Setting.COMMUNITY: levels[Setting.COMMUNITY]},
        texts=Texts(
            who_is_at_risk="People living near by", nature_of_risk="Harm in the course of offending",
            risk_imminence="When out of work", risk_increase_factors="Misuse of alcohol",
            risk_mitigation_factors="Stable housing", analysis_of_risk_factors="Reviewed with the person",
        ),
        to_self={"suicide": Concern(answer, answer, text, Answer.NO), "self_harm": Concern(answer, Answer.NO)},
        other={"breach_of_trust": Answer.NO},
    )  # fmt: skip


def predictors_of(one: SyntheticPerson) -> tuple[Predictor, ...]:
    """A score for all reoffending, one for violence and the combined one; half of each generation of tools."""
    band = Band(one.risk_level)
    score = Decimal(5 + LEVELS.index(Level(one.risk_level)) * 22 + one.number % 20)
    version = "6" if one.number % 2 else "5"
    return (
        Predictor(Kind.ALL_REOFFENDING, Basis.STATIC, score, band, version, one_year=score / 2),
        Predictor(Kind.VIOLENT_REOFFENDING, Basis.DYNAMIC, score / 2, band, version, one_year=score / 4),
        Predictor(Kind.COMBINED_SERIOUS, Basis.DYNAMIC, score / 10, band, version),
    )


def _assessment(one: SyntheticPerson, today: date) -> Row:
    completed = _at(today - timedelta(weeks=one.number % OLDEST_WEEKS, days=1))
    return {
        "id": one.number + 1, "crn": one.crn, "noms_number": one.noms, "layer": str(Layer.LAYER3),
        "status": str(Status.COMPLETE), "initiated_at": completed - timedelta(days=7), "completed_at": completed,
        "version": 1,
    }  # fmt: skip


def _needs(one: SyntheticPerson) -> list[Row]:
    return [
        {
            "assessment_id": one.number + 1, "section_code": code, "score": (one.number + place) % 7,
            "risk_of_harm": (one.number + place) % 3 == 0, "risk_of_reoffending": (one.number + place) % 2 == 0,
        }
        for place, code in enumerate(SCORED)
    ]  # fmt: skip


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), LONDON)
