"""The command line of the measurements."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks import command_line

from throughcare.cli.bench import ROOT, bench
from throughcare.cli.errors import CommandError


def test_without_the_source_tree_one_line_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="needs the source tree") as refused:
        bench([], as_json=False, root=tmp_path)
    assert "\n" not in str(refused.value)


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(CommandError, match=r"no measurement 'speed'; there are reaction, relay"):
        bench(["speed"], as_json=False)


def test_one_measurement_can_be_taken_and_printed_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "ROUNDS", 1)
    bench(["help"], as_json=True)
    printed = capsys.readouterr()
    [figure] = json.loads(printed.out)["figures"]
    assert figure["figure"] == "throughcare --help"
    assert figure["rounds"][0] > figure["besideRounds"][0] > 0
    assert "throughcare --help" in printed.err


def test_asking_for_help_imports_nothing_of_the_measurements_or_services() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from throughcare.cli.main import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "print([name for name in sys.modules if name.partition('.')[0] in {'benchmarks', 'fastapi', 'sqlalchemy'}])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
