"""A port that nobody listens on."""

from __future__ import annotations

import socket
from secrets import randbelow

FIRST, COUNT = 20_000, 12_000
_given: set[int] = set()


def free_port() -> int:
    """A loopback port that is free now, another one at each call.

    It lies below those that outgoing connections are given, so that none of them takes it before it is used.
    """
    while True:
        port = FIRST + randbelow(COUNT)
        if port not in _given and _can_listen(port):
            _given.add(port)
            return port


def listening(port: int) -> bool:
    """Whether somebody listens on the loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _can_listen(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
