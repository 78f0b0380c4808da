"""Reads the probation case record for whoever may reach it through a referral."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerError
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.case_record.schemas import CaseRecord
from throughcare.services.interventions.peers.case_record import CaseRecordPeer

log = get_logger(__name__)
T = TypeVar("T")


async def read_case(ctx: Context, crn: str, *, sentence_id: int | None = None) -> CaseRecord:
    """The record of a case, of its sentences only ``sentence_id`` if that is given. Its parts are asked for together.

    A part that cannot be had is null, so that the rest can be shown.
    """
    peer = ctx.peer(CaseRecordPeer)
    person, officer, sentences = await asyncio.gather(
        _part(peer.person(crn)), _part(peer.officer(crn)),
        _part(peer.sentence(crn, sentence_id) if sentence_id is not None else peer.sentences(crn)),
    )  # fmt: skip
    return CaseRecord(person=person, officer=officer, sentences=sentences)


async def _part(question: Awaitable[T]) -> T | None:
    try:
        return await question
    except PeerError as error:
        log.warning("a part of a case record is not to be had just now", labels={"error": error.code})
        return None
