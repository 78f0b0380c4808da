"""Every domain event that some endpoint of the integration API depends on."""

from __future__ import annotations

from throughcare.kit.context import Context
from throughcare.kit.inbox.reactions import Reads, Reject, batch_reaction
from throughcare.kit.messaging.envelope import Envelope
from throughcare.services.integration.change.model import Change, Malformed, read_change
from throughcare.services.integration.change.usecases import store_changes
from throughcare.services.integration.event_type.model import DOMAIN_EVENTS

BATCH = 500


class Changed(Reads, types=DOMAIN_EVENTS):
    """A domain event, taken as it stands: whether its fields are right is the domain's to say.

    Thousands come each second, so that nothing is looked at twice.
    """

    person_reference: object = None
    additional_information: object = None
    prison_id: object = None
    prisoner_id: object = None
    detail_url: object = None

    @classmethod
    def of(cls, envelope: Envelope) -> Changed:
        """The event of ``envelope``."""
        body = envelope.body
        return cls.model_construct(
            event_id=envelope.event_id, event_type=envelope.event_type, occurred_at=envelope.occurred_at, noms=None,
            crn=None, person_reference=body.get("personReference"),
            additional_information=body.get("additionalInformation"), prison_id=body.get("prisonId"),
            prisoner_id=body.get("prisonerId"), detail_url=body.get("detailUrl"),
        )  # fmt: skip

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
