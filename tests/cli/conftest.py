"""The command line in the test's own process, and a system for it to talk to over TCP."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import SECRETS
from tests.service.notify.conftest import on_tcp
from tests.world import World
from throughcare.cli import main

SECRET = "the secret of the tests"


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs ``throughcare`` with arguments, in an empty folder, with no settings but those given as ``env``."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "THROUGHCARE_DATABASE_URL", "THROUGHCARE_SECRET"):
        monkeypatch.delenv(name, raising=False)

    def ended(*arguments: str, **env: str) -> Ended:
        with monkeypatch.context() as patch:
            for name, value in env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["throughcare", *arguments])
            capsys.readouterr()
            try:
                main.run()
                code = 0
            except SystemExit as exit_:
                code = exit_.code if isinstance(exit_.code, int) else 1
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return ended


@pytest.fixture(scope="module")
async def address(world: World) -> AsyncIterator[str]:
    """Where the world of the module answers over TCP."""
    async with on_tcp(world.host.app) as url:
        yield url


Ask = Callable[..., "asyncio.Future[Ended]"]


@pytest.fixture
def ask(run: Run, address: str) -> Ask:
    """Runs a command against the world of the module, in a thread, since the world lives in the test's loop."""
    assert SECRETS.derive("x") == type(SECRETS)(SECRET).derive("x")

    def asked(*arguments: str) -> asyncio.Future[Ended]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(None, lambda: run(*arguments, "--url", address, THROUGHCARE_SECRET=SECRET))

    return asked
