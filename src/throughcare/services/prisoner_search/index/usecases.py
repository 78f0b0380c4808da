"""Keeping the index, and telling what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from throughcare.kit.clock import LONDON, london
from throughcare.kit.db import UnitOfWork
from throughcare.kit.messaging.envelope import DomainEvent, PersonReference
from throughcare.services.prisoner_search.document.model import Document, categories_changed
from throughcare.services.prisoner_search.document.schemas import Prisoner
from throughcare.services.prisoner_search.index.events import (
    AlertsUpdated,
    ConvictedStatusChanged,
    PrisonerCreated,
    PrisonerReceived,
    PrisonerReleased,
    PrisonerRemoved,
    PrisonerUpdated,
)
from throughcare.services.prisoner_search.index.model import (
    AlertChange,
    Circumstances,
    Custody,
    Received,
    decide,
)
from throughcare.services.prisoner_search.index.store import Indexed, IndexStore
from throughcare.services.prisoner_search.peers.prison import LogEntry, SearchDetails

STILL_NEWS = timedelta(days=14)


async def index_prisoner(
    uow: UnitOfWork, number: str, found: SearchDetails | None, *, checking: bool = False
) -> Document | None:
    """Bring the index to what prison says of a prisoner, and announce what that changes; the document then.

    ``found`` is None for somebody whom prison does not know: they are removed. An answer that is older than the one
    indexed last is passed over: events and their answers come late, twice and out of order.

    Of somebody indexed for the first time, movements are announced that no event can have announced before (the
    outbox keeps 14 days). When ``checking`` none are: filling an empty index must not tell the world that everybody
    was just released. What is searched is then compared too, so that a new way of reading names reaches everybody.
    """
    async with uow:
        store = uow.store(IndexStore)
        held = await store.find(number)
        if found is None:
            if held is not None:
                await store.remove(number)
                uow.publish(PrisonerRemoved(noms_number=number, **_about(number, uow.now)))
            return None
        if held is not None and found.seen < held.seen:
            return held.document
        document = Prisoner.of(found)
        wire = document.wire()
        fresh = _fresh(held, found.movements, None if checking else uow.now - STILL_NEWS)
        for event in _news(held, wire, uow.now):
            uow.publish(event)
        for event in _comings_and_goings(found, fresh, uow.now):
            uow.publish(event)
        same = held is not None and wire == held.document and found.seen == held.seen
        if not same or (checking and not await store.searches(document)):
            await store.put(document, found.seen, uow.now)
    return wire


def _fresh(held: Indexed | None, log: Sequence[LogEntry], since: datetime | None) -> int:
    """How many entries at the end of the log are news."""
    if held is not None:
        return sum(one.sequence > held.last_movement_sequence for one in log)
    return 0 if since is None else sum(one.recorded_at >= since for one in log)


def _news(held: Indexed | None, wire: Document, now: datetime) -> Iterator[DomainEvent]:
    """What differs between the documents, apart from movements."""
    number = str(wire["prisonerNumber"])
    about, booking = _about(number, now), wire.get("bookingId")
    if held is None:
        yield PrisonerCreated(noms_number=number, **about)
        return
    if categories := categories_changed(held.document, wire):
        yield PrisonerUpdated(noms_number=number, categories_changed=categories, **about)
    status = wire.get("convictedStatus")
    if status is not None and status != held.document.get("convictedStatus"):
        yield ConvictedStatusChanged(noms_number=number, booking_id=booking, convicted_status=status, **about)
    if alerts := AlertChange.between(held.document, wire):
        yield AlertsUpdated(
            noms_number=number, booking_id=booking, alerts_added=list(alerts.added),
            alerts_removed=list(alerts.removed), **about,
        )  # fmt: skip


def _comings_and_goings(found: SearchDetails, fresh: int, now: datetime) -> Iterator[DomainEvent]:
    """Every coming and going that the last ``fresh`` entries of the log tell of, in order."""
    if not fresh:
        return
    around = _circumstances(found, now)
    before = found.movements[-fresh - 1] if len(found.movements) > fresh else None
    for earlier, later in pairwise([before, *found.movements[-fresh:]]):
        assert later is not None, "only the first entry has nothing before it"
        reason = decide(_custody(earlier) if earlier else None, _custody(later), around)
        about = _about(found.offender_no, later.occurred_at)
        if reason is None:
            continue
        if isinstance(reason, Received):
            yield PrisonerReceived(noms_number=found.offender_no, reason=reason, prison_id=later.agency_id, **about)
        else:
            left = later.from_agency or (earlier.agency_id if earlier else later.agency_id)
            yield PrisonerReleased(noms_number=found.offender_no, reason=reason, prison_id=left, **about)


def _custody(one: LogEntry) -> Custody:
    return Custody(one.status, one.booking_id, one.movement_type, one.movement_reason, one.recorded_at)


def _circumstances(found: SearchDetails, now: datetime) -> Circumstances:
    merged = [one.when_created for one in found.identifiers if one.type == "MERGED"]
    return Circumstances(
        newest_booking_id=max(one.booking_id for one in found.movements),
        merged_at=max(merged).replace(tzinfo=LONDON) if merged else None,
        now=now,
    )


def _about(number: str, at: datetime) -> dict[str, Any]:
    return {
        "person": PersonReference.of(noms=number), "occurred_at": london(at), "detail_path": f"/prisoner/{number}"
    }  # fmt: skip
