"""``throughcare transfer`` and ``throughcare onboard``: what keepers of contracts do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import Any

from throughcare.cli.errors import CommandError
from throughcare.cli.operate import System, console
from throughcare.cli.tables import print_table

MOVED = {"referral": "referenceNumber", "assigned": "assigned", "over": "concluded"}
LONG = 60


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


def onboard(target: System, folder: Path, *, go: bool, as_json: bool) -> None:
    """Onboard contracts from the files of a folder, or say what that would change.

    Raises CommandError, also when something was done and a file was refused.
    """
    files = _files(folder)
    found = target.call("interventions", "POST", "/contract-onboardings", json={**files, "dryRun": not go})
    if as_json:
        print(json.dumps(found))
    else:
        _print_onboarding(found, go=go)
    if found["refused"]:
        refused = f"{len(found['refused'])} of {len(files['contracts'])} files of contracts refused"
        raise CommandError(f"{refused}: mend what is named above and run this again")


def _files(folder: Path) -> dict[str, Any]:
    contracts = sorted((folder / "contracts").glob("*.json"))
    if not contracts:
        raise CommandError(f"{folder / 'contracts'} holds no JSON files: there is one for each contract")
    return {
        "providers": _text(folder / "providers.json"),
        "contractDetails": _text(folder / "contractDetails.json"),
        "contracts": [{"name": one.name, "text": _text(one)} for one in contracts],
    }


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        raise CommandError(f"{path} is not there: write [] into it where there is nothing new") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read as UTF-8 text ({type(error).__name__})") from None


def _print_onboarding(found: Mapping[str, Any], *, go: bool) -> None:
    rows = list(_differences(found))
    wide = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for *record, difference in rows:
        first, *more = difference.splitlines()
        print("  ".join([*(part.ljust(width) for part, width in zip(record, wide, strict=True)), first]))
        print("".join(f"    {line}\n" for line in more), end="")
    counts = ", ".join(f"{len(found[name])} {name}" for name in ("created", "changed", "skipped", "refused"))
    console.print(f"{counts}; {len(found['unchanged'])} contracts unchanged")
    if found["id"]:
        console.print(f"this is onboarding {found['id']}")
    elif not go and (found["created"] or found["changed"]):
        console.print("nothing was done yet: add --go to do it")


def _differences(found: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """What is done, or not, with which record of which file, and how it differs: a line, or several."""
    for one in found["created"]:
        held = one["holds"]
        says = held.get("intervention_title") or held.get("contract_type") or held.get("name")
        yield "create", f"{one['kind']} {one['name']}", one["file"], says
    for one in found["changed"]:
        difference = f"{one['field']}: {_change(one['old'], one['new'])}"
        yield "change", f"contract {one['contract']}", one["file"], difference
    for one in found["skipped"]:
        yield "skip", f"{one['kind']} {one['name']}", one["file"], one["why"]
    for one in found["refused"]:
        name = f"contract {one['contract']}" if one["contract"] else ""
        for wrong in one["wrong"]:
            yield "refuse", name, one["file"], f"{wrong['field']}: {wrong['message']}"


def _change(old: object, new: object) -> str:
    """Old and new in a line; of long texts, the lines that differ."""
    was, now = (", ".join(one) if isinstance(one, list) else "" if one is None else str(one) for one in (old, new))
    if len(was) + len(now) <= LONG * 2 and "\n" not in was + now:
        return f"{was or 'nothing'} -> {now or 'nothing'}"
    lines = list(unified_diff(was.splitlines(), now.splitlines(), n=0, lineterm=""))[2:]
    return "\n".join(["", *(one for one in lines if not one.startswith("@@"))])
