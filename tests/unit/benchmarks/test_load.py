"""The load process, against a server that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from benchmarks.load import load

REQUESTS = [b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /b HTTP/1.1\r\nHost: x\r\n\r\n"]


@asynccontextmanager
async def answering(answer: Callable[[int], bytes | None]) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on a free port, and the first lines that it was sent; None ends the connection."""
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            lines.append(request.partition(b"\r\n")[0])
            said = answer(len(lines))
            if said is None:
                break
            writer.write(said)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], lines


async def test_every_answer_is_counted_by_its_status() -> None:
    def answer(number: int) -> bytes:
        status = b"503 Unavailable" if number == 2 else b"200 OK"
        return b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok"

    async with answering(answer) as (port, lines):
        found = await load(port, 2, 0.1, REQUESTS)
    statuses = found["statuses"]
    assert isinstance(statuses, dict)
    assert statuses[503] == 1
    assert sum(statuses.values()) == len(lines)
    assert {b"GET /a HTTP/1.1", b"GET /b HTTP/1.1"} == set(lines)
    assert 0 < float(str(found["p99"])) < 1000
    assert float(str(found["rate"])) < sum(statuses.values()) / 0.1


async def test_a_lost_connection_is_an_error_and_not_a_slow_server() -> None:
    async with answering(lambda _: None) as (port, _):
        with pytest.raises(RuntimeError, match="closed a connection"):
            await load(port, 1, 0.1, REQUESTS)
