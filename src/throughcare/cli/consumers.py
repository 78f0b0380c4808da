"""``throughcare consumers``: outside bodies, what reaches them, and how their lines stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.operate import SECONDS, Refused, System, console
from throughcare.cli.tables import print_table

COLUMNS = {
    "consumer": "name", "queue": "queueName", "feed": "feed", "suspended": "suspended", "waiting": "waiting",
    "dead": "dead", "delivered": "delivered", "lag s": "lagSeconds", "last delivered": "lastDeliveredAt",
    "trouble": "lastError",
}  # fmt: skip


def list_consumers(target: System, as_json: bool) -> None:
    """Print every consumer."""
    rows = target.call("integration", "GET", "/v1/consumers")
    if as_json:
        print(json.dumps(rows))
        return
    print_table([{**one, "lagSeconds": round(one["lagSeconds"])} for one in rows], COLUMNS, "there are no consumers")


def show(target: System, name: str, as_json: bool) -> None:
    """Print one consumer: what it was given, what reaches it, and how its line stands."""
    found = target.call("integration", "GET", f"/v1/consumers/{name}")
    if as_json:
        print(json.dumps(found))
        return
    for key, value in found.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        if isinstance(value, dict):
            shown = "; ".join(f"{kind}: {', '.join(allowed) or 'nothing'}" for kind, allowed in value.items())
        print(f"{key:<18} {'' if shown is None else shown}")


def policy(target: System, name: str) -> None:
    """Print what reaches a consumer, in the form of an SNS filter policy."""
    print(json.dumps(target.call("integration", "GET", f"/v1/consumers/{name}")["policy"], indent=2))


def add(
    target: System, name: str, *, roles: Sequence[str], include: Sequence[str], filters: Sequence[str],
    queue: str | None, no_queue: bool, no_feed: bool, new_secret: bool, as_json: bool,
) -> None:  # fmt: skip
    """Register a consumer with a client of its own, or give a known one this configuration."""
    body: dict[str, Any] = {
        "roles": list(roles), "include": list(include), "filters": _filters(filters), "feed": not no_feed,
    }  # fmt: skip
    if queue is not None or no_queue:
        body["queueName"] = None if no_queue else queue
    found = target.call("integration", "PUT", f"/v1/consumers/{name}", json=body)
    secret = _client(target, name, new_secret=new_secret)
    if as_json:
        print(json.dumps({**found, "clientId": name, "clientSecret": secret or None}))
        return
    _say(found)
    if secret:
        _say_secret(target, name, secret)
    elif secret is None:
        print("its client keeps its secret; --new-secret replaces it")


def revoke(target: System, name: str) -> None:
    """Take away a consumer's client."""
    target.call("auth", "DELETE", f"/clients/{name}")
    console.print(f"the client of {name} is gone; tokens that it holds end within 20 minutes")


def suspend(target: System, name: str, *, lift: bool) -> None:
    """Hold what is for a consumer, or let it go."""
    found = target.call("integration", "PUT", f"/v1/consumers/{name}/suspension", json={"suspended": not lift})
    console.print(f"{name} is {'suspended: what is for it is held' if found['suspended'] else 'told again'}")


def replay(target: System, name: str, wanted: Mapping[str, str]) -> None:
    """Tell a consumer again what it was told."""
    body = {key: value for key, value in wanted.items() if value}
    found = target.call("integration", "POST", f"/v1/consumers/{name}/replay", json=body)
    console.print(f"{found['count']} notifications are told to {name} again")


def retry(target: System, name: str) -> None:
    """Try again what was given up for a consumer."""
    found = target.call("integration", "POST", f"/v1/consumers/{name}/retry", json={})
    console.print(f"{found['count']} deliveries to {name} are tried again")


def token(target: System, data: Path, client: str, service: str) -> None:
    """Print an access token of one of this system's machine clients, for trying things out. Raises CommandError."""
    secret = system.held_secrets(data, system.settings()).derive(f"client:{client}")
    form = {"grant_type": "client_credentials", "resource": service}
    try:
        reply = httpx2.post(
            f"{target.base_url}/auth/oauth2/token", data=form, auth=(client, secret), timeout=SECONDS, trust_env=False
        )
    except httpx2.RequestError as error:
        raise CommandError(f"{target.base_url} does not answer ({type(error).__name__}): is it running?") from None
    if reply.is_error:
        raise CommandError(
            f"{target.base_url} gives {client!r} no token for {service!r}: it is no client of the system's own. "
            "A consumer that was added gets its tokens with its own secret: `throughcare consumers add --new-secret`"
        )
    print(reply.json()["access_token"])


def _client(target: System, name: str, *, new_secret: bool) -> str | None:
    """See that the consumer has a client: its secret where that was made just now, None where it is kept.

    The demonstration's consumers are clients of the system's own, whose secrets are never shown: then it is empty.
    Raises CommandError.
    """
    body = {"roles": ["ROLE_INTEGRATION__CONSUMER"], "audiences": ["integration"], "newSecret": new_secret}
    try:
        secret: str | None = target.call("auth", "PUT", f"/clients/{name}", json=body)["clientSecret"]
    except Refused as refused:
        if refused.code != "CLIENT_DECLARED" or new_secret:
            raise
        return ""
    return secret


def _filters(given: Sequence[str]) -> dict[str, list[str]]:
    """``prisons=MDI,LEI`` and the like; nothing after the sign lets nothing through. Raises CommandError."""
    found = {}
    for one in given:
        kind, sign, values = one.partition("=")
        if not sign:
            raise CommandError(f"{one!r} is not a filter: write it like prisons=MDI,LEI")
        found[kind] = [value for value in values.split(",") if value]
    return found


def _say_secret(target: System, name: str, secret: str) -> None:
    print(f"client id      {name}")
    print(f"client secret  {secret}")
    print("The secret is shown this once. With it in the variable SECRET, this gets a token:")
    form = "-d grant_type=client_credentials -d resource=integration"
    print(f'curl -s -u "{name}:$SECRET" {form} {target.base_url}/auth/oauth2/token')


def _say(found: Mapping[str, Any]) -> None:
    types = found["policy"]["eventType"]
    limits = {key: values for key, values in found["policy"].items() if key != "eventType"}
    reached = "nothing" if types == ["default"] else f"{len(types)} types of event"
    limited = "".join(f", {key} {' or '.join(values) or 'none'}" for key, values in limits.items())
    doors = [f"queue {found['queueName']}"] * (found["queueName"] is not None) + ["the feed"] * found["feed"]
    console.print(f"{found['name']}: {reached}{limited}, by {' and '.join(doors) or 'no door at all'}")
