"""Work that a service does once and for all, such as being filled with a synthetic world: noted among its job runs.

Work that was begun and not finished was broken off; what it had made is not whole.
"""

from __future__ import annotations

from sqlalchemy import text

from throughcare.kit.db.database import Database, Queries

BEGIN = text("insert into job_run (job, tick, lease_until, detail) values (:job, now(), now(), :detail)")
FINISH = text("update job_run set finished_at = now(), outcome = 'ok' where job = :job and outcome is null")
DONE = text("select detail from job_run where job = :job and outcome = 'ok' order by started_at limit 1")
BROKEN_OFF = "select exists (select 1 from {schema}.job_run where job = any($1) and outcome is null)"


async def begin(database: Database, name: str, detail: str) -> None:
    """Note that the work begins; ``detail`` says what of."""
    async with database.writing(Queries) as queries:
        await queries.connection.execute(BEGIN, {"job": name, "detail": detail})


async def finish(database: Database, name: str) -> None:
    """Note that the work is done."""
    async with database.writing(Queries) as queries:
        await queries.connection.execute(FINISH, {"job": name})


async def done(database: Database, name: str) -> str | None:
    """The detail of the work when it was done, else None."""
    async with database.reading(Queries) as queries:
        found = (await queries.connection.execute(DONE, {"job": name})).first()
    return None if found is None else str(found[0] or "")
