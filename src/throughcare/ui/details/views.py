"""Asks for what the cards of a referral say of a person in prison, as far as it can be had."""

from __future__ import annotations

from collections.abc import Mapping

from throughcare.kit.context import Context
from throughcare.kit.errors import ServiceError
from throughcare.ui.draft.model import kind_of
from throughcare.ui.peers.case import Cases
from throughcare.ui.peers.drafts import Written
from throughcare.ui.peers.places import Prisons


async def prison_names(ctx: Context, written: Written) -> Mapping[str, str] | None:
    """The names of prisons by id; none when the referral names no prison, None when they could not be had."""
    if not (written.person_custody_prison_id or written.pp_establishment):
        return {}
    try:
        found = await ctx.peer(Prisons, as_user=True).prisons()
    except ServiceError:
        return None
    return {one.agency_id: one.description for one in found}


async def prison_number(ctx: Context, written: Written) -> str | None:
    """The person's prison number; None for somebody who is not in prison, and where it is not known."""
    kind = kind_of(written)
    if kind is None or not kind.in_prison:
        return None
    try:
        found = await ctx.peer(Cases, as_user=True).prisoner(written.service_user.crn)
    except ServiceError:
        return None
    return found.prisoner_number if found else None
