"""What the journey carries from step to step, and how it tells what it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from throughcare.cli.journey.doors import Doors, Unexpected, eventually
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

PERFORMER = "throughcare-demo"
PRACTITIONER = PRACTITIONERS[0].username
CASEWORKER = CASEWORKERS[0]

Told = tuple[str, str]
"""A notification as a consumer knows it: whom it is about, and its type."""


@dataclass
class Journey:
    """One person's way through custody, release and an intervention.

    ``expected`` counts the domain events owed by type; ``owed`` the notifications that an outside body is owed, by
    identifier and type; ``heard`` holds what consumers found on their queues; ``counted`` the domain events that
    notifications were reckoned from.
    """

    doors: Doors
    say: Callable[[str], None]
    number: int
    started: datetime
    steps: int = 0
    noms: str = ""
    crn: str = ""
    sentence_id: int = 0
    intervention: dict[str, Any] = field(default_factory=dict)
    referral_id: str = ""
    reference: str = ""
    plan_id: str = ""
    expected: Counter[str] = field(default_factory=Counter)
    owed: Counter[Told] = field(default_factory=Counter)
    heard: dict[str, dict[str, Told]] = field(default_factory=dict)
    counted: set[str] = field(default_factory=set)
    delivered: int = 0
    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Tell that a step is done."""
        self.steps += 1
        self.say(f"{self.steps:>3}  {text}")

    def owes(self, *event_types: str) -> None:
        """These events must be on record, once for each time that they are named."""
        self.expected.update(event_types)

    async def machine(self, service: str, method: str, path: str, **options: Any) -> Any:
        """A request by the demonstration's own machine client."""
        return await self.doors.machine(PERFORMER, service, method, path, **options)

    async def practitioner(self, method: str, path: str, service: str = "interventions", **options: Any) -> Any:
        """A request by the probation practitioner."""
        return await self.doors.person(PRACTITIONER, service, method, path, **options)

    async def caseworker(self, method: str, path: str, service: str = "interventions", **options: Any) -> Any:
        """A request by the provider's caseworker."""
        return await self.doors.person(CASEWORKER.username, service, method, path, **options)

    async def now(self) -> datetime:
        """The system's business time."""
        return datetime.fromisoformat((await self.doors.open("ui", "/info"))["clock"]["now"])

    async def advance(self, by: timedelta) -> None:
        """Move the business clock of the whole system, and wait until every process has heard."""
        self.doors.forget_tokens()
        body = {"advanceSeconds": int(by.total_seconds())}
        answer = await self.machine("ui", "PUT", "/console/clock", json=body)
        moment = datetime.fromisoformat(answer["now"])

        async def heard() -> bool:
            told = [await self.doors.open(name, "/info") for name in self.doors.services]
            return all(datetime.fromisoformat(one["clock"]["now"]) >= moment for one in told)

        await eventually(heard, "the clock's change in every process")
        self.doors.forget_tokens()

    async def message_to(self, address: str, template: str) -> dict[str, Any]:
        """The newest message to ``address`` from ``template`` about this referral, once it is there."""

        async def found() -> list[dict[str, Any]]:
            params = {"to": address, "template": template}
            answer = await self.machine("notify", "GET", "/inbox", params=params)
            return [
                one for one in answer["messages"] if self.reference in one["body"] or self.referral_id in one["body"]
            ]

        return (await eventually(found, f"message {template}"))[0]

    async def events(self) -> list[dict[str, Any]]:
        """Every domain event that this journey caused, in every service."""
        params = {"correlationId": self.doors.correlation_id, "limit": 1000, "newest": "false"}
        found = []
        for service in self.doors.services:
            answer = await self.machine(service, "GET", "/operations/events", params=params)
            found += [{**one, "service": service} for one in answer]
        return found

    async def settled(self) -> None:
        """Wait until every event is published, every queue is empty, and nothing new came of that meanwhile."""

        async def quiet() -> bool:
            before = await self.events()
            for service in self.doors.services:
                for queue in await self.machine(service, "GET", "/queue-admin/queues"):
                    if queue["messages"] or queue["inFlight"]:
                        return False
            after = await self.events()
            return len(before) == len(after) and all(one["publishedAt"] for one in after)

        await eventually(quiet, "the end of all work", seconds=60)

    def check(self, fact: object, what: str) -> None:
        """Raises Unexpected unless ``fact`` holds."""
        if not fact:
            raise Unexpected(what)
