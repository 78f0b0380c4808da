"""One server process: what its lock files say of it, starting it, and waiting for its end."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from throughcare.kit.db.binaries import Account

PORT = 5432
SOCKET_LOCK = f".s.PGSQL.{PORT}.lock"
LONGEST_SOCKET_FOLDER = 107 - len(f"/{SOCKET_LOCK}")


@dataclass(frozen=True)
class Postmaster:
    """A server that listens; ``status`` is PostgreSQL's own word: starting, ready or stopping."""

    pid: int
    socket_folder: Path
    status: str

    @classmethod
    def of(cls, cluster: Path) -> Postmaster | None:
        """The live server of the folder ``cluster``; a stale ``postmaster.pid`` counts as none."""
        try:
            lines = (cluster / "postmaster.pid").read_text().splitlines()
            said = cls(int(lines[0]), Path(lines[4]), lines[7].strip() if len(lines) > 7 else "starting")
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return said if _listens(said.socket_folder) else None

    @classmethod
    def behind(cls, socket_folder: Path) -> Postmaster | None:
        """The live server of a socket folder, whatever became of its data."""
        try:
            pid = int((socket_folder / SOCKET_LOCK).read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return cls(pid, socket_folder, "ready") if _listens(socket_folder) else None

    def gone_within(self, seconds: float) -> bool:
        """Wait for its end; False when it is still there after ``seconds``."""
        deadline = time.monotonic() + seconds
        lock = self.socket_folder / SOCKET_LOCK
        while _alive(self.pid) and lock.exists():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


def spawn(account: Account, command: list[str], *, log: int, die_with_parent: bool) -> subprocess.Popen[bytes]:
    """Start a server from a thread that lives as long as it: a child dies with the thread that made it."""
    started: Future[subprocess.Popen[bytes]] = Future()

    def look_after() -> None:
        try:
            child = account.popen(command, log=log, die_with_parent=die_with_parent)
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(child)
        child.wait()

    Thread(target=look_after, name="embedded-postgres", daemon=True).start()
    return started.result()


def _listens(socket_folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_folder / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
