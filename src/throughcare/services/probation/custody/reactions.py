"""People who go into prison or come out of it."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, reaction
from throughcare.services.probation.custody import usecases
from throughcare.services.probation.custody.model import ADMISSIONS, RELEASE, TRANSFER


class PrisonerReleased(Reads, types=["prisoner-offender-search.prisoner.released"]):
    """Somebody left a prison."""

    noms_number: str
    reason: str


class PrisonerReceived(Reads, types=["prisoner-offender-search.prisoner.received"]):
    """Somebody came into a prison."""

    noms_number: str
    reason: str
    prison_id: str | None = None


@reaction(PrisonerReleased, order_by="noms_number")
async def on_prisoner_released(event: PrisonerReleased, ctx: Context) -> None:
    """Hand the case over to the community. Absences, court and transfers are no release."""
    if event.reason == RELEASE:
        await usecases.record_release(ctx.uow, event.noms_number, at=event.occurred_at)


@reaction(PrisonerReceived, order_by="noms_number")
async def on_prisoner_received(event: PrisonerReceived, ctx: Context) -> None:
    """Follow the person into the prison. Returns from court or absence change nothing."""
    if event.reason in ADMISSIONS or event.reason == TRANSFER:
        await usecases.record_reception(
            ctx.uow, event.noms_number, prison_id=event.prison_id, at=event.occurred_at,
            admitted=event.reason in ADMISSIONS,
        )  # fmt: skip
