"""Options and arguments that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", help="The data folder.", envvar="THROUGHCARE_DATA")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Url = Annotated[str | None, typer.Option("--url", help="Where the system is; by default the one of the data folder.")]
Batch = Annotated[bool, typer.Option("--batch", help="Read one JSON object a line, write one a line.")]
File = Annotated[Path | None, typer.Argument(help="Where to read from; standard input when left out.")]
FOLDER = Path(".data")
