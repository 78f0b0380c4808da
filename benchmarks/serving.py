"""A server process for the measurements: ``python -m benchmarks.serving KIND PORT DSN [PORT OF PEERS]``.

``ours`` serves a sample service and the authorisation server as ``throughcare serve`` would; ``bare`` is what FastAPI
and SQLAlchemy make of the same two routes when nothing else is asked of them. ``interventions`` serves that service
alone, and ``peers`` those that it asks. All have one uvicorn of the same kind.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Coroutine
from uuid import UUID

import uvicorn
import uvloop
from fastapi import FastAPI, HTTPException, Response
from sqlalchemy import insert, select
from tests.sample import MakeThing, Thing, thing

from benchmarks.ground import GIVEN, SAMPLE, SECRETS, topology
from throughcare import catalogue
from throughcare.cli.server import listen, serve_and_drain
from throughcare.kit.clock import real_now
from throughcare.kit.db import Database
from throughcare.kit.db.migrate import service_dsn
from throughcare.kit.host import Host
from throughcare.kit.ids import new_id
from throughcare.kit.outbox.table import APPEND
from throughcare.kit.telemetry.logs import configure_logging
from throughcare.kit.telemetry.traces import configure_tracing


async def ours(port: int, dsn: str) -> None:
    """Serve until told to stop."""
    services = [catalogue.service("auth"), SAMPLE]
    made = topology(dsn, f"http://127.0.0.1:{port}", services)
    async with Host(services, made) as host:
        await serve_and_drain(host.app, host, listen("127.0.0.1", port))


async def interventions(port: int, dsn: str, peers_port: str) -> None:
    """Serve until told to stop; the peers are another process."""
    await _serve(["interventions"], port, dsn, peers_port)


async def peers(port: int, dsn: str) -> None:
    """Serve what interventions asks until told to stop."""
    await _serve(["auth", "probation"], port, dsn, str(port))


async def _serve(names: list[str], port: int, dsn: str, public_port: str) -> None:
    services = catalogue.services(names)
    made = topology(dsn, f"http://127.0.0.1:{public_port}", services)
    async with Host(services, made, work=False) as host:
        await serve_and_drain(host.app, host, listen("127.0.0.1", port))


async def bare(port: int, dsn: str) -> None:
    """Serve until told to stop."""
    app = bare_app(service_dsn(dsn, "sample", SECRETS))
    await uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, access_log=False)).serve()


def bare_app(dsn: str) -> FastAPI:
    """A route that reads a thing, and one that makes a thing and puts an event into the outbox."""
    app = FastAPI()
    engine = Database(dsn, "sample").engine
    reader = engine.execution_options(isolation_level="AUTOCOMMIT")

    @app.get("/sample/things/{thing_id}")
    async def read(thing_id: UUID) -> Thing:
        async with reader.connect() as connection:
            found = await connection.execute(select(thing.c.name).where(thing.c.id == thing_id))
            row = found.mappings().one_or_none()
        if row is None:
            raise HTTPException(404)
        return Thing(id=thing_id, name=row["name"])

    @app.post("/sample/things", status_code=201)
    async def create(body: MakeThing, response: Response) -> Thing:
        made, now = Thing(id=new_id(), name=body.name), real_now()
        async with engine.begin() as connection:
            values = {"id": made.id, "name": made.name, "version": 1, "made_at": now}
            await connection.execute(insert(thing).values(values))
            await connection.execute(APPEND, {"rows": json.dumps([_event(made, now.isoformat())])})
        response.headers["Location"] = f"/things/{made.id}"
        return made

    return app


def _event(made: Thing, now: str) -> dict[str, object]:
    event_id, kind = str(new_id()), "sample.thing.created"
    payload = {
        "eventType": kind, "version": 1, "description": "A thing was made", "occurredAt": now, "eventId": event_id,
        "additionalInformation": {"thingId": str(made.id), "name": made.name}, "source": "sample",
        "detailUrl": f"http://localhost/sample/things/{made.id}",
    }  # fmt: skip
    return {
        "id": event_id, "topic": "domain_events", "event_type": kind, "event_version": 1, "aggregate_type": "thing",
        "aggregate_id": str(made.id), "payload": payload, "attributes": {"eventType": kind}, "occurred_at": now,
    }  # fmt: skip


if __name__ == "__main__":
    configure_logging(service="sample", version=GIVEN.version, environment=GIVEN.environment)
    configure_tracing(service_version=GIVEN.version, environment=GIVEN.environment)
    kinds: dict[str, Callable[..., Coroutine[None, None, None]]] = {
        "ours": ours, "bare": bare, "interventions": interventions, "peers": peers,
    }  # fmt: skip
    uvloop.run(kinds[sys.argv[1]](int(sys.argv[2]), *sys.argv[3:]))
