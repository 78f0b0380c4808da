"""``throughcare mask``: a copy of the data of interventions for where things are tested."""

from __future__ import annotations

import asyncio
import os

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.tables import print_table
from throughcare.kit.db.reach import DatabaseUnfit, check_database
from throughcare.services.interventions.masking.usecases import mask as mask_copy

OWN = "interventions"
BUS = ("bus", "pgmq")
COLUMNS = {"table": "table", "rows": "rows"}


def mask(url: str, again: str) -> None:
    """Mask the database at ``url`` in place. Raises CommandError, NotMasked."""
    if again and again != url:
        raise CommandError("--again names another database: repeat the URL as it is")
    live = None if again else _live()
    others = [*(name for name in catalogue.PACKAGES if name != OWN), *BUS]

    async def work() -> dict[str, int]:
        for one in filter(None, (url, live)):
            await check_database(one)
        return await mask_copy(url, live=live, others=others)

    try:
        changed = asyncio.run(work())
    except DatabaseUnfit as error:
        raise CommandError(str(error).replace("DATABASE_URL", "the URL")) from None
    rows = [{"table": name, "rows": changed[name]} for name in sorted(changed)]
    print_table(rows, COLUMNS, "there was nothing to mask")


def _live() -> str | None:
    own = os.environ.get(f"THROUGHCARE_{OWN.upper()}__DATABASE_URL")
    given = system.settings().database_url
    return own or (given.get_secret_value() if given is not None else None)
