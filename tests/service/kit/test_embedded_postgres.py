"""The embedded server: first start, reuse, every kind of end, and the folders that it must refuse."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from throughcare.kit.db.binaries import Binaries, find_binaries, readable_binaries, unprivileged_account
from throughcare.kit.db.embedded import EmbeddedPostgres, PostgresNotStarted
from throughcare.kit.db.postmaster import Postmaster

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
STARTER = """
import sys
from pathlib import Path
from throughcare.kit.db.embedded import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), die_with_parent=sys.argv[2] == "leashed").start(), flush=True)
if sys.argv[3] == "stay":
    sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "a folder, it's here" / "data", die_with_parent=True)
    yield server
    server.stop()


def _postmaster(server: EmbeddedPostgres) -> Postmaster:
    found = Postmaster.of(server.cluster)
    assert found is not None
    return found


async def _ask(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def _starter(server: EmbeddedPostgres, leash: str, then: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STARTER, str(server.data_dir), leash, then],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _expecting_the_end_of(pid: int) -> Iterator[None]:
    """Fails unless the process ``pid`` has ended 20 seconds after the block; the kernel tells."""
    handle = os.pidfd_open(pid)
    try:
        yield
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(20_000), f"process {pid} still runs"
    finally:
        os.close(handle)


async def test_first_start_gives_a_working_server_and_data_survive_a_restart(
    server: EmbeddedPostgres,
) -> None:
    dsn = server.start()
    await _ask(dsn, "create table kept as select 7 as n")
    assert server.restart() == dsn
    assert await _ask(dsn, "select n from kept") == 7


async def test_the_server_is_safe_in_utc_and_reachable_by_socket_alone(server: EmbeddedPostgres) -> None:
    dsn = server.start()
    shown = {}
    for name in ("fsync", "timezone", "listen_addresses", "max_connections", "server_encoding", "wal_level"):
        shown[name] = await _ask(dsn, f"show {name}")
    assert shown == {
        "fsync": "on",
        "timezone": "UTC",
        "listen_addresses": "",
        "max_connections": "200",
        "server_encoding": "UTF8",
        "wal_level": "minimal",
    }
    assert _postmaster(server).socket_folder.stat().st_mode & 0o077 == 0


async def test_a_server_for_tests_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, fast_for_tests=True, die_with_parent=True) as server:
        assert await _ask(server.start(), "show fsync") == "off"
        assert await _ask(server.start(), "show synchronous_commit") == "off"


async def test_committed_data_survive_an_immediate_stop(server: EmbeddedPostgres) -> None:
    dsn = server.start()
    await _ask(dsn, "create table kept as select 7 as n")
    server.kill()
    assert Postmaster.of(server.cluster) is None
    assert await _ask(server.start(), "select n from kept") == 7


async def test_a_stale_pid_file_after_sigkill_does_not_stop_the_next_start(server: EmbeddedPostgres) -> None:
    dsn = server.start()
    await _ask(dsn, "create table kept as select 7 as n")
    killed = _postmaster(server).pid
    with _expecting_the_end_of(killed):
        os.kill(killed, signal.SIGKILL)
    assert (server.cluster / "postmaster.pid").exists()
    assert await _ask(server.start(), "select n from kept") == 7
    assert _postmaster(server).pid != killed


def test_a_running_server_is_reused_and_left_running_by_who_did_not_start_it(
    server: EmbeddedPostgres,
) -> None:
    dsn = server.start()
    pid = _postmaster(server).pid
    with EmbeddedPostgres(server.data_dir) as second:
        assert second.start() == dsn
    assert _postmaster(server).pid == pid


def test_a_context_manager_stops_what_it_started(server: EmbeddedPostgres) -> None:
    with server:
        pid = _postmaster(server).pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_two_processes_that_start_at_once_share_one_server(server: EmbeddedPostgres) -> None:
    starters = [_starter(server, "free", "leave") for _ in range(2)]
    said = [starter.communicate(timeout=60)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0]
    assert said == [f"{server.start()}\n"] * 2


def test_a_server_outlives_its_starter_when_nothing_else_is_asked(server: EmbeddedPostgres) -> None:
    _starter(server, "free", "leave").communicate(timeout=60)
    pid = _postmaster(server).pid
    server.start()
    assert _postmaster(server).pid == pid


def test_a_leashed_server_ends_with_a_starter_that_is_killed(server: EmbeddedPostgres) -> None:
    starter = _starter(server, "leashed", "stay")
    assert starter.stdout is not None
    starter.stdout.readline()
    with _expecting_the_end_of(_postmaster(server).pid):
        starter.kill()
        starter.communicate()
    assert not (server.cluster / "postmaster.pid").exists()


def test_a_data_folder_of_another_major_version_is_refused_with_what_to_do(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresNotStarted, match=r"made by PostgreSQL 14 .*remove the folder") as refused:
        server.start()
    assert "\n" not in str(refused.value)


def test_a_half_made_data_folder_is_made_again(server: EmbeddedPostgres) -> None:
    half_made = server.data_dir / "cluster.new"
    (half_made / "base").mkdir(parents=True)
    server.start()
    assert not half_made.exists()
    assert (server.cluster / "PG_VERSION").exists()


def test_a_folder_that_is_not_a_database_is_left_alone(server: EmbeddedPostgres) -> None:
    server.cluster.mkdir(parents=True)
    precious = server.cluster / "precious"
    precious.touch()
    with pytest.raises(PostgresNotStarted, match="is not a PostgreSQL folder"):
        server.start()
    assert precious.exists()


async def test_a_data_folder_deleted_under_its_server_starts_afresh(server: EmbeddedPostgres) -> None:
    await _ask(server.start(), "create table gone (n int)")
    orphan = _postmaster(server).pid
    shutil.rmtree(server.data_dir)
    assert await _ask(server.start(), "select to_regclass('gone')") is None
    with pytest.raises(ProcessLookupError):
        os.kill(orphan, 0)


def test_a_data_folder_that_is_a_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(PostgresNotStarted, match="set THROUGHCARE_DATA to another folder"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_a_broken_configuration_is_told_in_one_line_with_the_log(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    with (server.cluster / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(PostgresNotStarted, match=r"did not start: .*its log is .*postgres.log") as refused:
        server.start()
    assert "\n" not in str(refused.value)


def test_no_programs_anywhere_is_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(PostgresNotStarted, match=r"pip install 'throughcare\[embedded\]'.*DATABASE_URL"):
        find_binaries([tmp_path])


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@needs_root
async def test_root_without_user_namespaces_runs_the_server_as_nobody(
    server: EmbeddedPostgres, reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (reachable / "setpriv").symlink_to(shutil.which("setpriv") or "")
    (reachable / "sh").symlink_to("/bin/sh")
    monkeypatch.setenv("PATH", str(reachable))
    with EmbeddedPostgres(server.data_dir, die_with_parent=True, shared=reachable / "shared") as moved:
        dsn = moved.start()
        await _ask(dsn, "create table kept as select 7 as n")
        assert moved.cluster.owner() == "nobody"
        assert await _ask(moved.restart(), "select n from kept") == 7
        shutil.rmtree(server.data_dir)
        assert await _ask(moved.start(), "select to_regclass('kept')") is None


@needs_root
def test_programs_that_another_account_cannot_reach_are_copied_once(tmp_path: Path, reachable: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    installed = find_binaries()
    package = installed.folder.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, hidden / folder.name)
    unreadable = Binaries(hidden / package.name / "pginstall" / "bin", installed.major)
    nobody = unprivileged_account()
    copied = readable_binaries(unreadable, nobody, reachable)
    assert nobody.run([copied.initdb, "--version"]).stdout.startswith("initdb (PostgreSQL)")
    assert readable_binaries(unreadable, nobody, reachable) == copied
