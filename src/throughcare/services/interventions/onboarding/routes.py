"""Onboarding contracts, for whoever keeps the contracts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import CONTRACTS
from throughcare.services.interventions.onboarding import usecases
from throughcare.services.interventions.onboarding.schemas import (
    ContractOnboarding,
    MalformedFile,
    OnboardContracts,
    RecordedOnboarding,
)
from throughcare.services.interventions.onboarding.store import OnboardingStore
from throughcare.services.interventions.refusal.model import Refused
from throughcare.services.interventions.settings import InterventionsSettings

router = Router("/contract-onboardings", tag="Contracts")
MOST_BYTES = 16 * 1_048_576


@router.post("", roles=[CONTRACTS], errors=[Refused], max_body=MOST_BYTES)
async def onboard_contracts(body: OnboardContracts, ctx: Ctx) -> ContractOnboarding:
    """Create providers, contract types and contracts, and bring contracts up to date.

    Nothing is changed unless ``dryRun`` is false. A file of a contract in which something is wrong is refused and the
    others go on.
    """
    try:
        files = body.files()
    except MalformedFile as error:
        raise Refused("FILE_MALFORMED", str(error)) from None
    plan, onboarding_id = await usecases.onboard_contracts(
        ctx.uow, files, fallback=ctx.settings(InterventionsSettings).fallback_mailbox, by=ctx.user.principal_name,
        dry_run=body.dry_run,
    )  # fmt: skip
    return ContractOnboarding.of(plan, onboarding_id)


@router.get("", roles=[CONTRACTS])
async def list_onboardings(
    ctx: Ctx, limit: Annotated[int, Query(ge=1, le=1000)] = 20
) -> list[RecordedOnboarding]:  # fmt: skip
    """The record of onboardings, newest first: what was created and changed, from which files, when and by whom."""
    async with ctx.reading(OnboardingStore) as store:
        return [RecordedOnboarding.model_validate(one) for one in await store.newest(limit)]
