"""``throughcare doctor``: what is fit, what is not, and what mends it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError

Check = tuple[str, Callable[[], str]]


def doctor(data: Path, port: int, as_json: bool) -> None:
    """Print every check; exit code 1 when one fails."""
    folder = data.absolute()
    checks: list[Check] = [
        ("Python", _python), ("disk", lambda: _disk(folder)), ("page assets", _assets),
        ("data folder", lambda: _data(folder)), ("database", lambda: _database(folder)),
        ("system", lambda: _system(folder, port)),
    ]  # fmt: skip
    results = [(name, *_try(check)) for name, check in checks]
    if as_json:
        print(json.dumps([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in results]))
    else:
        for name, ok, detail in results:
            print(f"{'ok  ' if ok else 'FAIL'}  {name:<12} {detail}")
    if not all(ok for _, ok, _ in results):
        sys.exit(1)


def _try(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except Exception as error:  # a check that breaks is a finding
        return False, str(error) or type(error).__name__


def _python() -> str:
    return sys.version.split()[0]


def _data(folder: Path) -> str:
    if not folder.exists():
        return f"{folder}, not made yet"
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise CommandError(f"{folder} cannot be written to: choose another folder with --data")
    return str(folder)


def _disk(folder: Path) -> str:
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(nearest).free // 2**20
    if free < 500:
        raise CommandError(f"only {free} MB free at {folder}: make room, or choose another folder with --data")
    return f"{free} MB free"


def _assets() -> str:
    from throughcare.kit.web.static import manifest

    return f"{len(manifest())} files"


def _database(folder: Path) -> str:
    from throughcare.kit.db.migrate import current, head
    from throughcare.kit.db.reach import check_database

    given = system.settings()
    if given.database_url is None and system.running(folder) is None:
        from throughcare.kit.db.binaries import find_binaries

        return f"embedded, not running; programs in {find_binaries().folder}"
    if given.database_url is None:
        return "embedded, running"
    dsn = given.database_url.get_secret_value()

    async def behind() -> list[str]:
        await check_database(dsn)
        return [one.name for one in catalogue.services() if await current(dsn, one.name) != head(one)]

    late = asyncio.run(behind())
    if late:
        raise CommandError(f"schemas not at their newest revision: {', '.join(late)}; run `throughcare migrate`")
    return "reachable, schemas at their newest revision"


def _system(folder: Path, port: int) -> str:
    url = system.running(folder)
    if url is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise CommandError(f"not running, and something else listens on port {port}: use `up --port`")
        return f"not running; port {port} is free"
    down = []
    for one in catalogue.services():
        reply = httpx2.get(f"{url}{one.path.rstrip('/')}/health", timeout=5, trust_env=False)
        if reply.status_code != 200:
            broken = [name for name, part in reply.json()["components"].items() if part["status"] != "UP"]
            down.append(f"{one.name} ({', '.join(broken)})")
    if down:
        raise CommandError(f"{url}: not healthy: {'; '.join(down)}")
    return f"{url}: {len(catalogue.PACKAGES)} services healthy"
