"""Sending again what reached nobody."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.kit.inbox.reactions import Reject
from throughcare.kit.notify import Notifier
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.message.model import MANIFEST, WINDOW
from throughcare.services.interventions.message.usecases import find_contact, find_officer
from throughcare.services.interventions.message.views import MessageViews
from throughcare.services.interventions.notification.model import Letter, Notification, Recipient
from throughcare.services.interventions.notification.store import NotificationStore
from throughcare.services.interventions.notification.views import NotificationViews
from throughcare.services.interventions.peers.auth import Contact
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.refusal.model import Clash, NotThere


async def send_again(ctx: Context, referral_id: UUID, message_id: UUID) -> UUID:
    """Have a message that failed sent once more, with the words that it had; the id of the new message.

    It goes to the address that its recipient has now. Where that cannot be looked up, or somebody else has taken
    over since, it goes to the address that it had. Asking twice sends one message.

    Raises NotThere, Clash (MESSAGE_NOT_FAILED, MESSAGE_FORGOTTEN).
    """
    async with ctx.reading(NotificationViews) as views:
        before = next(
            (one for one in await views.of_referral(referral_id) if one.letter.request_id == message_id), None
        )
    if before is None:
        raise NotThere("MESSAGE_NOT_FOUND", "there is no such message about this referral")
    if not before.state.failed:
        raise Clash("MESSAGE_NOT_FAILED", "this message did not fail")
    to = await _address(ctx, before)
    async with ctx.uow as uow:
        store = uow.store(NotificationStore)
        replaced = await store.lock(message_id)
        if replaced is not None:
            return replaced
        again = await Notifier.of(ctx, MANIFEST).repeat(uow, message_id, to=to, window=WINDOW)
        if again is None:
            raise Clash("MESSAGE_FORGOTTEN", "what this message said is not kept any more")
        await store.add(Letter(again, referral_id, before.letter.recipient, before.letter.name))
        await store.replace(message_id, again)
        return again


async def _address(ctx: Context, before: Notification) -> str | None:
    """The present address of the recipient; None for the one that the message had."""
    async with ctx.reading(MessageViews) as views:
        referral = await views.referral(before.letter.referral_id)
    if before.letter.recipient is Recipient.PROVIDER:
        return (await current_catalogue(ctx)).interventions[referral.intervention_id].mailbox
    try:
        now = await _recipient(ctx, before, referral)
    except (Reject, ServiceError):
        return None
    return now.email if now and f"{now.first_name} {now.last_name}" == before.letter.name else None


async def _recipient(ctx: Context, before: Notification, referral: Referral) -> Contact | None:
    if before.letter.recipient is Recipient.PRACTITIONER:
        return await find_officer(ctx, referral)
    if referral.assignment is None:
        return None
    async with ctx.reading(MessageViews) as views:
        caseworker = await views.actor(referral.assignment.assigned_to)
    return await find_contact(ctx, caseworker)
