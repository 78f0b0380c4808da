"""Named points where a test may stop the process, to prove that nothing is lost there.

Costs one dictionary look-up unless ``THROUGHCARE_FAILPOINTS`` is set, for example
``uow.before_commit=kill:0.01`` (die with SIGKILL at one in a hundred) or ``relay.after_publish=raise:1``.
"""

from __future__ import annotations

import os
import random
import signal

POINTS = (
    "http.before_usecase", "uow.after_begin", "uow.after_state", "uow.after_outbox", "uow.before_commit",
    "uow.after_commit", "relay.after_claim", "relay.after_publish", "relay.after_mark", "consume.after_receive",
    "consume.after_inbox", "consume.after_effect", "consume.after_ack",
    "schedule.after_tick", "migrate.between_steps", "delivery.after_claim", "delivery.after_send",
)  # fmt: skip


class FailpointReached(Exception):
    """Raised at a fail point that was told to raise."""


def parse(specification: str) -> dict[str, tuple[str, float]]:
    """``point=action:probability`` entries, separated by commas. Raises ValueError for an unknown point or action."""
    parsed: dict[str, tuple[str, float]] = {}
    for entry in filter(None, (part.strip() for part in specification.split(","))):
        point, _, rest = entry.partition("=")
        action, _, probability = rest.partition(":")
        if point not in POINTS or action not in {"kill", "raise"}:
            raise ValueError(f"THROUGHCARE_FAILPOINTS: {entry!r} is not <point>=kill|raise[:probability]")
        parsed[point] = (action, float(probability or 1))
    return parsed


_active = parse(os.environ.get("THROUGHCARE_FAILPOINTS", ""))


async def failpoint(name: str) -> None:
    """Die or raise here if this point was switched on; otherwise nothing."""
    armed = _active.get(name)
    if armed is None or random.random() >= armed[1]:
        return
    if armed[0] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise FailpointReached(name)
