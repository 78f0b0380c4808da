"""Predictors by assessment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import BigInteger, Column, Numeric, RowMapping, Table, Text, insert

from throughcare.kit.db import Store, schema
from throughcare.services.risks_and_needs.predictor.model import Kind, Predictor
from throughcare.services.risks_and_needs.reference.model import Band, Basis

predictor = Table(
    "predictor",
    schema("risks_and_needs"),
    Column("assessment_id", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("basis", Text, primary_key=True),
    Column("score", Numeric),
    Column("band", Text),
    Column("algorithm_version", Text),
    Column("one_year", Numeric),
    Column("static_weight", Numeric),
    Column("dynamic_weight", Numeric),
    Column("total_weight", Numeric),
)
CODED = {"kind", "basis", "band"}


def to_predictor(row: RowMapping) -> Predictor:
    """The predictor that a row of ``predictor`` holds."""
    plain = {one.name: row[one.name] for one in fields(Predictor) if one.name not in CODED}
    band = Band(row["band"]) if row["band"] else None
    return Predictor(kind=Kind(row["kind"]), basis=Basis(row["basis"]), band=band, **plain)


def predictor_row(assessment_id: int, one: Predictor) -> dict[str, object]:
    """The values for one assessment."""
    values = {name: value for name, value in vars(one).items() if name not in CODED}
    band = str(one.band) if one.band else None
    return {
        "assessment_id": assessment_id, **values, "kind": str(one.kind), "basis": str(one.basis), "band": band,
    }  # fmt: skip


class PredictorStore(Store):
    """Writes predictors."""

    async def add(self, assessment_id: int, several: Sequence[Predictor]) -> None:
        """Store the predictors of an assessment."""
        await self.run(insert(predictor), [predictor_row(assessment_id, one) for one in several])
