"""A load process: some keep-alive connections, each sending its next request as soon as the last is answered.

``python -m benchmarks.load PORT CONNECTIONS SECONDS [RATE]`` reads requests (base64, one a line) from standard input,
sends them in turn, and prints JSON: answers per second, their 50th, 95th and 99th percentile in ms, and how many had
which status. With a rate, each connection pauses before its next request, for times as chance has them, so that all
together send about that many a second.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
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

    def __init__(self, requests: Sequence[bytes], number: int, offset: int, pause: float) -> None:
        self._requests = cycle([*requests[offset:], *requests[:offset]])
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._sent, self._pause, self._chance = 0.0, pause, random.Random(number)
        self.closing = False
        self.ended = asyncio.get_running_loop().create_future()
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.seconds.append(perf_counter() - self._sent)
        self.statuses[self._parser.get_status_code()] += 1
        self._parser = httptools.HttpResponseParser(self)
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def _next(self) -> None:
        if self._pause and not self.closing:
            asyncio.get_running_loop().call_later(self._chance.expovariate(1 / self._pause), self._send)
        else:
            self._send()

    def _send(self) -> None:
        assert self._transport is not None
        if self.closing:
            self._transport.close()
            return
        self._sent = perf_counter()
        self._transport.write(next(self._requests))


def _same(one: _Connection) -> _Connection:
    return one


async def load(
    port: int, connections: int, seconds: float, requests: Sequence[bytes], rate: float = 0
) -> dict[str, object]:
    """What became of ``seconds`` of requests on loopback ``port``. Raises RuntimeError when a connection is lost."""
    loop = asyncio.get_running_loop()
    made: list[_Connection] = []
    started = perf_counter()
    for number in range(connections):
        one = _Connection(requests, number, number * len(requests) // connections, connections / rate if rate else 0)
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
        **{f"p{percent}": percentile(latencies, percent) for percent in (50, 95, 99)},
        "statuses": dict(sum((one.statuses for one in made), Counter())),
    }


if __name__ == "__main__":
    given = [base64.b64decode(line) for line in sys.stdin]
    port, connections, seconds, *rates = map(float, sys.argv[1:])
    print(json.dumps(uvloop.run(load(int(port), int(connections), seconds, given, *rates))))
