"""``throughcare transfer``: what keepers of contracts do."""

from __future__ import annotations

import json
from collections.abc import Mapping

from throughcare.cli.operate import System, console
from throughcare.cli.tables import print_table

MOVED = {"referral": "referenceNumber", "assigned": "assigned", "over": "concluded"}


def transfer(target: System, order: Mapping[str, object], *, go: bool, as_json: bool) -> None:
    """Move referrals, or say what would be moved. Raises CommandError."""
    found = target.call("interventions", "POST", "/contract-transfers", json={**order, "dryRun": not go})
    if as_json:
        print(json.dumps(found))
        return
    print_table(found["referrals"], MOVED, "there is nothing to move")
    if go:
        console.print(f"moved to {order['target']}; this is transfer {found['id']}")
    else:
        console.print(f"would move to {order['target']}, where nobody works on them yet: add --go to do it")
