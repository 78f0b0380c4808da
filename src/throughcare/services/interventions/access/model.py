"""Who may reach a referral. Default deny: what is not allowed here is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from throughcare.services.interventions.actor.model import Actor, Kind
from throughcare.services.interventions.catalogue.model import Catalogue, Contract
from throughcare.services.interventions.refusal.model import AccessRefused, Reason

PROVIDER_GROUP, CONTRACT_GROUP = "INT_SP_", "INT_CR_"

READERS = frozenset({Kind.PRACTITIONER, Kind.PROVIDER, Kind.CLIENT})
PEOPLE = frozenset({Kind.PRACTITIONER, Kind.PROVIDER})
PRACTITIONER = frozenset({Kind.PRACTITIONER})
PROVIDER = frozenset({Kind.PROVIDER})
SUPPORT = frozenset({Kind.SUPPORT})

PP_ONLY = Reason("PP_ONLY", "only a probation practitioner can do this")
SP_ONLY = Reason("SP_ONLY", "only a service provider user can do this")
NO_REFERRAL_OF_YOURS = Reason("SP_CONTRACT_MISMATCH", "your contracts hold no referral of this person")


@dataclass(frozen=True)
class Scope:
    """What a provider's user may reach: contract references, each held by one of the user's providers."""

    providers: frozenset[str]
    contracts: frozenset[str]


@dataclass(frozen=True)
class Place:
    """Where a record belongs: the referral (None for a draft), the person and the intervention."""

    referral_id: UUID | None
    crn: str
    intervention_id: UUID


@dataclass(frozen=True)
class Entry:
    """Leave to go on: who asks (None for a machine), on which side, and what about."""

    place: Place
    kind: Kind
    by: Actor | None

    @property
    def referral_id(self) -> UUID:
        """The referral that the record belongs to."""
        assert self.place.referral_id is not None
        return self.place.referral_id

    @property
    def actor(self) -> Actor:
        """The person who asks; only where machines are not let in."""
        assert self.by is not None
        return self.by


def check_kind(kind: Kind, allowed: frozenset[Kind]) -> None:
    """Raises AccessRefused (PP_ONLY or SP_ONLY) when the caller is on the wrong side."""
    if kind not in allowed:
        raise AccessRefused(PP_ONLY if Kind.PRACTITIONER in allowed else SP_ONLY)


def resolve_scope(groups: Iterable[str], catalogue: Catalogue) -> Scope:
    """The scope that sign-in groups open; unknown groups open nothing.

    A contract that none of the user's providers holds, as prime or subcontractor, refuses the whole request:
    the groups are wrong then and a person must mend them. Raises AccessRefused.
    """
    codes = set(groups)
    providers = {one for one in catalogue.providers if f"{PROVIDER_GROUP}{one}" in codes}
    contracts = {one for one in catalogue.by_contract if f"{CONTRACT_GROUP}{one}" in codes}
    reasons = [
        Reason("SP_CONTRACT_NOT_HELD", f"contract {one} is not held by any of your providers")
        for one in sorted(contracts)
        if providers.isdisjoint(catalogue.by_contract[one].contract.provider_ids())
    ]
    if not providers:
        reasons.append(Reason("SP_NO_PROVIDER_GROUP", "you are not in the group of a known service provider"))
    if not contracts:
        reasons.append(Reason("SP_NO_CONTRACT_GROUP", "you are not in the group of a known contract"))
    if reasons:
        raise AccessRefused(*reasons)
    return Scope(frozenset(providers), frozenset(contracts))


def contract_reasons(scope: Scope, contract: Contract) -> list[Reason]:
    """Why the scope does not reach referrals under the contract; empty when it does."""
    reasons = []
    if scope.providers.isdisjoint(contract.provider_ids()):
        reasons.append(Reason("SP_PROVIDER_MISMATCH", "your service provider does not deliver this referral"))
    if contract.reference not in scope.contracts:
        reasons.append(Reason("SP_CONTRACT_MISMATCH", "you are not in the group of this referral's contract"))
    return reasons


def unknown_groups(groups: Iterable[str], catalogue: Catalogue) -> list[str]:
    """Provider and contract groups that no reference data knows, for the log."""
    known = {f"{PROVIDER_GROUP}{one}" for one in catalogue.providers}
    known |= {f"{CONTRACT_GROUP}{one}" for one in catalogue.by_contract}
    ours = (one for one in groups if one.startswith((PROVIDER_GROUP, CONTRACT_GROUP)))
    return sorted(one for one in ours if one not in known)


@dataclass(frozen=True)
class CaseAnswer:
    """What the case record says of one user and one case."""

    excluded: bool
    restricted: bool
    messages: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the user may see the case."""
        return not (self.excluded or self.restricted)


def check_case(answers: Mapping[str, CaseAnswer], crn: str) -> None:
    """Raises AccessRefused (CASE_RESTRICTED) unless the record says that the user may see the case."""
    answer = answers.get(crn)
    if answer is None:
        raise AccessRefused(Reason("CASE_RESTRICTED", "you may not see this case"))
    if not answer.allowed:
        messages = answer.messages or ("you may not see this case",)
        raise AccessRefused(*(Reason("CASE_RESTRICTED", message) for message in messages))
