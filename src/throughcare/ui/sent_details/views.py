"""Asks for everything that the details of a sent referral show, at the same time as far as it can."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.card.model import Card
from throughcare.ui.details.model import Contact, Facts, Passage, Reader, cards_of
from throughcare.ui.details.views import prison_names, prison_number
from throughcare.ui.peers.catalogue import Catalogue
from throughcare.ui.peers.drafts import DraftRisk
from throughcare.ui.peers.referrals import User
from throughcare.ui.peers.risks import Risk, Risks
from throughcare.ui.peers.supplementary import SupplementaryRisks
from throughcare.ui.peers.users import NOT_AVAILABLE, Users
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of, optional
from throughcare.ui.risk.model import Rosh, rosh_of


@dataclass(frozen=True)
class Details:
    """The details of a referral.

    ``rosh`` is None without an assessment, and when ``rosh_away`` says that it could not be had; ``caseworker_email``
    without a caseworker, and where the address is not known.
    """

    frame: Frame
    cards: Sequence[Card]
    rosh: Rosh | None
    rosh_away: bool
    caseworker_email: str | None


async def details_of(ctx: Context, side: Side, referral_id: UUID) -> Details:
    """Everything about a sent referral. Raises PeerRefused (403, 404), PeerUnavailable."""
    frame = await frame_of(ctx, side, referral_id)
    referral, written = frame.referral, frame.referral.referral
    intervention, risk, rosh, prisons, number, (email, theirs) = await asyncio.gather(
        ctx.peer(Catalogue, as_user=True).intervention(referral.intervention_id),
        _written_risk(ctx, referral.supplementary_risk_id),
        optional(ctx.peer(Risks, as_user=True).risk(written.service_user.crn), None),
        prison_names(ctx, written), prison_number(ctx, written),
        asyncio.gather(_email(ctx, referral.sent_by), _email(ctx, referral.assigned_to)),
    )  # fmt: skip
    name = frame.names[referral.sent_by.username]
    facts = Facts(
        written, frame.case, intervention, ctx.clock.today(),
        reader=Reader.PRACTITIONER if side is Side.PRACTITIONER else Reader.PROVIDER, prisons=prisons,
        prisoner_number=number, risk=risk if isinstance(risk, DraftRisk) else None, risk_away=risk is False,
        referrer=Contact(None if name == NOT_AVAILABLE else name, email),
        sent=Passage(referral.reference_number, referral.sent_at, referral.concluded_at),
    )  # fmt: skip
    return Details(frame, cards_of(facts), rosh_of(rosh or Risk()), rosh is None, theirs)


async def _written_risk(ctx: Context, risk_id: UUID) -> DraftRisk | bool | None:
    """What was written for the referral; None when nothing was, False when it could not be had."""
    return await optional(ctx.peer(SupplementaryRisks, as_user=True).risk(risk_id), False)


async def _email(ctx: Context, user: User | None) -> str | None:
    return await optional(ctx.peer(Users, as_user=True).email(user.username), None) if user else None
