"""uvicorn as this program needs it: told to stop, it finishes what is under way together with the work beside it."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from throughcare.cli.errors import CommandError
from throughcare.kit.host import DRAIN_SECONDS, Host


class Server(uvicorn.Server):
    """A server that leaves the end of the process to its caller.

    ``ready`` is set once it accepts connections, ``stopping`` once it was told to stop, ``forced`` when it was told
    so a second time.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready, self.stopping, self.forced = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets=sockets)
        self.ready.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop serving; at once when it is asked for again from the keyboard."""
        super().handle_exit(sig, frame)
        self.stopping.set()
        if self.force_exit:
            self.forced.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop serving on SIGINT and SIGTERM; a second SIGINT stops at once."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(one)


def listen(host: str, port: int) -> socket.socket:
    """A socket that nobody else has. Raises CommandError."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(256)
    except (OSError, OverflowError) as error:
        made.close()
        why = (error.strerror if isinstance(error, OSError) else "") or "there is no such port"
        raise CommandError(f"cannot listen on port {port} of {host} ({why}): choose another with --port") from None
    return made


async def serve_and_drain(
    app: ASGIApp, hosted: Host, listening: socket.socket, *, ready: Callable[[], None] | None = None,
    seconds: float = DRAIN_SECONDS,
) -> None:  # fmt: skip
    """Serve until SIGINT or SIGTERM, then let requests and work under way finish, ``seconds`` at most for both."""
    server = make_server(app, seconds=seconds)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await _first(serving, server.ready)
    _settle()
    if ready is not None and server.ready.is_set():
        ready()
    await _first(serving, server.stopping)
    draining = asyncio.gather(serving, hosted.stop(seconds))
    await _first(draining, server.forced)
    if server.forced.is_set():
        await hosted.stop(0)
    await draining


def _settle() -> None:
    """Spare the collector of cycles the program itself, which stays, and let more of what requests make pile up first.

    Untold, it goes through every module of every service again and again: a seventh of the time of a request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


async def _first(work: asyncio.Future[Any], event: asyncio.Event) -> None:
    """Returns when the work is done or the event is set."""
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


def make_server(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, seconds: float = DRAIN_SECONDS) -> Server:
    """A server that logs nothing itself: the applications have their own access log."""
    return Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=round(seconds),
            http="httptools",
            ws="none",
        )
    )
