"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path

from throughcare.kit.clock import real_now
from throughcare.kit.db.binaries import find_binaries


def describe(root: Path) -> Mapping[str, str]:
    """Date, commit, processor, operating system, Python and PostgreSQL."""
    return {
        "date": f"{real_now():%Y-%m-%d %H:%M} UTC",
        "commit": _commit(root),
        "processor": f"{os.cpu_count()} cores, {_model()}",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": platform.python_version(),
        "PostgreSQL": _postgres(),
    }


def _commit(root: Path) -> str:
    named = _said("git", "-C", str(root), "rev-parse", "--short", "HEAD")
    changed = _said("git", "-C", str(root), "status", "--porcelain", "--", "src", "benchmarks")
    return f"{named}, with changes not committed" if changed else named or "unknown"


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "unknown")


def _postgres() -> str:
    return _said(find_binaries().postgres, "--version").rpartition(") ")[2] or "unknown"


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
