"""Connections that neither answer nor end, as after a failover or behind a firewall that forgot them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

import pytest

from tests.conformance.brokers import ROLE, PostgresBroker
from throughcare.kit.db import listener
from throughcare.kit.ids import new_id
from throughcare.kit.messaging import pgmq
from throughcare.kit.messaging.bus import BusUnavailable, Outgoing, QueueSpec
from throughcare.kit.messaging.pgmq import PgmqBus


class Freezer:
    """Passes connections on to a server's socket, and can leave those that it has hanging for ever."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._pumps: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect one caller with the server."""
        server_reader, server_writer = await asyncio.open_unix_connection(self._target)
        self._writers += [writer, server_writer]
        self._pumps.add(asyncio.create_task(self._pump(reader, server_writer)))
        self._pumps.add(asyncio.create_task(self._pump(server_reader, writer)))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            sink.write(data)
        sink.close()

    def freeze(self) -> int:
        """Pass nothing more on for the connections there are; how many."""
        live = [pump for pump in self._pumps if not pump.done()]
        for pump in live:
            pump.cancel()
        return len(live) // 2

    async def close(self) -> None:
        """End every connection."""
        self.freeze()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        for writer in self._writers:
            writer.close()


@pytest.fixture
async def freezer(postgres: PostgresBroker) -> AsyncIterator[tuple[Freezer, str]]:
    """A freezer in front of the server, and the URL that leads through it."""
    parts = urlsplit(postgres.owner_dsn)
    [folder], [port] = (parse_qs(parts.query)[name] for name in ("host", "port"))
    name = f".s.PGSQL.{port}"
    with tempfile.TemporaryDirectory(prefix="throughcare-freezer-") as front:
        made = Freezer(Path(folder) / name)
        server = await asyncio.start_unix_server(made.accept, Path(front) / name)
        query = f"host={quote(front)}&port={port}"
        yield made, urlunsplit(parts._replace(netloc=f"{ROLE}@", query=query))
        server.close()
        await made.close()


async def test_connections_that_hang_are_given_up_and_replaced(
    postgres: PostgresBroker, freezer: tuple[Freezer, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in (
        (pgmq, "CONNECT_SECONDS"),
        (pgmq, "COMMAND_SECONDS"),
        (listener, "ANSWER_SECONDS"),
    ):
        monkeypatch.setattr(module, name, 0.4)
    monkeypatch.setattr(listener, "WATCH_SECONDS", 0.2)
    between, url = freezer
    bus, spec = PgmqBus(url), QueueSpec(f"queue_{new_id().hex[-12:]}")
    await bus.start()
    await bus.create_queue(spec)
    waiting = asyncio.create_task(bus.receive(spec.name, wait=20))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    assert between.freeze() >= 2
    with pytest.raises(BusUnavailable):
        await asyncio.wait_for(waiting, 5)

    again = asyncio.create_task(bus.receive(spec.name, wait=20))
    done, _ = await asyncio.wait([again], timeout=1)
    assert not done
    direct = postgres.bus()
    await direct.start()
    before = monotonic()
    await direct.send(spec.name, [Outgoing("k", "body")])
    assert [message.body for message in await again] == ["body"]
    assert monotonic() - before < 0.7
    await direct.close()
    await bus.close()
