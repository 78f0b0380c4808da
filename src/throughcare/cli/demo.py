"""``throughcare demo``: the main job, through the public doors of a running system."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

import httpx2

from throughcare import catalogue
from throughcare.cli import system
from throughcare.cli.errors import CommandError
from throughcare.cli.free_port import free_port
from throughcare.cli.journey import custody, delivery, outcome, outside, referral
from throughcare.cli.journey.doors import Doors
from throughcare.cli.journey.journey import Journey
from throughcare.kit.ids import new_id
from throughcare.kit.settings import Secrets

CLOCK = "2024-03-04T12:00:00Z"
START_SECONDS = 240.0
SCENES = (
    custody.numbered, outside.told, custody.admitted, custody.indexed, outside.told,
    custody.known_to_probation, outside.told, custody.released, outside.told,
    referral.found, referral.drafted, referral.sent, referral.assigned, delivery.assessed, referral.amended,
    delivery.planned, delivery.held, referral.noted, delivery.missed, delivery.reported, referral.concluded,
    referral.drafted, referral.sent, referral.assigned, delivery.assessed, delivery.planned, delivery.held,
    referral.withdrawn, delivery.reported, referral.ended_early,
)  # fmt: skip


def demo(*, data: Path, apart: bool, url: str | None) -> None:
    """Perform the journey; exit code 1 when anything is lost or unexpected. Raises CommandError."""
    folder = system.data_folder(data)
    secrets = system.secrets_of(folder, system.settings())
    if apart:
        from throughcare.cli.apart import running_apart

        with running_apart(folder, secrets, CLOCK) as (urls, redirect_uri):
            ok = asyncio.run(perform(urls, secrets, redirect_uri))
    else:
        with _together(folder, url) as base_url:
            urls = {one.name: base_url + one.path.rstrip("/") for one in catalogue.services()}
            ok = asyncio.run(perform(urls, secrets, f"{base_url}/sign-in/callback"))
    if not ok:
        sys.exit(1)


async def perform(
    urls: Mapping[str, str], secrets: Secrets, redirect_uri: str, say: Callable[[str], None] = print
) -> bool:
    """Go through every scene and compare the ledgers; whether nothing was lost and nothing unexpected happened."""
    doors = Doors(urls, secrets, redirect_uri, f"demo-{new_id().hex}")
    try:
        state = (await doors.open("ui", "/info"))["clock"]
        if not state["settable"]:
            raise CommandError(f"this system runs on real time: start it with `throughcare up --clock {CLOCK}`")
        journey = Journey(doors, say, new_id().int >> 8 & 0xFFFFFF, datetime.fromisoformat(state["now"]))
        for scene in SCENES:
            await scene(journey)
        events = await outcome.events_on_record(journey)
        await outside.reckoned(journey)
    finally:
        await doors.close()
    for problem in (
        *(f"lost: {one}" for one in journey.lost),
        *(f"unexpected: {one}" for one in journey.unexpected),
    ):
        say(problem)
    say(
        f"demo: {journey.steps} steps, {events} domain events, {journey.delivered} notifications delivered, "
        f"{len(journey.lost)} lost, {len(journey.unexpected)} unexpected"
    )
    return not journey.lost and not journey.unexpected


@contextmanager
def _together(folder: Path, url: str | None) -> Iterator[str]:
    """The base URL of the system that runs, or of one started for the demonstration and stopped after it."""
    running = url or system.running(folder)
    if running is not None:
        yield running.rstrip("/")
        return
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "throughcare",
        "up",
        "--port",
        str(port),
        "--data",
        str(folder),
        "--clock",
        CLOCK,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield _wait(process, folder)
    finally:
        stop(process)


def _wait(process: subprocess.Popen[str], folder: Path) -> str:
    deadline = monotonic() + START_SECONDS
    while monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read().strip() if process.stderr else ""
            raise CommandError(said.removeprefix("throughcare: ") or "the system did not start")
        if (found := system.running(folder)) is not None and answers(found):
            return found
        sleep(0.1)
    raise CommandError(f"the system did not start within {START_SECONDS:.0f} s: see throughcare.log in {folder}")


def answers(url: str) -> bool:
    """Whether a system answers at ``url``."""
    try:
        return httpx2.get(f"{url}/health/ping", timeout=2, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def stop(process: subprocess.Popen[str]) -> None:
    """End a process that was started here: politely, then not."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
    if process.stderr is not None:
        process.stderr.close()
