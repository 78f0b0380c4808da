"""What was written to people about a referral, and how far each message came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire

CHANGED = {
    "complexity-level-changed": "the complexity level",
    "desired-outcome-changed": "the desired outcomes",
    "needs-and-requirements-outcome-changed": "needs and requirements",
    "prison-establishment-updated": "the prison",
    "expected-release-date-updated": "the expected release date",
    "probation-office-updated": "the probation office",
    "probation-practitioner-name-updated": "the name of the probation practitioner",
    "probation-practitioner-email-updated": "the email address of the probation practitioner",
    "probation-practitioner-phone-number-updated": "the phone number of the probation practitioner",
    "probation-practitioner-team-phone-number-updated": "the phone number of the team",
    "completion-deadline-updated": "the completion date",
    "enforceable-days-updated": "the maximum enforceable days",
    "reason-for-referral-updated": "the reason for the referral",
}
ABOUT = {
    "referral-sent": "Referral sent",
    "referral-assigned": "Caseworker assigned",
    "initial-assessment-scheduled": "Supplier assessment booked or moved",
    "appointment-not-attended": "Appointment missed",
    "session-poor-behaviour": "Poor behaviour at an appointment",
    "session-concerns": "Concerns after an appointment",
    "action-plan-submitted": "Action plan submitted",
    "action-plan-approved": "Action plan approved",
    "end-of-service-report-submitted": "End of service report submitted",
    "case-note-sent": "Case note added",
    "case-note-sent-pp": "Case note added",
    "referral-pre-ica-withdrawn": "Referral withdrawn",
    "referral-post-ica-withdrawn": "Referral withdrawn",
    "referral-withdraw-early": "Referral ended early",
    **{template: f"Change to {what}" for template, what in CHANGED.items()},
}
STATES = {
    "queued": ("Waiting to be sent", "blue"),
    "sent": ("Sent", "blue"),
    "delivered": ("Delivered", "green"),
    "mailbox-not-found": ("Failed: there is no such mailbox", "red"),
    "mailbox-not-accepting": ("Failed: the mailbox did not take it", "red"),
    "not-sent": ("Failed: it could not be sent", "red"),
    "held-back": ("Not sent: earlier messages to this address failed", "yellow"),
}
WHO = {"probation-practitioner": "probation practitioner", "caseworker": "caseworker", "service-provider": "mailbox"}


class Message(Wire):
    """What was written to somebody, and how far it came. ``sent_again_as`` is the message that replaced it."""

    recipient: str
    name: str
    template: str
    state: str
    failed: bool = False
    sent_again_as: UUID | None = None

    @property
    def about(self) -> str:
        """What it tells of, in words."""
        return ABOUT.get(self.template, self.template.replace("-", " ").capitalize())

    @property
    def state_words(self) -> str:
        """How far it came, in words."""
        return "Sent again" if self.sent_again_as else STATES.get(self.state, (self.state, ""))[0]

    @property
    def colour(self) -> str:
        """The colour of the tag that shows the state."""
        return "grey" if self.sent_again_as else STATES.get(self.state, ("", "grey"))[1]

    @property
    def whose(self) -> str:
        """What the recipient is to the referral, in words."""
        return WHO.get(self.recipient, self.recipient)


class Notification(Message):
    """A message on record. The address is None once it was forgotten."""

    id: UUID
    address: str | None = None
    asked_at: datetime
    ended_at: datetime | None = None


class Messages(Peer, service="interventions"):
    """What the interventions service wrote to people."""

    async def of_referral(self, referral_id: UUID) -> list[Notification]:
        """Every message about a referral, the newest first."""
        return await self.get(f"/sent-referral/{referral_id}/notifications", list[Notification])

    async def send_again(self, referral_id: UUID, message_id: UUID) -> None:
        """Have a message that failed sent once more. Raises PeerRefused (409) when it did not fail or is forgotten."""
        await self.post(f"/sent-referral/{referral_id}/notifications/{message_id}/send-again", safe=True)
