"""Tables on standard output: fitted to a terminal, whole where a program reads them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

WIDE = 10_000


def print_table(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str], empty: str) -> None:
    """Print ``rows``; ``columns`` are headings and the keys under them. Without rows print the line ``empty``."""
    if not rows:
        print(empty)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*("" if row.get(key) is None else str(row[key]) for key in columns.values()))
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDE).print(table)
