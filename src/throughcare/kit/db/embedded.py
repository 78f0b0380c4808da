"""A PostgreSQL server of our own in a data folder: nothing to install, no port to take, nobody else's data.

Rules of PostgreSQL that this keeps: it does not run as root, its socket path is at most 107 bytes, and a data
folder made by one major version is not read by another
(https://www.postgresql.org/docs/current/server-start.html, https://www.postgresql.org/docs/current/app-initdb.html).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from throughcare.kit.db.binaries import (
    SHARED,
    Account,
    Binaries,
    PostgresNotStarted,
    find_binaries,
    namespace_account,
    readable_binaries,
    unprivileged_account,
)
from throughcare.kit.db.postmaster import LONGEST_SOCKET_FOLDER, PORT, Postmaster, spawn

__all__ = ["EmbeddedPostgres", "PostgresNotStarted"]

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%a ",
    "jit": "off",
}
INITDB = ("-U", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
LAST_ONE_STILL_ENDS = ("pre-existing shared memory block", "lock file")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """The server of ``data_dir``. One that already runs there is used as it is, whoever started it.

    ``fast_for_tests`` gives up safety against a crash of the machine. ``die_with_parent`` (on Linux) shuts
    the server down when the process that started it ends, however it ends; without it the server stays for
    the next process. ``shared`` is where data and programs go when they must run as another account.
    As a context manager it stops only what it started.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        fast_for_tests: bool = False,
        die_with_parent: bool = False,
        patience: float = 60,
        shared: Path = SHARED,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.log = self.data_dir / "postgres.log"
        self._fast, self._die_with_parent, self._patience = fast_for_tests, die_with_parent, patience
        self._shared = shared
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL itself owns."""
        moved = self._record.read_text().strip() if self._record.exists() else None
        return Path(moved) if moved else self.data_dir / "cluster"

    @property
    def _record(self) -> Path:
        return self.data_dir / "location"

    def start(self) -> str:
        """Start the server unless it runs; its owner's DSN, for asyncpg and libpq.

        Raises ``PostgresNotStarted`` with one line that names what mends it.
        """
        with self._locked():
            running = self._running()
            if running is not None and running.status == "stopping":
                self._wait_until_gone(running)
                running = None
            if running is None:
                running = self._launch(*self._prepare())
            return _dsn(self._ready(running).socket_folder)

    def stop(self) -> None:
        """Shut down at once but in order: sessions end, everything is written. No server is no error."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop without writing anything more; the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def restart(self) -> str:
        """Stop, start, and the DSN again."""
        self.stop()
        return self.start()

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            with (self.data_dir / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except (PermissionError, NotADirectoryError, FileExistsError) as error:
            raise PostgresNotStarted(
                f"the data folder {self.data_dir} cannot be used ({error.strerror}: {error.filename}): "
                "start as its owner, or set THROUGHCARE_DATA to another folder"
            ) from None

    def _running(self) -> Postmaster | None:
        return Postmaster.of(self.cluster)

    def _prepare(self) -> tuple[Binaries, Account]:
        """The data folder made, the programs found, the account chosen."""
        binaries = find_binaries()
        account = self._choose_account(binaries)
        if account.user is not None:
            binaries = readable_binaries(binaries, account, self._shared)
        version = self.cluster / "PG_VERSION"
        if not self.cluster.exists():
            self._initdb(binaries, account)
        elif not version.exists():
            raise PostgresNotStarted(f"{self.cluster} is not a PostgreSQL folder: remove it and start again")
        elif version.read_text().strip() != str(binaries.major):
            raise PostgresNotStarted(
                f"{self.data_dir} was made by PostgreSQL {version.read_text().strip()} and this is "
                f"{binaries.major}: remove the folder to start afresh, or set THROUGHCARE_DATA to another one"
            )
        elif self.cluster.stat().st_uid != account.uid:
            owner = "root" if self._record.exists() else _name_of(self.cluster.stat().st_uid)
            raise PostgresNotStarted(
                f"the database in {self.data_dir} belongs to {owner}: start as {owner}, "
                "or set THROUGHCARE_DATA to another folder"
            )
        return binaries, account

    def _choose_account(self, binaries: Binaries) -> Account:
        if os.geteuid() != 0:
            return Account()
        if not self._record.exists():
            account = namespace_account(self.data_dir, binaries)
            if account is not None:
                return account
            if (self.data_dir / "cluster").exists():
                raise PostgresNotStarted(
                    f"the database in {self.data_dir} needs a user namespace, which this machine "
                    "forbids now: allow it, or remove the folder to start afresh"
                )
            self._relocate()
        return unprivileged_account()

    def _relocate(self) -> None:
        """Choose and record a place that another account can reach; remove what was left there."""
        home = self._shared / hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:16]
        self._record.write_text(f"{home / 'cluster'}\n")
        left_over = self._running()
        if left_over is not None:
            os.kill(left_over.pid, signal.SIGQUIT)
            self._wait_until_gone(left_over)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for folder in (self._shared, home):
            folder.chmod(0o755)
        os.chown(home, unprivileged_account().uid, -1)

    def _initdb(self, binaries: Binaries, account: Account) -> None:
        """Make the folder under another name first, so that a half-made one is never mistaken for whole."""
        making = self.cluster.with_name("cluster.new")
        said = ""
        for locale in ("C.UTF-8", "C"):
            shutil.rmtree(making, ignore_errors=True)
            options = ["--locale", locale, *INITDB]
            done = account.run([binaries.initdb, "-D", str(making), *options])
            said = done.stdout
            if done.returncode == 0:
                making.rename(self.cluster)
                return
            if "locale" not in said:
                break
        self.log.write_text(said)
        shutil.rmtree(making, ignore_errors=True)
        raise PostgresNotStarted(f"initdb failed: {_cause(said)}; all of it is in {self.log}")

    def _launch(self, binaries: Binaries, account: Account) -> Postmaster:
        socket_folder = self._socket_folder(account)
        self._end_orphan(socket_folder)
        command = [binaries.postgres, "-D", str(self.cluster)]
        for name, value in self._settings(binaries, socket_folder).items():
            command += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + self._patience
        while True:
            said_before = self.log.stat().st_size if self.log.exists() else 0
            with self.log.open("ab") as log:
                self._child = spawn(account, command, log=log.fileno(), die_with_parent=self._die_with_parent)
            running = self._wait_for_pid_file(self._child, deadline)
            if running is not None:
                return running
            self._child.send_signal(signal.SIGQUIT)
            self._child.wait()
            self._child = None
            said = self.log.read_bytes()[said_before:].decode(errors="replace")
            if not any(trace in said for trace in LAST_ONE_STILL_ENDS) or time.monotonic() > deadline:
                raise PostgresNotStarted(f"PostgreSQL did not start: {_cause(said)}; its log is {self.log}")
            time.sleep(0.1)

    def _settings(self, binaries: Binaries, socket_folder: Path) -> dict[str, str]:
        settings = {**SETTINGS, "unix_socket_directories": str(socket_folder)}
        if binaries.has_library("pg_stat_statements"):
            settings["shared_preload_libraries"] = "pg_stat_statements"
        return settings | FAST if self._fast else settings

    @property
    def _socket_path(self) -> Path:
        digest = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"throughcare-{os.geteuid()}-{digest}"
        if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER or "," in str(folder):
            return Path("/tmp") / folder.name  # noqa: S108  short, and made 0700
        return folder

    def _socket_folder(self, account: Account) -> Path:
        """A short folder that only the server's account and we may enter."""
        folder = self._socket_path
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, -1)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
                raise PostgresNotStarted(f"{folder} belongs to somebody else: remove it and start again") from None
        return folder

    def _end_orphan(self, socket_folder: Path) -> None:
        """End the server of a data folder that was deleted under it and made anew."""
        orphan = Postmaster.behind(socket_folder)
        if orphan is not None:
            os.kill(orphan.pid, signal.SIGQUIT)
            self._wait_until_gone(orphan)

    def _wait_for_pid_file(self, child: subprocess.Popen[bytes], deadline: float) -> Postmaster | None:
        """The child's own entry once it listens, or None when it ended instead."""
        while child.poll() is None and time.monotonic() < deadline:
            running = self._running()
            if running is not None and running.pid == child.pid:
                return running
            time.sleep(0.01)
        return None

    def _ready(self, running: Postmaster) -> Postmaster:
        """``running`` once it has recovered what it must and takes connections."""
        deadline = time.monotonic() + self._patience
        while running.status != "ready":
            found = self._running()
            if found is None or time.monotonic() > deadline:
                cause = _cause(self.log.read_text(errors="replace"))
                raise PostgresNotStarted(f"PostgreSQL did not become ready: {cause}; its log is {self.log}")
            time.sleep(0.01)
            running = found
        return running

    def _end(self, how: signal.Signals) -> None:
        if self.data_dir.exists():
            with self._locked():
                running = self._running()
                if running is not None:
                    os.kill(running.pid, how)
                    self._wait_until_gone(running)
        if self._child is not None:
            self._child.send_signal(how)
            self._child.wait()
            self._child = None
        with suppress(OSError):
            self._socket_path.rmdir()

    def _wait_until_gone(self, running: Postmaster) -> None:
        if not running.gone_within(self._patience):
            raise PostgresNotStarted(f"PostgreSQL (process {running.pid}) does not stop; its log is {self.log}")


def _dsn(socket_folder: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(socket_folder))}&port={PORT}"


def _cause(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    wrong = [line for line in lines if "FATAL" in line or "error:" in line.lower()]
    return (wrong or lines or ["it said nothing"])[-1]


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
