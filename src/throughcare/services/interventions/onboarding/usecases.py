"""Onboards contracts from files: what can be, is; what is wrong in one file keeps only that one out."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.catalogue.store import ReferenceStore
from throughcare.services.interventions.catalogue.views import CatalogueViews
from throughcare.services.interventions.onboarding.model import Files, Onboarding, Plan, plan_onboarding
from throughcare.services.interventions.onboarding.store import OnboardingStore

log = get_logger(__name__)


async def onboard_contracts(
    uow: UnitOfWork, files: Files, *, fallback: str, by: str, dry_run: bool
) -> tuple[Plan, UUID | None]:
    """What the files come to, and the id of the onboarding; None for a dry run and where nothing was to change.

    ``fallback`` is the mailbox of new contracts whose file names none.
    """
    async with uow:
        await uow.store(ReferenceStore).digest(lock=not dry_run)
        plan = plan_onboarding(files, await CatalogueViews(uow.connection).current(), fallback=fallback)
        for one in plan.rejected:
            fields = dict.fromkeys(wrong.field for wrong in one.wrong)
            log.warning(
                "a contract cannot be onboarded", file=one.file, contracts=one.contract, errors=", ".join(fields)
            )
        if dry_run or not plan.changes_something:
            return plan, None
        done = Onboarding(new_id(), files.digests, plan.created, plan.changed, uow.now, by)
        await uow.store(OnboardingStore).add(done, plan)
    log.info("contracts were onboarded", id=done.id)
    return plan, done.id
