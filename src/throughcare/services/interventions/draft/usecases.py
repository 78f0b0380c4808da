"""What a practitioner does to a draft."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from throughcare.kit.clock import london
from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.catalogue.model import Catalogue
from throughcare.services.interventions.draft.model import Changes, Draft, OasysRisk, Selection, patch_draft
from throughcare.services.interventions.draft.store import DraftStore
from throughcare.services.interventions.refusal.model import Refused


async def create_draft(uow: UnitOfWork, *, crn: str, intervention_id: UUID, catalogue: Catalogue, by: Actor) -> Draft:
    """A new draft; the category is chosen already when the contract has but one. Raises Refused, Closed."""
    intervention = catalogue.interventions.get(intervention_id)
    if intervention is None:
        raise Refused("INTERVENTION_UNKNOWN", "there is no such intervention")
    intervention.check_open(uow.now)
    categories = intervention.contract.type.category_ids
    selection = Selection(frozenset(categories) if len(categories) == 1 else frozenset())
    async with uow:
        await uow.store(ActorStore).note(by)
        draft = Draft(new_id(), uow.now, by.id, crn, intervention_id, selection=selection)
        await uow.store(DraftStore).add(draft)
    return draft


async def change_draft(uow: UnitOfWork, draft_id: UUID, changes: Changes, *, catalogue: Catalogue) -> Draft:
    """The draft after a patch. Raises Invalid, NotThere, StaleVersion."""
    async with uow:
        store = uow.store(DraftStore)
        draft = await store.get(draft_id)
        contract = catalogue.interventions[draft.intervention_id].contract
        patched = patch_draft(draft, changes, contract=contract, today=london(uow.now).date(), now=uow.now)
        return await store.save(patched, uow.now)


async def choose_level(
    uow: UnitOfWork, draft_id: UUID, *, category_id: UUID, level_id: UUID, catalogue: Catalogue
) -> Draft:
    """The draft with a complexity level for one category. Raises Refused, NotThere, StaleVersion."""
    async with uow:
        store = uow.store(DraftStore)
        draft = await store.get(draft_id)
        changed = draft.with_level(catalogue.categories.get(category_id), category_id, level_id)
        return await store.save(changed, uow.now)


async def choose_outcomes(
    uow: UnitOfWork, draft_id: UUID, *, category_id: UUID, outcome_ids: list[UUID], catalogue: Catalogue
) -> Draft:
    """The draft with desired outcomes for one category. Raises Refused, NotThere, StaleVersion."""
    async with uow:
        store = uow.store(DraftStore)
        draft = await store.get(draft_id)
        contract = catalogue.interventions[draft.intervention_id].contract
        category = catalogue.categories.get(category_id)
        changed = draft.with_outcomes(category, category_id, outcome_ids, contract=contract, now=uow.now)
        return await store.save(changed, uow.now)


async def write_risk(uow: UnitOfWork, draft_id: UUID, risk: OasysRisk, *, by: Actor) -> OasysRisk:
    """Replace the risk texts of a draft. Raises NotThere, StaleVersion."""
    async with uow:
        store = uow.store(DraftStore)
        await uow.store(ActorStore).note(by)
        await store.save(await store.get(draft_id), uow.now)
        await store.put_risk(draft_id, risk, by=by.id, at=uow.now)
    return risk


async def delete_old_drafts(uow: UnitOfWork, keep: timedelta) -> int:
    """Delete drafts that nobody sent within ``keep``; how many there were."""
    async with uow:
        return await uow.store(DraftStore).remove_older_than(uow.now, keep)
