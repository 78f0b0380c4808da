"""Finds out whom to write to, and has messages sent. Look-ups come first, outside any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused
from throughcare.kit.inbox.reactions import Reject
from throughcare.kit.notify import Notifier
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.actor.model import Actor, Kind
from throughcare.services.interventions.message.model import MANIFEST, WINDOW, Mail
from throughcare.services.interventions.message.views import MessageViews
from throughcare.services.interventions.notification.model import Letter, Recipient
from throughcare.services.interventions.notification.store import NotificationStore
from throughcare.services.interventions.peers.auth import AuthPeer, Contact
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.referral.model import Referral

log = get_logger(__name__)


async def find_officer(ctx: Context, referral: Referral) -> Contact:
    """The responsible officer; who sent the referral when no officer can be written to.

    Raises Reject when neither can be, PeerUnavailable when it should be tried again.
    """
    try:
        found = await ctx.peer(ProbationPeer).responsible_officer(referral.crn)
    except PeerRefused:
        found = None
    officer = found.officer if found else None
    if officer and officer.email and officer.name and not officer.unallocated:
        return Contact(officer.name.forename or "", officer.name.surname or "", officer.email)
    log.warning("no responsible officer to write to", referral_id=referral.id)
    async with ctx.reading(MessageViews) as views:
        sender = await views.actor(referral.sent_by)
    return await find_contact(ctx, sender)


async def find_contact(ctx: Context, person: Actor) -> Contact:
    """How to write to ``person``. Raises Reject when that is not known, PeerUnavailable when to try again."""
    found = await ctx.peer(AuthPeer).contact(person)
    if found is None:
        raise Reject("the recipient has no verified address")
    return found


async def find_address(ctx: Context, person: Actor) -> str | None:
    """The address of ``person``, or None when it is not known. Raises PeerUnavailable when to try again."""
    found = await ctx.peer(AuthPeer).contact(person)
    return None if found is None else found.email


async def request_mails(
    ctx: Context, mails: Sequence[Mail], *, to: Contact, event_id: UUID, about: UUID | None = None
) -> None:
    """Have ``mails`` sent to one recipient, each once, however often the event is handled; ``about`` a referral."""
    await request_addressed(ctx, [(mail, to) for mail in mails], event_id=event_id, about=about)


async def request_addressed(
    ctx: Context, mails: Sequence[tuple[Mail, Contact]], *, event_id: UUID, about: UUID | None = None
) -> None:
    """Have mails sent, each to its own recipient and once, however often the event is handled; ``about`` a referral."""
    notifier, letters = Notifier.of(ctx, MANIFEST), []
    async with ctx.uow as uow:
        for place, (mail, to) in enumerate(mails):
            again = f":{place}" if mail.template in {one.template for one, _ in mails[:place]} else ""
            request_id = await notifier.request(
                uow, template=mail.template, to=to.email, personalisation=mail.personalisation,
                dedupe_key=f"{mail.template}:{event_id}{again}", window=WINDOW, user_typed=mail.typed,
            )  # fmt: skip
            if about is not None and request_id is not None:
                letters.append(Letter(request_id, about, _side(to), f"{to.first_name} {to.last_name}"))
        await uow.store(NotificationStore).add(*letters)


def _side(to: Contact) -> Recipient:
    return Recipient.CASEWORKER if to.kind is Kind.PROVIDER else Recipient.PRACTITIONER
