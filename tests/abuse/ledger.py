"""The books, kept by set comparison: what was accepted, what is state, what was announced, what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic

from tests.abuse import outside
from tests.abuse.books import Books, Connection, Line, compare, reading
from throughcare import catalogue

STATE = {
    "prisoner": "select prisoner_number from prison.prisoner where upper(last_name) like 'ABUSE%'",
    "admission": """
        select prisoner_number from prison.movement join prison.prisoner using (prisoner_number)
         where upper(last_name) like 'ABUSE%' and type = 'ADM' and reason = 'N'""",
    "recall": """
        select prisoner_number from prison.movement join prison.prisoner using (prisoner_number)
         where upper(last_name) like 'ABUSE%' and type = 'ADM' and reason = 'B'""",
    "release": """
        select prisoner_number from prison.movement join prison.prisoner using (prisoner_number)
         where upper(last_name) like 'ABUSE%' and type = 'REL'""",
    "alert": """
        select prisoner_number || ' ' || code from prison.alert join prison.prisoner using (prisoner_number)
         where upper(last_name) like 'ABUSE%'""",
    "case": "select crn from probation.person where upper(surname) like 'ABUSE%'",
    "draft": "select id::text from interventions.referral union all select id::text from interventions.draft_referral",
    "answer": """
        select referral_id || ' details' from interventions.referral_details
        union all
        select referral_id || ' level ' || service_category_id from interventions.referral_service_category
         where complexity_level_id is not null
        union all
        select distinct referral_id || ' outcomes ' || service_category_id from interventions.referral_desired_outcome
        union all
        select source_id || ' risk' from risks_and_needs.supplementary_risk""",
    "referral": "select id::text from interventions.referral",
}
OWED = {
    "prisoner": ("prison.person.created", "prisoner-offender-search.prisoner.created"),
    "admission": (
        "prison.booking.opened", "prison.movement.recorded", "prisoner-offender-search.prisoner.received",
    ),
    "recall": ("prison.booking.opened", "prison.movement.recorded", "prisoner-offender-search.prisoner.received"),
    "release": ("prison.booking.closed", "prison.movement.recorded", "prisoner-offender-search.prisoner.released"),
    "alert": ("person.alert.created",),
    "case": ("probation-case.engagement.created", "probation-case.sentence.created"),
    "referral": ("intervention.referral.sent", "risk.supplementary.created"),
}  # fmt: skip
EFFECTS = {
    "NSI in Delius": "select split_part(external_reference, ':', 4) from probation.nsi",
    "supplementary risk": "select source_id::text from risks_and_needs.supplementary_risk",
    "message to the provider": """
        select r.id::text from interventions.referral r
          join notify.notification n on n.template_key = 'referral-sent'
           and n.body like '%' || r.reference_number || '%'""",
}
INDEXED = """
    select m.prisoner_number from prison.movement m join prison.prisoner p using (prisoner_number)
      join prisoner_search.prisoner i using (prisoner_number)
     where upper(p.last_name) like 'ABUSE%' group by 1, i.last_movement_sequence
    having max(m.sequence) = i.last_movement_sequence"""
DRAIN_SECONDS = 300.0
POLL_SECONDS = 0.5


async def settle(dsn: str, end_window: Callable[[], Awaitable[None]]) -> float:
    """Wait until nothing is under way; how many seconds it took. Raises RuntimeError with what is left over.

    Once only notifications are left, the window in which they are collected ends.
    """
    began = monotonic()
    while left := await reading(dsn, under_way):
        if monotonic() - began > DRAIN_SECONDS:
            raise RuntimeError(f"not settled after {DRAIN_SECONDS:.0f} s: {left}")
        if left.keys() == {"notifications"} and await reading(dsn, outside.collecting):
            await end_window()
        await asyncio.sleep(POLL_SECONDS)
    return monotonic() - began


async def under_way(connection: Connection) -> dict[str, int]:
    """What still has to happen: events not published, messages not read, mail not sent."""
    counts: dict[str, int] = {}
    for service in catalogue.services():
        statement = f"select count(*) from {service.name}.outbox where published_at is null and dead_at is null"
        counts[f"{service.name} outbox"] = await connection.fetchval(statement)
        for one in service.subscriptions:
            counts[one.queue.name] = await connection.fetchval(f"select count(*) from pgmq.q_{one.queue.name}")
    counts["mail"] = await connection.fetchval(
        "select count(*) from interventions.notification_request where status in ('queued', 'sending')"
    )
    counts["notifications"] = await connection.fetchval(outside.UNDER_WAY)
    return {name: count for name, count in counts.items() if count}


async def settled_books(dsn: str, accepted: Books) -> list[Line]:
    """Every comparison of a settled system."""

    async def read(connection: Connection) -> list[Line]:
        state = {kind: await _keys(connection, statement) for kind, statement in STATE.items()}
        rows = Counter({(kind, key): count for kind, keys in state.items() for key, count in keys.items()})
        return [
            compare("accepted requests = state rows", accepted, rows),
            compare("state rows × events owed = events", _owed(rows), await _events(connection)),
            await _subscriptions(connection),
            *[
                compare(f"sent referrals = {name}", _as(name, state["referral"]),
                        _as(name, await _keys(connection, statement)))
                for name, statement in EFFECTS.items()
            ],
            compare("prisoners = documents up to date", _as("document", Counter(set(state["admission"]))),
                    _as("document", await _keys(connection, INDEXED))),
            *await outside.told(connection),
            await _given_up(connection),
        ]  # fmt: skip

    return await reading(dsn, read)


def _owed(rows: Books) -> Books:
    owed: Books = Counter()
    for (kind, key), count in rows.items():
        for event_type in OWED.get(kind, ()):
            owed[event_type, key.split()[0]] += count
    return owed


async def _events(connection: Connection) -> Books:
    wanted = sorted({event_type for types in OWED.values() for event_type in types})
    found: Books = Counter()
    for service in catalogue.services():
        statement = f"""
            select event_type, coalesce(payload #>> '{{additionalInformation,sourceId}}',
                   payload #>> '{{personReference,identifiers,0,value}}', aggregate_id) as key, aggregate_id
              from {service.name}.outbox where event_type = any($1)"""
        for row in await connection.fetch(statement, wanted):
            own = row["event_type"].startswith("intervention.")
            found[row["event_type"], row["aggregate_id"] if own else row["key"]] += 1
    return found


async def _subscriptions(connection: Connection) -> Line:
    """Each event × each queue that hears of it, against the effects that the inboxes hold."""
    events: Counter[tuple[str, str]] = Counter()
    for service in catalogue.services():
        for row in await connection.fetch(f"select event_type, id::text from {service.name}.outbox"):
            events[row["event_type"], row["id"]] += 1
    owed: Books = Counter()
    found: Books = Counter()
    for service in catalogue.services():
        for one in service.subscriptions:
            heard = {kind for each in one.reactions for kind in each.reads.types}
            owed.update((one.queue.name, event_id) for kind, event_id in events if kind in heard)
            statement = f"""
                select event_id::text from {service.name}.inbox
                 where consumer = $1 and processed_at is not null"""
            found.update((one.queue.name, row["event_id"]) for row in await connection.fetch(statement, one.queue.name))
    return compare("events × subscriptions = effects", owed, found)


async def _given_up(connection: Connection) -> Line:
    found: Books = Counter()
    for service in catalogue.services():
        statement = f"select count(*) from {service.name}.outbox where dead_at is not null"
        found[f"{service.name} outbox", "given up"] = await connection.fetchval(statement)
        for one in service.subscriptions:
            count = await connection.fetchval(f"select count(*) from pgmq.q_{one.queue.dlq}")
            found[one.queue.dlq, "dead letter"] = count
    found["integration", "given up"] = await connection.fetchval(
        "select count(*) from integration.delivery where dead_at is not null"
    )
    return compare("nothing given up", Counter(), +found)


def _as(kind: str, keys: Mapping[str, int]) -> Books:
    return Counter({(kind, key): count for key, count in keys.items()})


async def _keys(connection: Connection, statement: str) -> Counter[str]:
    return Counter(str(row[0]) for row in await connection.fetch(statement))
