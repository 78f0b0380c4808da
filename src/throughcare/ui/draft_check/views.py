"""Asks for everything that a draft says, at the same time as far as it can."""

from __future__ import annotations

import asyncio
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.ui.details.model import Contact, Facts
from throughcare.ui.details.views import prison_names, prison_number
from throughcare.ui.peers.case import CaseRecord
from throughcare.ui.peers.catalogue import Catalogue
from throughcare.ui.peers.drafts import Drafts
from throughcare.ui.peers.users import Users
from throughcare.ui.referral.views import optional


async def facts_of(ctx: Context, draft_id: UUID) -> Facts:
    """A draft with what belongs to it. Raises PeerRefused (403, 404, 409 when it was sent), PeerUnavailable."""
    drafts = ctx.peer(Drafts, as_user=True)
    draft, case, risk = await asyncio.gather(
        drafts.draft(draft_id), optional(drafts.case(draft_id), CaseRecord()),
        optional(drafts.risk(draft_id), False),
    )  # fmt: skip
    intervention, prisons, number, email = await asyncio.gather(
        ctx.peer(Catalogue, as_user=True).intervention(draft.intervention_id), prison_names(ctx, draft),
        prison_number(ctx, draft), optional(ctx.peer(Users, as_user=True).email(ctx.user.principal_name), None),
    )  # fmt: skip
    return Facts(
        draft, case, intervention, ctx.clock.today(), prisons=prisons, prisoner_number=number,
        risk=None if isinstance(risk, bool) else risk,
        risk_away=isinstance(risk, bool), referrer=Contact(ctx.user.name, email),
    )  # fmt: skip
