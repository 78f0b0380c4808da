"""Commands for people on call, against a running system, through its own doors."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from rich.console import Console

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.tables import print_table

console = Console(highlight=False, soft_wrap=True)
FOLLOW_SECONDS = 1.0
SECONDS = 35.0
JOB_SECONDS = 3600.0


class Refused(CommandError):
    """A service refused a request; ``code`` is its error code."""

    def __init__(self, line: str, code: str) -> None:
        self.code = code
        super().__init__(line)


class System:
    """A running system, reached with the command line's own client."""

    def __init__(self, data: Path, url: str | None) -> None:
        found = url or system.running(data)
        if found is None:
            raise CommandError(
                f"no system is running on {data}: start one with `throughcare up`, or name one with --url"
            )
        self.base_url = found.rstrip("/")
        self._secret = system.held_secrets(data, system.settings()).derive("client:throughcare-cli")
        self._token = ""

    def call(self, service: str, method: str, path: str, **options: Any) -> Any:
        """The JSON answer of one request to a service. Raises CommandError, of the kind Refused for what is refused."""
        root = catalogue.service(service).path.rstrip("/")
        headers = {"Authorization": f"Bearer {self._held_token()}"}
        reply = self._ask(method, f"{root}{path}", headers=headers, **options)
        if reply.is_error:
            raise Refused(
                f"{service} answered {reply.status_code}: {_said(reply, 'userMessage')}", _said(reply, "errorCode")
            )
        return self._read(reply) if reply.content else None

    def _held_token(self) -> str:
        if not self._token:
            form = {"grant_type": "client_credentials", "resource": list(catalogue.PACKAGES)}
            reply = self._ask("POST", "/auth/oauth2/token", data=form, auth=("throughcare-cli", self._secret))
            if reply.is_error:
                raise CommandError(f"{self.base_url} gave no token: does --data name the data folder of that system?")
            self._token = str(self._read(reply)["access_token"])
        return self._token

    def _ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        try:
            return httpx2.request(
                method, f"{self.base_url}{path}", **{"timeout": SECONDS, "trust_env": False, **options}
            )
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL):
            raise CommandError(f"{self.base_url} is not an address: write it like http://localhost:8080") from None
        except httpx2.RequestError as error:
            raise CommandError(f"{self.base_url} does not answer ({type(error).__name__}): is it running?") from None

    def _read(self, reply: httpx2.Response) -> Any:
        try:
            return reply.json()
        except ValueError:
            raise CommandError(f"what answers at {self.base_url} is not throughcare: check --url") from None

    def every(self, path: str, **options: Any) -> dict[str, Any]:
        """The answers of all services to a GET."""
        return {name: self.call(name, "GET", path, **options) for name in catalogue.PACKAGES}

    def owner_of(self, queue: str) -> str:
        """The service that owns a queue or dead-letter queue. Raises CommandError."""
        for name in sorted(catalogue.PACKAGES, key=lambda one: not queue.startswith(one)):
            queues = self.call(name, "GET", "/queue-admin/queues")
            if any(queue in {one["queueName"], one["dlqName"]} for one in queues):
                return name
        raise CommandError(f"there is no queue {queue!r}: `throughcare queues` lists them")


def _said(reply: httpx2.Response, member: str) -> str:
    try:
        return str(reply.json().get(member, reply.reason_phrase))
    except ValueError:
        return reply.reason_phrase


def queues(target: System, as_json: bool) -> None:
    """Print depth and age of every queue."""
    rows = [{"service": name, **one} for name, found in target.every("/queue-admin/queues").items() for one in found]
    if as_json:
        print(json.dumps(rows))
        return
    columns = {
        "service": "service", "queue": "queueName", "waiting": "messages", "in flight": "inFlight", "dead": "dead",
        "parked": "parked", "oldest s": "oldestSeconds",
    }  # fmt: skip
    print_table(rows, columns, "there are no queues")


def tail(target: System, event_type: str, limit: int, follow: bool, as_json: bool) -> None:
    """Print the newest events, and go on with ``follow``."""
    params: dict[str, Any] = {"limit": limit} | ({"eventType": event_type} if event_type else {})
    seen: dict[str, int] = {}
    shown = limit
    while True:
        found = []
        for name in catalogue.PACKAGES:
            after = {"after": seen[name], "newest": "false", "limit": 1000} if name in seen else {}
            batch = target.call(name, "GET", "/operations/events", params={**params, **after})
            seen[name] = max([seen.get(name, 0), *(one["sequence"] for one in batch)])
            found += [{"service": name, **one} for one in batch]
        for one in sorted(found, key=lambda event: event["recordedAt"])[-shown:]:
            print(json.dumps(one) if as_json else _line(one), flush=True)
        if not follow:
            if not found and not as_json:
                print("there are no such events")
            return
        shown = 0
        time.sleep(FOLLOW_SECONDS)


def _line(event: Mapping[str, Any]) -> str:
    state = "published" if event["publishedAt"] else "given up" if event["givenUp"] else "waiting"
    what = f"{event['occurredAt'][:19]}  {event['service']:<16} {event['eventType']:<58}"
    return f"{what} {state}  {event['correlationId'] or ''}"


def _dead_of(target: System, queue: str) -> tuple[str, str]:
    dlq = queue if queue.endswith("_dlq") else f"{queue}_dlq"
    return target.owner_of(dlq), dlq


def dead_letters(target: System, as_json: bool) -> None:
    """Print every dead letter."""
    rows, total = [], 0
    for name, found in target.every("/queue-admin/queues").items():
        for queue in (one for one in found if one["dead"]):
            letters = target.call(name, "GET", f"/queue-admin/get-dlq-messages/{queue['dlqName']}")
            rows += [{"queue": queue["queueName"], **one} for one in letters["messages"]]
            total += letters["messagesFoundCount"]
    if as_json:
        print(json.dumps(rows))
        return
    columns = {
        "queue": "queue",
        "id": "messageId",
        "reason": "reason",
        "event": "eventType",
        "detail": "detail",
    }
    print_table(rows, columns, "there are no dead letters")
    if total > len(rows):
        print(f"{total - len(rows)} more: the oldest 100 of each queue are shown")


def show_dead_letter(target: System, queue: str, message_id: str) -> None:
    """Print one dead letter whole."""
    name, dlq = _dead_of(target, queue)
    for one in target.call(name, "GET", f"/queue-admin/get-dlq-messages/{dlq}")["messages"]:
        if one["messageId"] == message_id:
            print(json.dumps(one, indent=2))
            return
    raise CommandError(f"{dlq} has no message {message_id}: `throughcare dlq list` shows what there is")


def retry(target: System, queue: str, message_id: str) -> None:
    """Send dead letters back."""
    name, dlq = _dead_of(target, queue)
    if message_id:
        target.call(name, "POST", f"/queue-admin/dlq/{dlq}/messages/{message_id}/retry")
        console.print("sent back")
    else:
        console.print(f"{target.call(name, 'PUT', f'/queue-admin/retry-dlq/{dlq}')['messagesFoundCount']} sent back")


def drop(target: System, queue: str, message_id: str, reason: str) -> None:
    """Delete one dead letter."""
    name, dlq = _dead_of(target, queue)
    target.call(name, "DELETE", f"/queue-admin/dlq/{dlq}/messages/{message_id}", params={"reason": reason})
    console.print("dropped")


def jobs(target: System, as_json: bool) -> None:
    """Print every job."""
    rows = [{"service": name, **one} for name, found in target.every("/operations/jobs").items() for one in found]
    if as_json:
        print(json.dumps(rows))
        return
    columns = {
        "service": "service",
        "job": "name",
        "when": "schedule",
        "last started": "startedAt",
        "outcome": "outcome",
        "said": "detail",
    }
    print_table(rows, columns, "there are no jobs")


def run_job(target: System, service: str, name: str) -> None:
    """Run one job. Raises CommandError when it fails."""
    if service not in catalogue.PACKAGES:
        raise CommandError(str(catalogue.UnknownService(service).args[0]))
    outcome = target.call(service, "POST", f"/operations/jobs/{quote(name, safe='')}/run", timeout=JOB_SECONDS)[
        "outcome"
    ]
    if outcome == "already running":
        raise CommandError(f"{name} is running already: `throughcare jobs list` shows when it began")
    if outcome != "ok":
        raise CommandError(f"{name} failed: look at throughcare.log in the data folder")
    said = next(one["detail"] for one in target.call(service, "GET", "/operations/jobs") if one["name"] == name)
    console.print(f"ok: {said}" if said else "ok")


def clock(target: System, change: Mapping[str, object]) -> None:
    """Show or move the business clock."""
    body: dict[str, object] = dict(change)
    if "advance" in body:
        body["advanceSeconds"] = _seconds(str(body.pop("advance")))
    answer = target.call("ui", "PUT" if body else "GET", "/console/clock", **({"json": body} if body else {}))
    console.print(
        f"{answer['now'][:19]}Z{' (frozen)' if answer['frozen'] else ''}{'' if answer['settable'] else ' (real time)'}"
    )


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d+)([dhms])", text)
    if found is None:
        raise CommandError(f"{text!r} is not a length of time: write it like 1d, 36h, 90m or 10s")
    return int(found[1]) * {"d": 86_400, "h": 3_600, "m": 60, "s": 1}[found[2]]
