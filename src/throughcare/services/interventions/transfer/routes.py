"""Moving referrals to another contract, for whoever keeps the contracts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.services.interventions.actor.model import CONTRACTS
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.refusal.model import Refused
from throughcare.services.interventions.transfer import usecases
from throughcare.services.interventions.transfer.schemas import (
    MovedReferral,
    OrderedTransfer,
    OrderTransfer,
    RecordedTransfer,
)
from throughcare.services.interventions.transfer.store import TransferStore

router = Router("/contract-transfers", tag="Contracts")


@router.post("", roles=[CONTRACTS], errors=[Refused])
async def transfer_referrals(body: OrderTransfer, ctx: Ctx) -> OrderedTransfer:
    """Move referrals to another contract, all or none. Nothing is changed unless ``dryRun`` is false."""
    moved, transfer_id = await usecases.transfer_referrals(
        ctx.uow, body.order(), await current_catalogue(ctx), by=ctx.user.principal_name, dry_run=body.dry_run
    )
    return OrderedTransfer(id=transfer_id, referrals=[MovedReferral.of(one) for one in moved])


@router.get("", roles=[CONTRACTS])
async def list_transfers(
    ctx: Ctx, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[RecordedTransfer]:  # fmt: skip
    """The record of transfers, newest first: what was moved, why, when and by whom."""
    async with ctx.reading(TransferStore) as store:
        return [RecordedTransfer.of(one) for one in await store.newest(limit)]
