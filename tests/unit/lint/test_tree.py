from __future__ import annotations

from pathlib import Path

import pytest
from tools.lint.__main__ import run
from tools.lint.tree import read_tree


def _write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_what_is_built_fetched_or_kept_by_a_tool_is_not_read(tmp_path: Path) -> None:
    for path in (".venv/a.py", "node_modules/b.js", ".mypy_cache/c.json", "src/a/__pycache__/d.pyc"):
        _write(tmp_path, path, "")
    _write(tmp_path, "src/throughcare/kit/web/static/assets/manifest.json", "{}")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    for path in ("src/a/e.py", ".ci/run", "README.md"):
        _write(tmp_path, path, "")
    assert [source.path for source in read_tree(tmp_path)] == [".ci/run", "README.md", "src/a/e.py"]


def test_findings_are_printed_in_order_and_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write(tmp_path, "src/throughcare/b/utils.py", "")
    _write(tmp_path, "src/throughcare/a.py", "import time\n\nx = time.time()\n")
    assert run(tmp_path) == 1
    printed = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[:2] for line in printed] == [
        ["src/throughcare/a.py:3", "time-and-ids"],
        ["src/throughcare/b/utils.py:1", "module-names"],
    ]


def test_a_tree_without_findings_ends_with_0(tmp_path: Path) -> None:
    _write(tmp_path, "src/throughcare/a.py", "x = 1\n")
    assert run(tmp_path) == 0
