"""Onboarding contracts from files: what the files say, and what would differ if it were so.

The files and the rules are those of ministryofjustice/hmpps-interventions-service: providers and contract types are
added and never changed; of a contract that exists only the days between which it takes referrals, the subcontractors,
the title and the description change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain, starmap
from typing import TypeVar
from uuid import UUID

from throughcare.services.interventions.catalogue.model import (
    Catalogue,
    Contract,
    ContractType,
    Intervention,
    Provider,
    ServiceCategory,
)

NO_END = datetime(2100, 12, 31, tzinfo=UTC)

BULLET = "\N{BULLET}"
PROVIDERS, TYPES = "providers.json", "contractDetails.json"

T = TypeVar("T")
Value = str | int | bool | list[str] | None


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong in a file: the field, by its path in the file, and a sentence."""

    field: str
    message: str


@dataclass(frozen=True)
class Terms:
    """What one file says of one contract and its intervention."""

    file: str
    contract_id: UUID
    reference: str
    type_code: str
    probation_region: str | None
    pcc_region: str | None
    minimum_age: int
    maximum_age: int | None
    allows_female: bool
    allows_male: bool
    hide_before: date
    hide_after: datetime
    prime: str
    subcontractors: tuple[str, ...]
    intervention_id: UUID
    title: str
    description: str
    mailbox: str | None


@dataclass(frozen=True)
class Unreadable:
    """A file that does not say what one of a contract must."""

    file: str
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Files:
    """What all files of an onboarding say, and the SHA-256 of each by name."""

    providers: tuple[Provider, ...]
    types: tuple[tuple[ContractType, ServiceCategory], ...]
    contracts: tuple[Terms | Unreadable, ...]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Created:
    """A record that was not there: ``provider``, ``contract type`` or ``contract``, with what it holds."""

    kind: str
    name: str
    file: str
    holds: Mapping[str, Value]


@dataclass(frozen=True)
class Changed:
    """A field of a contract that was there, as it was and as it is to be."""

    contract: str
    file: str
    field: str
    old: Value
    new: Value


@dataclass(frozen=True)
class Skipped:
    """Something that a file says and that is left as it was, and why."""

    kind: str
    name: str
    file: str
    why: str


@dataclass(frozen=True)
class Rejected:
    """A file of which nothing is done, with everything that is wrong in it."""

    file: str
    contract: str | None
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Outcome:
    """What one file of a contract comes to; ``target`` is the intervention as it is to be kept, if it is to be."""

    target: Intervention | None = None
    created: tuple[Created, ...] = ()
    changed: tuple[Changed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What files come to: the records that are new or differ, and an account of it."""

    providers: tuple[Provider, ...]
    types: tuple[tuple[ContractType, ServiceCategory], ...]
    interventions: tuple[Intervention, ...]
    created: tuple[Created, ...]
    changed: tuple[Changed, ...]
    skipped: tuple[Skipped, ...]
    rejected: tuple[Rejected, ...]
    unchanged: tuple[str, ...]

    @property
    def changes_something(self) -> bool:
        """Whether anything would be created or changed."""
        return bool(self.created or self.changed)


@dataclass(frozen=True)
class Onboarding:
    """An onboarding that was carried out, by whom and when."""

    id: UUID
    files: Mapping[str, str]
    created: tuple[Created, ...]
    changed: tuple[Changed, ...]
    carried_out_at: datetime
    carried_out_by: str


@dataclass(frozen=True)
class _Known:
    """What a contract can point to: what is there, and what the files add."""

    catalogue: Catalogue
    providers: Mapping[str, Provider]
    types: Mapping[str, ContractType]
    files: Mapping[tuple[str, object], list[str]]


def describe(short: str | None, activities: Iterable[tuple[str, str, str, str]]) -> str:
    """The description of an intervention: the short text, then what is done, by need, method and place.

    An activity comes as need, method, place and what is done; one that comes twice is named once, and what is empty is
    left out.
    """
    groups = defaultdict[tuple[str, ...], set[str]](set)
    for one in activities:
        *where, what = (" ".join(part.split()) for part in one)
        groups[tuple(where)].add(what)
    blocks = [short.strip()] if short and short.strip() else []
    blocks += ["Activities"] if groups else []
    for (need, *how), done in sorted(groups.items()):
        known = "; ".join(part for part in how if part)
        heading = f"{need} ({known})" if known else need
        blocks.append("\n".join([heading, *(f"{BULLET} {what}" for what in sorted(done) if what)]))
    return "\n\n".join(blocks)


def plan_onboarding(files: Files, catalogue: Catalogue, *, fallback: str) -> Plan:
    """What the files come to; ``fallback`` is the mailbox of new contracts whose file names none."""
    providers = tuple(one for one in files.providers if one.id not in catalogue.providers)
    types = tuple(one for one in files.types if one[0].code not in catalogue.types)
    known = _Known(
        catalogue, {one.id: one for one in providers} | dict(catalogue.providers),
        {one.code: one for one, _ in types} | dict(catalogue.types), _named_by(files),
    )  # fmt: skip
    outcomes = [_outcome(one, known, fallback) for one in files.contracts]
    return Plan(
        providers, types, tuple(one.target for one in outcomes if one.target is not None),
        (*map(_new_provider, providers), *starmap(_new_type, types), *_all(one.created for one in outcomes)),
        _all(one.changed for one in outcomes),
        (*_left_alone(files, catalogue), *_all(one.skipped for one in outcomes)),
        _all(one.rejected for one in outcomes), _all(one.unchanged for one in outcomes),
    )  # fmt: skip


def _all(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(parts))


def _outcome(terms: Terms | Unreadable, known: _Known, fallback: str) -> Outcome:
    if isinstance(terms, Unreadable):
        return Outcome(rejected=(Rejected(terms.file, None, terms.wrong),))
    held = known.catalogue.by_contract.get(terms.reference)
    wrong = (*_claimed_twice(terms, held, known), *_unknown(terms, known))
    if wrong:
        return Outcome(rejected=(Rejected(terms.file, terms.reference, wrong),))
    offered = _as_offered(terms, known, fallback)
    if held is None:
        return Outcome(offered, created=(_new_contract(terms, offered),))
    target = _updated(held, offered)
    differences = tuple(
        Changed(terms.reference, terms.file, field, old, new) for field, old, new in _differences(held, target)
    )
    fixed = tuple(
        Skipped("contract", terms.reference, terms.file, f"{field} stays {say(old)}, where the file says {say(new)}")
        for field, old, new in _differences(target, offered)
        if field != "incoming_distribution_email" or terms.mailbox is not None
    )
    if not differences:
        return Outcome(skipped=fixed, unchanged=(terms.reference,))
    return Outcome(target, changed=differences, skipped=fixed)


def say(value: Value) -> str:
    """A value of a file in a sentence or a table."""
    return ", ".join(value) or "nobody" if isinstance(value, list) else "nothing" if value is None else str(value)


def _named_by(files: Files) -> Mapping[tuple[str, object], list[str]]:
    """The files that name a reference or an id, by field and value."""
    named = defaultdict(list)
    for one in files.contracts:
        if isinstance(one, Terms):
            for field, value in _identity(one):
                named[field, value].append(one.file)
    return named


def _identity(terms: Terms) -> Iterator[tuple[str, object]]:
    yield "contract_reference", terms.reference
    yield "internal_contract_id", terms.contract_id
    yield "internal_intervention_id", terms.intervention_id


def _claimed_twice(terms: Terms, held: Intervention | None, known: _Known) -> Iterator[Wrong]:
    for field, value in _identity(terms):
        others = [one for one in known.files[field, value] if one != terms.file]
        if others:
            yield Wrong(field, f"{', '.join(others)} says the same")
    if held is not None:
        return
    for one in known.catalogue.interventions.values():
        if one.contract.id == terms.contract_id:
            yield Wrong("internal_contract_id", f"this is contract {one.contract.reference}")
        if one.id == terms.intervention_id:
            yield Wrong("internal_intervention_id", f"this is the intervention of {one.contract.reference}")


def _unknown(terms: Terms, known: _Known) -> Iterator[Wrong]:
    if terms.type_code not in known.types:
        yield Wrong("contract_type_id", f"there is no contract type {terms.type_code}")
    if (terms.probation_region is None) == (terms.pcc_region is None):
        yield Wrong("region", "give nps_region_code or pcc_region_code, and not both")
    if terms.probation_region is not None and terms.probation_region not in known.catalogue.probation_regions:
        yield Wrong("region.nps_region_code", f"there is no probation region {terms.probation_region}")
    if terms.pcc_region is not None and terms.pcc_region not in known.catalogue.pcc_regions:
        yield Wrong("region.pcc_region_code", f"there is no PCC region {terms.pcc_region}")
    if terms.prime not in known.providers:
        yield Wrong("providers.prime_provider_code", f"there is no provider {terms.prime}")
    for one in terms.subcontractors:
        if one not in known.providers:
            yield Wrong("providers.subcontractor_codes", f"there is no provider {one}")


def _as_offered(terms: Terms, known: _Known, fallback: str) -> Intervention:
    contract = Contract(
        terms.contract_id, terms.reference, known.types[terms.type_code], known.providers[terms.prime],
        tuple(known.providers[one] for one in terms.subcontractors), terms.probation_region, terms.pcc_region,
        terms.minimum_age, terms.maximum_age, terms.allows_female, terms.allows_male, terms.hide_before,
        terms.hide_after,
    )  # fmt: skip
    return Intervention(terms.intervention_id, contract, terms.title, terms.description, terms.mailbox or fallback)


def _updated(held: Intervention, offered: Intervention) -> Intervention:
    """What was there, with what may change taken from what is offered."""
    contract = replace(
        held.contract, referral_start_date=offered.contract.referral_start_date,
        referral_end_at=offered.contract.referral_end_at, subcontractors=offered.contract.subcontractors,
    )  # fmt: skip
    return replace(held, contract=contract, title=offered.title, description=offered.description)


def _differences(old: Intervention, new: Intervention) -> Iterator[tuple[str, Value, Value]]:
    before, after = _fields(old), _fields(new)
    return ((field, was, after[field]) for field, was in before.items() if was != after[field])


def _fields(one: Intervention) -> dict[str, Value]:
    """An intervention and its contract under the names that the files have."""
    contract, end = one.contract, one.contract.referral_end_at
    return {
        "contract_type_id": contract.type.code, "incoming_distribution_email": one.mailbox,
        "region.nps_region_code": contract.probation_region, "region.pcc_region_code": contract.pcc_region,
        "eligibility.allows_female": contract.allows_female, "eligibility.allows_male": contract.allows_male,
        "eligibility.minimum_age": contract.minimum_age, "eligibility.maximum_age": contract.maximum_age,
        "scheduling.hide_before": contract.referral_start_date.isoformat(),
        "scheduling.hide_after": None if end is None else end.astimezone(UTC).isoformat(),
        "providers.prime_provider_code": contract.prime.id,
        "providers.subcontractor_codes": sorted(one.id for one in contract.subcontractors),
        "intervention_title": one.title, "description": one.description,
    }  # fmt: skip


def _new_provider(one: Provider) -> Created:
    return Created("provider", one.id, PROVIDERS, {"name": one.name})


def _new_type(kind: ContractType, category: ServiceCategory) -> Created:
    holds: dict[str, Value] = {
        "contract_type": kind.name, "service_category": category.name,
        "desired_outcomes": [one.description for one in category.outcomes],
        "complexity_levels": [one.level for one in category.levels],
    }  # fmt: skip
    return Created("contract type", kind.code, TYPES, holds)


def _new_contract(terms: Terms, offered: Intervention) -> Created:
    return Created("contract", terms.reference, terms.file, _fields(offered))


def _left_alone(files: Files, catalogue: Catalogue) -> Iterator[Skipped]:
    for one in files.providers:
        held = catalogue.providers.get(one.id)
        if held is not None and held.name != one.name:
            yield Skipped("provider", one.id, PROVIDERS, f"the name stays {held.name}, where the file says {one.name}")
    for kind, _ in files.types:
        if kind.code in catalogue.types:
            yield Skipped("contract type", kind.code, TYPES, "is there and stays as it is")
