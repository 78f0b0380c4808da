"""``throughcare mark-stale``: what administrators do about appointments."""

from __future__ import annotations

import json
from collections.abc import Mapping

from throughcare.cli.operate import System, console
from throughcare.cli.tables import print_table

MARKED = {
    "appointment": "appointmentId", "referral": "referralId", "when": "appointmentTime",
    "has its outcome": "feedbackSubmitted", "replaced": "superseded",
}  # fmt: skip


def mark_stale(target: System, order: Mapping[str, object], *, go: bool, as_json: bool) -> None:
    """Put appointments aside, or say which would be. Raises CommandError."""
    found = target.call("interventions", "POST", "/stale-appointments", json={**order, "dryRun": not go})
    if as_json:
        print(json.dumps(found))
        return
    print_table(found["appointments"], MARKED, "there is nothing to put aside")
    if go:
        console.print(f"put aside; this is entry {found['id']} of the record")
    else:
        console.print("would be put aside, and count no more: add --go to do it")
