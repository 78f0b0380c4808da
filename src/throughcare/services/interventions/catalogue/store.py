"""The tables of the reference data, and how a new version of it is put in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from throughcare.kit.db.database import Store, schema

SCHEMA = schema("interventions")
MOMENT = DateTime(timezone=True)
LOCK = 1_904_771_300


def _table(name: str, *columns: Column[object]) -> Table:
    return Table(name, SCHEMA, *columns)


reference_version = _table(
    "reference_version",
    Column("one", Boolean, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("loaded_at", MOMENT, nullable=False),
    Column("onboarding_id", Uuid),
)
probation_region = _table(
    "probation_region", Column("code", Text, primary_key=True), Column("name", Text, nullable=False)
)
pcc_region = _table(
    "pcc_region",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("probation_region", Text, nullable=False),
)
probation_delivery_unit = _table(
    "probation_delivery_unit",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("probation_region", Text, nullable=False),
)
probation_office = _table(
    "probation_office",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("probation_region", Text, nullable=False),
    Column("page", Text),
    Column("delius_code", Text),
)
service_provider = _table(
    "service_provider", Column("id", Text, primary_key=True), Column("name", Text, nullable=False)
)
service_category = _table(
    "service_category", Column("id", Uuid, primary_key=True), Column("name", Text, nullable=False)
)
complexity_level = _table(
    "complexity_level",
    Column("id", Uuid, primary_key=True),
    Column("service_category_id", Uuid, nullable=False),
    Column("complexity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
)
desired_outcome = _table(
    "desired_outcome",
    Column("id", Uuid, primary_key=True),
    Column("service_category_id", Uuid, nullable=False),
    Column("description", Text, nullable=False),
    Column("deprecated_at", MOMENT),
    Column("rule_type", Text),
    Column("rule_contracts", JSONB(none_as_null=True)),
)
contract_type = _table(
    "contract_type",
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
)
contract_type_service_category = _table(
    "contract_type_service_category",
    Column("contract_type_id", Uuid, primary_key=True),
    Column("service_category_id", Uuid, primary_key=True),
)
dynamic_framework_contract = _table(
    "dynamic_framework_contract",
    Column("id", Uuid, primary_key=True),
    Column("contract_reference", Text, nullable=False),
    Column("contract_type_id", Uuid, nullable=False),
    Column("prime_provider_id", Text, nullable=False),
    Column("probation_region", Text),
    Column("pcc_region", Text),
    Column("minimum_age", Integer, nullable=False),
    Column("maximum_age", Integer),
    Column("allows_female", Boolean, nullable=False),
    Column("allows_male", Boolean, nullable=False),
    Column("referral_start_date", Date, nullable=False),
    Column("referral_end_at", MOMENT),
)
contract_subcontractor = _table(
    "contract_subcontractor",
    Column("contract_id", Uuid, primary_key=True),
    Column("service_provider_id", Text, primary_key=True),
)
intervention = _table(
    "intervention",
    Column("id", Uuid, primary_key=True),
    Column("dynamic_framework_contract_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("incoming_referral_distribution_email", Text, nullable=False),
)
onboarded_contract = _table(
    "onboarded_contract",
    Column("contract_id", Uuid, primary_key=True),
    Column("onboarding_id", Uuid, nullable=False),
)
withdrawal_reason = _table(
    "withdrawal_reason",
    Column("code", Text, primary_key=True),
    Column("description", Text, nullable=False),
    Column("grouping", Text, nullable=False),
)
cancellation_reason = _table(
    "cancellation_reason", Column("code", Text, primary_key=True), Column("description", Text, nullable=False)
)

OWNERS = {contract_type_service_category: contract_type, contract_subcontractor: dynamic_framework_contract}
IN_ORDER = (
    probation_region, pcc_region, probation_delivery_unit, probation_office, service_provider,
    service_category,
    complexity_level, desired_outcome, contract_type, contract_type_service_category,
    dynamic_framework_contract,
    contract_subcontractor, intervention, withdrawal_reason, cancellation_reason,
)  # fmt: skip

Rows = Sequence[Mapping[str, object]]


class ReferenceStore(Store):
    """Reference data as tables."""

    async def digest(self, *, lock: bool) -> str | None:
        """Which version is loaded; with ``lock``, nobody else loads until this transaction ends."""
        if lock:
            await self.run(select(func.pg_advisory_xact_lock(LOCK)))
        found = await self.scalar(select(reference_version.c.digest))
        return None if found is None else str(found)

    async def put(self, rows: Mapping[str, Rows], digest: str, loaded_at: object) -> dict[str, int]:
        """Bring the tables to ``rows`` of the packaged files, by table name; how many rows differed in each table."""
        changed = await self.bring(rows)
        version = insert(reference_version).values(one=True, digest=digest, loaded_at=loaded_at)
        new = {"digest": digest, "loaded_at": loaded_at}
        await self.run(version.on_conflict_do_update(index_elements=["one"], set_=new))
        return changed

    async def bring(self, rows: Mapping[str, Rows]) -> dict[str, int]:
        """Bring the tables to ``rows``, given by table name; how many rows differed in each table.

        Nothing that a referral may point to is deleted; only links are taken away, of those contracts and contract
        types that ``rows`` hold.
        """
        return {table.name: await self._bring(table, rows) for table in IN_ORDER}

    async def onboarded(self) -> tuple[frozenset[str], dict[str, UUID]]:
        """The contracts that follow an onboarding, and the id of every contract type, by code."""
        contract, kind = dynamic_framework_contract.c, contract_type.c
        theirs = contract.id.in_(select(onboarded_contract.c.contract_id))
        references = await self.all(select(contract.contract_reference).where(theirs))
        types = await self.all(select(kind.code, kind.id))
        return frozenset(row["contract_reference"] for row in references), {row["code"]: row["id"] for row in types}

    async def follow(self, contract_ids: Collection[UUID], onboarding_id: UUID) -> None:
        """From now on these contracts follow this onboarding, and the reference data has another version."""
        new = insert(onboarded_contract)
        merge = new.on_conflict_do_update(
            index_elements=["contract_id"], set_={"onboarding_id": new.excluded.onboarding_id}
        )
        await self.run(merge, [{"contract_id": one, "onboarding_id": onboarding_id} for one in contract_ids])
        await self.run(update(reference_version).values(onboarding_id=onboarding_id))

    async def _bring(self, table: Table, given: Mapping[str, Rows]) -> int:
        rows = given.get(table.name, ())
        owners = {row["id"] for row in given.get(OWNERS[table].name, ())} if table in OWNERS else set()
        if not rows and not owners:
            return 0
        before = {tuple(row[key.name] for key in table.primary_key): dict(row) for row in await self.all(select(table))}
        after = {tuple(row[key.name] for key in table.primary_key): dict(row) for row in rows}
        different = [row for key, row in after.items() if before.get(key) != row]
        new = insert(table)
        rest = {one.name: new.excluded[one.name] for one in table.columns if not one.primary_key}
        keys = list(table.primary_key)
        merge = new.on_conflict_do_update(index_elements=keys, set_=rest) if rest else new.on_conflict_do_nothing()
        await self.run(merge, different)
        gone = [key for key in before if key not in after and key[0] in owners]
        if gone:
            matches = [and_(*(one == value for one, value in zip(keys, key, strict=True))) for key in gone]
            await self.run(delete(table).where(or_(*matches)))
        return len(different) + len(gone)
