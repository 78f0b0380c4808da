"""Risk of serious harm by assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import BigInteger, Column, RowMapping, Table, Text, insert
from sqlalchemy.dialects.postgresql import JSONB

from throughcare.kit.db import Store, schema
from throughcare.services.risks_and_needs.reference.model import Answer, Group, Level, Setting
from throughcare.services.risks_and_needs.rosh.model import Concern, Rosh, Texts

rosh = Table(
    "rosh",
    schema("risks_and_needs"),
    Column("assessment_id", BigInteger, primary_key=True),
    Column("levels", JSONB, nullable=False),
    *(Column(one.name, Text) for one in fields(Texts)),
    Column("to_self", JSONB, nullable=False),
    Column("other", JSONB, nullable=False),
)


def to_rosh(row: RowMapping) -> Rosh:
    """The risk of serious harm that a row of ``rosh`` holds."""
    return Rosh(
        levels={
            Setting(setting): {Group(group): Level(level) for group, level in groups.items()}
            for setting, groups in row["levels"].items()
        },
        texts=Texts(**{one.name: row[one.name] for one in fields(Texts)}),
        to_self={name: _concern(answers) for name, answers in row["to_self"].items()},
        other={name: Answer(answer) for name, answer in row["other"].items()},
    )


def rosh_row(assessment_id: int, one: Rosh) -> dict[str, object]:
    """The values for one assessment."""
    return {
        "assessment_id": assessment_id,
        "levels": {
            str(setting): {str(group): str(level) for group, level in groups.items()}
            for setting, groups in one.levels.items()
        },
        **asdict(one.texts),
        "to_self": {name: asdict(concern) for name, concern in one.to_self.items()},
        "other": {name: str(answer) for name, answer in one.other.items()},
    }


def _concern(answers: Mapping[str, Any]) -> Concern:
    coded = {name: Answer(answers[name]) for name in ("risk", "previous", "current") if answers.get(name)}
    return Concern(**coded, previous_text=answers.get("previous_text"), current_text=answers.get("current_text"))


class RoshStore(Store):
    """Writes risk of serious harm."""

    async def add(self, assessment_id: int, one: Rosh) -> None:
        """Store what an assessment found."""
        await self.run(insert(rosh).values(rosh_row(assessment_id, one)))
