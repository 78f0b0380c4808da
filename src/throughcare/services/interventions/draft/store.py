"""Where drafts are kept: one row each, and one more for the risk texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    RowMapping,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.services.interventions.access.views import no_draft
from throughcare.services.interventions.draft.model import (
    Details,
    Draft,
    DraftFlags,
    Location,
    Needs,
    OasysRisk,
    PractitionerDetails,
    Selection,
    ServiceUser,
)

SCHEMA = schema("interventions")
MOMENT = DateTime(timezone=True)
T = TypeVar("T")

KINDS: Mapping[str, Any] = {
    "disabilities": JSONB(none_as_null=True), "date_of_birth": Date, "expected_release_date": Date,
    "completion_deadline": Date, "maximum_enforceable_days": Integer, "needs_interpreter": Boolean,
    "has_additional_responsibilities": Boolean, "referral_releasing_12_weeks": Boolean,
    "already_know_prison_name": Boolean, "allocated_community_pp": Boolean,
    "has_valid_delius_pp_details": Boolean, "has_main_point_of_contact_details": Boolean,
    "has_confirmed_personal_details": Boolean,
}  # fmt: skip


def part_columns(*parts: type[Any]) -> list[Column[Any]]:
    """A nullable column for each field of each part; text unless said otherwise."""
    return [Column(one.name, KINDS.get(one.name, Text)) for part in parts for one in fields(part)]


def part_of(kind: type[T], row: RowMapping) -> T:
    """The part whose columns ``row`` holds under the names of its fields."""
    values = {one.name: row[one.name] for one in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    if values.get("disabilities") is not None:
        values["disabilities"] = tuple(values["disabilities"])
    return kind(**values)


def part_values(part: object) -> dict[str, Any]:
    """The part's fields as column values."""
    values = dict(vars(part))
    if values.get("disabilities") is not None:
        values["disabilities"] = list(values["disabilities"])
    return values


draft_referral = Table(
    "draft_referral",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("crn", Text, nullable=False),
    Column("intervention_id", Uuid, nullable=False),
    Column("relevant_sentence_id", BigInteger),
    Column("selection", JSONB, nullable=False),
    Column("additional_risk_information", Text),
    Column("additional_risk_information_updated_at", MOMENT),
    Column("changed_at", MOMENT),
    Column("version", Integer, nullable=False),
    *part_columns(ServiceUser, Needs, Location, PractitionerDetails, Details, DraftFlags),
)
draft_oasys_risk_information = Table(
    "draft_oasys_risk_information",
    SCHEMA,
    Column("draft_id", Uuid, primary_key=True),
    Column("updated_at", MOMENT, nullable=False),
    Column("updated_by", Uuid, nullable=False),
    *part_columns(OasysRisk),
)


@dataclass(frozen=True)
class KeptRisk:
    """Risk texts and when they were written."""

    risk: OasysRisk
    updated_at: datetime


class DraftStore(Store):
    """Drafts and their risk texts."""

    async def find(self, draft_id: UUID) -> Draft | None:
        """The draft, or None."""
        row = await self.one_or_none(select(draft_referral).where(draft_referral.c.id == draft_id))
        return None if row is None else _draft(row)

    async def get(self, draft_id: UUID) -> Draft:
        """The draft. Raises NotThere."""
        found = await self.find(draft_id)
        if found is None:
            raise no_draft()
        return found

    async def of_author(self, author: UUID) -> list[Draft]:
        """The drafts that a practitioner began, oldest first."""
        mine = select(draft_referral).where(draft_referral.c.created_by == author)
        return [_draft(row) for row in await self.all(mine.order_by(draft_referral.c.created_at))]

    async def add(self, draft: Draft) -> None:
        """Keep a new draft."""
        await self.run(insert(draft_referral).values(**_values(draft)))

    async def save(self, draft: Draft, at: datetime) -> Draft:
        """Keep changes to a draft, which must still be at ``draft.version``. Raises StaleVersion."""
        values = {**_values(draft), "changed_at": at, "version": draft.version + 1}
        table = draft_referral
        here = (table.c.id == draft.id) & (table.c.version == draft.version)
        if not await self.run(update(table).where(here).values(**values)):
            raise StaleVersion
        return await self.get(draft.id)

    async def remove(self, draft: Draft) -> bool:
        """Delete a draft that is still at ``draft.version``; whether it was there."""
        table = draft_referral
        await self.run(delete(draft_oasys_risk_information).where(draft_oasys_risk_information.c.draft_id == draft.id))
        return bool(await self.run(delete(table).where(table.c.id == draft.id, table.c.version == draft.version)))

    async def remove_older_than(self, now: datetime, age: timedelta) -> int:
        """Delete drafts begun at least ``age`` ago, with their risk texts; how many there were."""
        old = draft_referral.c.created_at <= now - age
        risk = draft_oasys_risk_information
        await self.run(delete(risk).where(risk.c.draft_id.in_(select(draft_referral.c.id).where(old))))
        return await self.run(delete(draft_referral).where(old))

    async def find_risk(self, draft_id: UUID) -> KeptRisk | None:
        """The risk texts of a draft, or None when none were written."""
        table = draft_oasys_risk_information
        row = await self.one_or_none(select(table).where(table.c.draft_id == draft_id))
        return None if row is None else KeptRisk(part_of(OasysRisk, row), row["updated_at"])

    async def put_risk(self, draft_id: UUID, risk: OasysRisk, *, by: UUID, at: datetime) -> None:
        """Replace the risk texts of a draft."""
        values = {**part_values(risk), "updated_at": at, "updated_by": by}
        new = upsert(draft_oasys_risk_information).values(draft_id=draft_id, **values)
        await self.run(new.on_conflict_do_update(index_elements=["draft_id"], set_=values))


PARTS = ("service_user", "needs", "location", "practitioner", "details", "flags")


def _values(draft: Draft) -> dict[str, object]:
    values = {name: value for name, value in vars(draft).items() if name not in PARTS}
    values["selection"] = {
        "categories": [str(one) for one in sorted(draft.selection.categories)],
        "levels": {str(key): str(value) for key, value in draft.selection.levels.items()},
        "outcomes": {str(key): [str(one) for one in sorted(value)] for key, value in draft.selection.outcomes.items()},
    }
    for name in PARTS:
        values |= part_values(getattr(draft, name))
    return values


def _draft(row: RowMapping) -> Draft:
    kept = row["selection"]
    selection = Selection(
        _uuids(kept["categories"]),
        {UUID(key): UUID(value) for key, value in kept["levels"].items()},
        {UUID(key): _uuids(value) for key, value in kept["outcomes"].items()},
    )
    return Draft(
        row["id"], row["created_at"], row["created_by"], row["crn"], row["intervention_id"],
        row["relevant_sentence_id"], selection, part_of(ServiceUser, row), part_of(Needs, row),
        part_of(Location, row), part_of(PractitionerDetails, row), part_of(Details, row), part_of(DraftFlags,
        row),
        row["additional_risk_information"], row["additional_risk_information_updated_at"],
        row["changed_at"], row["version"],
    )  # fmt: skip


def _uuids(texts: Sequence[str]) -> frozenset[UUID]:
    return frozenset(UUID(one) for one in texts)
