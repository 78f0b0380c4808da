"""An event and what became of it at each of its readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from throughcare.ui.peers.operations import Event, Handling, Reader


@dataclass(frozen=True)
class State:
    """A word of state, and the colour that it has while something waits or is wrong."""

    word: str
    colour: str

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen by itself, and nothing needs to."""
        return self in {PUBLISHED, HANDLED, NOTHING_TO_DO}


PUBLISHED = State("Published", "green")
WAITING = State("Waiting in the outbox", "yellow")
GIVEN_UP = State("Given up", "red")
HANDLED = State("handled", "green")
NOTHING_TO_DO = State("nothing to do", "grey")
NOT_YET = State("Not yet handled", "yellow")
AGAIN = State("Will be tried again", "yellow")
DEAD = State("Dead letter", "red")
PARKED = State("Dead letter, parked", "red")


@dataclass(frozen=True)
class Reading:
    """One reader of an event and how far it is."""

    service: str
    queue: str
    state: State
    attempts: int


@dataclass(frozen=True)
class Step:
    """An event, the service that published it, and its readers."""

    service: str
    event: Event
    readings: Sequence[Reading]

    @property
    def state(self) -> State:
        """Whether it was published."""
        return state_of(self.event)

    @property
    def settled(self) -> bool:
        """Whether it was published and every reader is done with it."""
        return self.state.settled and all(one.state.settled for one in self.readings)


def state_of(event: Event) -> State:
    """Whether an event was published."""
    if event.published_at is not None:
        return PUBLISHED
    return GIVEN_UP if event.given_up else WAITING


def steps(events: Iterable[tuple[str, Event]], readers: Mapping[str, Sequence[Reader]]) -> list[Step]:
    """Each event with what became of it at every queue that hears of its type."""
    return [Step(service, event, _readings(event, readers)) for service, event in events]


def _readings(event: Event, readers: Mapping[str, Sequence[Reader]]) -> list[Reading]:
    found = []
    for service, queues in readers.items():
        for queue in queues:
            handling = next((one for one in queue.handled if one.event_id == event.event_id), None)
            if handling is not None or (event.event_type in queue.event_types and event.published_at is not None):
                attempts = handling.attempts if handling else 0
                found.append(Reading(service, queue.queue_name, _state(handling), attempts))
    return found


def _state(handling: Handling | None) -> State:
    if handling is None:
        return NOT_YET
    if handling.processed_at is not None:
        return NOTHING_TO_DO if handling.outcome == "nothing-to-do" else HANDLED
    if handling.parked:
        return PARKED
    return DEAD if handling.outcome == "dead" else AGAIN
