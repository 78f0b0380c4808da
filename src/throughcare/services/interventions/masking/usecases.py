"""Takes everything personal out of a copy of this service's data, so that it can be used where things are tested."""

from __future__ import annotations

from collections.abc import Collection
from secrets import randbelow

from throughcare.kit.errors import CannotStart
from throughcare.seeding.names import FIRST_NAMES_FEMALE, FIRST_NAMES_MALE, LAST_NAMES
from throughcare.services.interventions.masking.model import EMPTIED, REGISTER, classified
from throughcare.services.interventions.masking.store import MaskingStore, opened


class NotMasked(CannotStart):
    """Why a database was left as it is."""


async def mask(dsn: str, *, live: str | None, others: Collection[str]) -> dict[str, int]:
    """Mask the copy at ``dsn`` in place, all or nothing; how many rows of each table were changed or deleted.

    ``live`` is the URL of the database that must not be masked; ``others`` are schemas that hold other data. Raises
    NotMasked, asyncpg.PostgresError, OSError.
    """
    async with opened(dsn) as copy:
        await _check_idle(copy, live)
        await _check_known(copy, others)
        first = sorted({*FIRST_NAMES_FEMALE, *FIRST_NAMES_MALE})
        changed = {}
        async with copy.masking(randbelow(2**62), first, LAST_NAMES):
            for name, masked in REGISTER.items():
                changed[name] = await copy.mask(name, masked)
            for name in EMPTIED:
                changed[name] = await copy.empty(name)
            deeds = await _identify(copy)
        touched = {name: rows for name, rows in changed.items() if rows}
        for name in sorted({*touched, *deeds}):
            await copy.forget(name)
    return touched


async def _identify(copy: MaskingStore) -> list[str]:
    """Derive identities from the new user names, since from an old one somebody could tell whose deeds are whose."""
    people = await copy.actors()
    return await copy.identify({old: person.id for old, person in people.items() if old != person.id})


async def _check_idle(copy: MaskingStore, live: str | None) -> None:
    if await copy.in_use():
        raise NotMasked("services are connected to this database: mask a copy that nobody uses")
    if live is None:
        return
    async with opened(live) as own:
        if await own.which() == await copy.which():
            raise NotMasked("this is the database of DATABASE_URL: mask a copy, or repeat its URL with --again")


async def _check_known(copy: MaskingStore, others: Collection[str]) -> None:
    if found := await copy.schemas(sorted(others)):
        raise NotMasked(
            f"the copy holds more than interventions ({', '.join(found)}), which this command does not mask: copy with"
            " `pg_dump --schema=interventions`"
        )
    if not await copy.schemas(["interventions"]):
        raise NotMasked("there is no schema interventions in this database: restore a copy first")
    columns = await copy.columns()
    if differing := sorted(f"{table}.{column}" for table, column in columns ^ classified()):
        raise NotMasked(
            f"{', '.join(differing)}: not in the copy, or not known here. Mask with the version of throughcare that the"
            " copy was made by"
        )
