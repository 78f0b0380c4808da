"""Every domain event that some endpoint of the integration API depends on."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, at, batch_reaction
from throughcare.services.integration.change.model import Change, Malformed, read_change
from throughcare.services.integration.change.usecases import store_changes
from throughcare.services.integration.event_type.model import DOMAIN_EVENTS

BATCH = 500


class Changed(Reads, types=DOMAIN_EVENTS):
    """A domain event, taken as it stands: whether its fields are right is the domain's to say."""

    person_reference: object = at("personReference", default=None)
    additional_information: object = at("additionalInformation", default=None)
    prison_id: object = at("prisonId", default=None)
    prisoner_id: object = at("prisonerId", default=None)
    detail_url: object = at("detailUrl", default=None)

    def change(self) -> Change:
        """The change. Raises Malformed."""
        return read_change(
            self.event_id, self.event_type, self.occurred_at, reference=self.person_reference,
            information=self.additional_information, prison_id=self.prison_id, prisoner_id=self.prisoner_id,
            detail_url=self.detail_url,
        )  # fmt: skip


@batch_reaction(Changed, limit=BATCH)
async def on_changed(events: list[Changed], ctx: Context) -> None:
    """Store notifications for what changed. What can never be handled is rejected, what may pass is tried again."""
    changes = []
    for event in events:
        try:
            changes.append(event.change())
        except Malformed as error:
            ctx.leave_out(event.event_id, Reject(str(error)))
    await store_changes(ctx, changes)
