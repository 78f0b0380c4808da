"""A load process: some keep-alive connections, each sending its next request as soon as the last is answered.

``python -m benchmarks.load PORT CONNECTIONS SECONDS`` reads requests (base64, one a line) from standard input, sends
them in turn, and prints JSON: answers per second, their 99th percentile in ms, and how many had which status.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import cast

import httptools
import uvloop

from benchmarks.frame import percentile


class _Connection(asyncio.Protocol):
    """One connection; ``answered`` receives status and seconds of each answer."""

    def __init__(self, requests: Sequence[bytes], offset: int) -> None:
        self._requests = cycle([*requests[offset:], *requests[:offset]])
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0
        self.closing = False
        self.ended = asyncio.get_running_loop().create_future()
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.seconds.append(perf_counter() - self._sent)
        self.statuses[self._parser.get_status_code()] += 1
        self._parser = httptools.HttpResponseParser(self)
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None
        if self.closing:
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(next(self._requests))


def _same(one: _Connection) -> _Connection:
    return one


async def load(port: int, connections: int, seconds: float, requests: Sequence[bytes]) -> dict[str, object]:
    """What became of ``seconds`` of requests on loopback ``port``. Raises RuntimeError when a connection is lost."""
    loop = asyncio.get_running_loop()
    made: list[_Connection] = []
    started = perf_counter()
    for number in range(connections):
        one = _Connection(requests, number * len(requests) // connections)
        await loop.create_connection(partial(_same, one), "127.0.0.1", port)
        made.append(one)
    await asyncio.sleep(seconds)
    if any(one.ended.done() for one in made):
        raise RuntimeError("the server closed a connection")
    for one in made:
        one.closing = True
    await asyncio.wait_for(asyncio.gather(*(one.ended for one in made)), 30)
    elapsed = perf_counter() - started
    latencies = [each * 1000 for one in made for each in one.seconds]
    return {
        "rate": len(latencies) / elapsed,
        "p99": percentile(latencies, 99),
        "statuses": dict(sum((one.statuses for one in made), Counter())),
    }


if __name__ == "__main__":
    given = [base64.b64decode(line) for line in sys.stdin]
    print(json.dumps(uvloop.run(load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), given))))
