"""``python -m throughcare`` is the command ``throughcare``."""

from throughcare.cli.main import run

run()
