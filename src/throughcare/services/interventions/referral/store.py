"""Where sent referrals are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    RowMapping,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from throughcare.kit.db.database import Store, schema
from throughcare.kit.db.unit_of_work import StaleVersion
from throughcare.kit.ids import new_id
from throughcare.services.interventions.draft.model import (
    Details,
    Location,
    Needs,
    PractitionerDetails,
    Selection,
    ServiceUser,
)
from throughcare.services.interventions.draft.store import part_columns, part_of, part_values
from throughcare.services.interventions.referral.model import (
    INITIAL_DETAILS,
    Assignment,
    Referral,
    Withdrawal,
    no_referral,
)

SCHEMA = schema("interventions")
MOMENT = DateTime(timezone=True)

referral = Table(
    "referral",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("reference_number", Text, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("sent_at", MOMENT, nullable=False),
    Column("sent_by", Uuid, nullable=False),
    Column("crn", Text, nullable=False),
    Column("intervention_id", Uuid, nullable=False),
    Column("relevant_sentence_id", BigInteger, nullable=False),
    Column("relevant_sentence_end_date", Date),
    Column("supplementary_risk_id", Uuid, nullable=False),
    Column("end_requested_at", MOMENT),
    Column("end_requested_by", Uuid),
    Column("withdrawal_code", Text),
    Column("withdrawal_comments", Text),
    Column("concluded_at", MOMENT),
    Column("version", Integer, nullable=False),
    *part_columns(Needs),
)


def _satellite(name: str, part: type[Any]) -> Table:
    return Table(name, SCHEMA, Column("referral_id", Uuid, primary_key=True), *part_columns(part))


referral_location = _satellite("referral_location", Location)
probation_practitioner_details = _satellite("probation_practitioner_details", PractitionerDetails)
referral_service_user_data = _satellite("referral_service_user_data", ServiceUser)
referral_details = Table(
    "referral_details",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("reason_for_change", Text, nullable=False),
    Column("superseded_by_id", Uuid),
    *part_columns(Details),
)
referral_service_category = Table(
    "referral_service_category",
    SCHEMA,
    Column("referral_id", Uuid, primary_key=True),
    Column("service_category_id", Uuid, primary_key=True),
    Column("complexity_level_id", Uuid, nullable=False),
)
referral_desired_outcome = Table(
    "referral_desired_outcome",
    SCHEMA,
    Column("referral_id", Uuid, primary_key=True),
    Column("service_category_id", Uuid, primary_key=True),
    Column("desired_outcome_id", Uuid, primary_key=True),
)
referral_assignment = Table(
    "referral_assignment",
    SCHEMA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("assigned_at", MOMENT, nullable=False),
    Column("assigned_by", Uuid, nullable=False),
    Column("assigned_to", Uuid, nullable=False),
    Column("superseded", Boolean, nullable=False),
)
referral_reference = Table(
    "referral_reference",
    SCHEMA,
    Column("reference_number", Text, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
)

SATELLITES = (
    (referral_location, "location"),
    (probation_practitioner_details, "practitioner"),
    (referral_service_user_data, "service_user"),
)


def _whole() -> Select[Any]:
    joined = referral
    for table, _ in SATELLITES:
        joined = joined.join(table, table.c.referral_id == referral.c.id)  # type: ignore[assignment]
    current = and_(referral_details.c.referral_id == referral.c.id, referral_details.c.superseded_by_id.is_(None))
    assigned = and_(referral_assignment.c.referral_id == referral.c.id, ~referral_assignment.c.superseded)
    held = joined.join(referral_details, current).outerjoin(referral_assignment, assigned)
    columns = [column for table, _ in SATELLITES for column in table.columns if column.name != "referral_id"]
    columns += [referral_details.c[one.name] for one in fields(Details)]
    assignment = referral_assignment.c
    return select(
        referral, *columns, assignment.assigned_to, assignment.assigned_by, assignment.assigned_at
    ).select_from(held)


WHOLE = _whole()


class ReferralStore(Store):
    """Sent referrals."""

    async def get(self, referral_id: UUID, *, lock: bool = False) -> Referral:
        """The referral; with ``lock``, nobody else changes it until this transaction ends.

        Raises NotThere.
        """
        if lock:  # first, so that what is read of the other tables is not older than the lock
            await self.run(select(referral.c.id).where(referral.c.id == referral_id).with_for_update())
        found = await self._read(WHOLE.where(referral.c.id == referral_id))
        if not found:
            raise no_referral()
        return found[0]

    async def of_person(self, crn: str) -> list[Referral]:
        """Every sent referral of a person, oldest first."""
        return await self._read(WHOLE.where(referral.c.crn == crn).order_by(referral.c.sent_at, referral.c.id))

    async def find_newest(self, crn: str) -> tuple[datetime, UUID] | None:
        """When a person was last referred, and to which intervention; None when they never were."""
        mine = select(referral.c.sent_at, referral.c.intervention_id).where(referral.c.crn == crn)
        row = await self.first(mine.order_by(referral.c.sent_at.desc()).limit(1))
        return None if row is None else (row["sent_at"], row["intervention_id"])

    async def add(self, sent: Referral) -> None:
        """Keep a referral that was just sent, with all its parts."""
        await self.run(insert(referral).values(**_values(sent)))
        for table, name in SATELLITES:
            await self.run(insert(table).values(referral_id=sent.id, **part_values(getattr(sent, name))))
        await self.run(
            insert(referral_details).values(
                id=new_id(), referral_id=sent.id, created_at=sent.created_at, created_by=sent.created_by,
                reason_for_change=INITIAL_DETAILS, **part_values(sent.details),
            )
        )  # fmt: skip
        await self.run(insert(referral_service_category), _category_rows(sent))
        await self.run(insert(referral_desired_outcome), _outcome_rows(sent))

    async def save(self, changed: Referral) -> Referral:
        """Keep the referral's own facts; it must still be at ``changed.version``. Raises StaleVersion."""
        here = (referral.c.id == changed.id) & (referral.c.version == changed.version)
        values = {**_values(changed), "version": changed.version + 1}
        if not await self.run(update(referral).where(here).values(**values)):
            raise StaleVersion
        return await self.get(changed.id)

    async def assign(self, referral_id: UUID, assignment: Assignment) -> None:
        """Make this the current assignment; earlier ones stay as history."""
        table = referral_assignment
        current = (table.c.referral_id == referral_id) & ~table.c.superseded
        await self.run(update(table).where(current).values(superseded=True))
        new = insert(table).values(id=new_id(), referral_id=referral_id, superseded=False, **vars(assignment))
        await self.run(new)

    async def reserve(self, candidate: str, referral_id: UUID) -> bool:
        """Set a reference number aside for a referral; whether it was free."""
        new = upsert(referral_reference).values(reference_number=candidate, referral_id=referral_id)
        return bool(await self.run(new.on_conflict_do_nothing()))

    async def reserved(self, referral_id: UUID) -> str | None:
        """The reference number that was set aside for a referral."""
        table = referral_reference
        found = await self.scalar(select(table.c.reference_number).where(table.c.referral_id == referral_id))
        return None if found is None else str(found)

    async def _read(self, statement: Select[Any]) -> list[Referral]:
        rows = await self.all(statement)
        selections = await self._selections([row["id"] for row in rows])
        return [_referral(row, selections[row["id"]]) for row in rows]

    async def _selections(self, ids: Sequence[UUID]) -> dict[UUID, Selection]:
        levels: dict[UUID, dict[UUID, UUID]] = defaultdict(dict)
        outcomes: dict[UUID, dict[UUID, frozenset[UUID]]] = defaultdict(dict)
        for row in await self.all(_chosen(ids)) if ids else ():
            category, held = row["service_category_id"], outcomes[row["referral_id"]]
            levels[row["referral_id"]][category] = row["complexity_level_id"]
            if row["desired_outcome_id"] is not None:
                held[category] = held.get(category, frozenset()) | {row["desired_outcome_id"]}
        return {one: Selection(frozenset(levels[one]), levels[one], outcomes[one]) for one in ids}


def _chosen(ids: Sequence[UUID]) -> Select[Any]:
    category, outcome = referral_service_category, referral_desired_outcome.c
    same = (outcome.referral_id == category.c.referral_id) & (
        outcome.service_category_id == category.c.service_category_id
    )
    joined = category.outerjoin(referral_desired_outcome, same)
    wanted = category.c.referral_id == any_(literal([*ids], ARRAY(Uuid)))
    return select(category, outcome.desired_outcome_id).select_from(joined).where(wanted)


def _values(sent: Referral) -> dict[str, object]:
    withdrawal = sent.withdrawal
    return {
        "id": sent.id, "reference_number": sent.reference_number, "created_at": sent.created_at,
        "created_by": sent.created_by, "sent_at": sent.sent_at, "sent_by": sent.sent_by, "crn": sent.crn,
        "intervention_id": sent.intervention_id, "relevant_sentence_id": sent.relevant_sentence_id,
        "relevant_sentence_end_date": sent.relevant_sentence_end_date,
        "supplementary_risk_id": sent.supplementary_risk_id, "concluded_at": sent.concluded_at,
        "end_requested_at": withdrawal.requested_at if withdrawal else None,
        "end_requested_by": withdrawal.requested_by if withdrawal else None,
        "withdrawal_code": withdrawal.code if withdrawal else None,
        "withdrawal_comments": withdrawal.comments if withdrawal else None,
        "version": sent.version, **part_values(sent.needs),
    }  # fmt: skip


def _category_rows(sent: Referral) -> list[dict[str, UUID]]:
    return [
        {"referral_id": sent.id, "service_category_id": category, "complexity_level_id": level}
        for category, level in sent.selection.levels.items()
    ]


def _outcome_rows(sent: Referral) -> list[dict[str, UUID]]:
    return [
        {"referral_id": sent.id, "service_category_id": category, "desired_outcome_id": one}
        for category, outcomes in sent.selection.outcomes.items()
        for one in outcomes
    ]


def _referral(row: RowMapping, selection: Selection) -> Referral:
    requested_at: datetime | None = row["end_requested_at"]
    assigned = row["assigned_to"]
    withdrawal = None
    if requested_at is not None:
        code, comments = row["withdrawal_code"], row["withdrawal_comments"]
        withdrawal = Withdrawal(requested_at, row["end_requested_by"], code, comments)
    return Referral(
        row["id"], row["reference_number"], row["created_at"], row["created_by"], row["sent_at"],
        row["sent_by"],
        row["crn"], row["intervention_id"], row["relevant_sentence_id"], row["relevant_sentence_end_date"],
        row["supplementary_risk_id"], selection, part_of(ServiceUser, row), part_of(Needs, row),
        part_of(Location, row), part_of(PractitionerDetails, row), part_of(Details, row),
        Assignment(assigned, row["assigned_by"], row["assigned_at"]) if assigned else None,
        withdrawal, row["concluded_at"], row["version"],
    )  # fmt: skip
