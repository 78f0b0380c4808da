"""How an outside body's line stands, and what a person should do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.kit.web.wording import age, counted
from throughcare.ui.console.model import Problem
from throughcare.ui.event.model import State
from throughcare.ui.peers.consumers import Consumer, Delivery, OpenDelivery

LATE_SECONDS = 15 * 60

SUSPENDED = State("Suspended", "grey")
QUEUE_AWAY = State("Queue away", "red")
BEHIND = State("Behind", "red")
WITH_DEAD = State("Dead deliveries", "red")
ON_TIME = State("On time", "green")


@dataclass(frozen=True)
class Line:
    """What of a consumer's line has not arrived: all that waits, and what was given up; None is not known."""

    waiting: Sequence[OpenDelivery] | None
    dead: Sequence[OpenDelivery] | None


def late(one: Consumer) -> bool:
    """Whether a consumer that is not suspended has had something waiting for more than a quarter of an hour."""
    return not one.suspended and one.waiting > 0 and one.lag_seconds > LATE_SECONDS


def state_of(one: Consumer) -> State:
    """How a consumer's line stands, in a word."""
    if one.suspended:
        return SUSPENDED
    if one.failures:
        return QUEUE_AWAY
    if late(one):
        return BEHIND
    return WITH_DEAD if one.dead else ON_TIME


def delivery_state(one: Delivery) -> State:
    """How far a notification is on its way to one consumer."""
    if one.state == "DELIVERED":
        return State("Delivered", "green")
    if one.state == "DEAD":
        return State("Dead", "red")
    return State("Failed, will be tried again", "yellow") if one.attempts else State("Waiting", "yellow")


def problems_of(consumers: Sequence[Consumer]) -> list[Problem]:
    """What needs a person: consumers with dead deliveries first, then those that are behind."""
    return [_dead(one) for one in consumers if one.dead] + [_late(one) for one in consumers if late(one)]


def _dead(one: Consumer) -> Problem:
    what = f"{counted(one.dead, 'delivery', 'deliveries')} to {one.name} given up after too many attempts."
    return Problem(what, "Mend the cause, then try again", f"throughcare consumers retry {one.name}", "consumers")


def _late(one: Consumer) -> Problem:
    what = f"{counted(one.waiting, 'notification')} waiting for {one.name}, the oldest for {age(one.lag_seconds)}."
    if one.failures:
        advice = f"Its queue failed {counted(one.failures, 'time')} in a row. See what is wrong with it"
        return Problem(what, advice, f"throughcare consumers show {one.name}", "consumers")
    return Problem(what, "See whether the worker of integration runs", "throughcare work integration", "consumers")


def doors(one: Consumer) -> str:
    """By which doors a consumer is told."""
    named = [f"its queue {one.queue_name}"] * (one.queue_name is not None) + ["the feed"] * one.feed
    return " and ".join(named) or "no door: it is told nothing"


def limits(values: Sequence[str] | None, everything: str) -> str:
    """What a consumer is limited to, in words; ``everything`` is said where it is not."""
    if values is None:
        return everything
    return ", ".join(values) or "None, so nothing reaches it"
