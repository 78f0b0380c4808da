"""What the load does: people come into prison and leave it, and people on probation are referred.

Each life is a row of changes over HTTP; what was accepted is written down as facts, which must be state afterwards.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.abuse.books import UNKNOWN
from throughcare.cli.errors import CommandError
from throughcare.cli.journey.doors import Doors
from throughcare.cli.journey.journey import PERFORMER, PRACTITIONER
from throughcare.seeding.accounts import DEMO_CONTRACT

Json = dict[str, Any]
PRISONS = ("LEI", "MDI", "PVI", "WWI", "HLI")
ALERTS = ("XA", "HA", "XEL", "PEEP")
PATIENCE = 600
PAUSE_SECONDS = 0.2


class Client(Doors):
    """Doors that answer with whatever the system said, or None where it said nothing."""

    async def ask(
        self, who: tuple[str, str], service: str, method: str, path: str, **options: Any
    ) -> httpx2.Response | None:
        """One request with a token, without trying again."""
        try:
            headers = {**options.pop("headers", {}), "Authorization": f"Bearer {await self._token(who)}"}
            reply = await self._http.request(method, f"{self._urls[service]}{path}", headers=headers, **options)
        except (httpx2.TransportError, CommandError):
            return None
        if reply.status_code == 401:
            self._tokens.pop(who, None)
        return reply


@dataclass
class Load:
    """A bounded number of changes, what came of them, and ``told`` after each one that was accepted."""

    client: Client
    chance: random.Random
    wanted: int
    told: Callable[[], None]
    intervention: Json = field(default_factory=dict)
    categories: list[Json] = field(default_factory=list)
    begun: int = 0
    accepted: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def done(self) -> int:
        """How many changes were accepted."""
        return sum(self.accepted.values())

    async def prepare(self) -> None:
        """Find the intervention that people are referred to."""
        offered = await self.client.person(PRACTITIONER, "interventions", "GET", "/interventions")
        [self.intervention, *_] = [one for one in offered if one["contractType"]["code"] == "ETE"]
        for category in self.intervention["serviceCategories"]:
            path = f"/service-category/{category['id']}/contract-reference/{DEMO_CONTRACT}"
            self.categories.append(await self.client.person(PRACTITIONER, "interventions", "GET", path))

    async def run(self, at_once: int) -> None:
        """Live until the wanted number of changes has begun, ``at_once`` lives side by side."""

        async def live() -> None:
            while self.begun < self.wanted:
                await self.chance.choice((custody, custody, referral))(self)

        await asyncio.gather(*(live() for _ in range(at_once)))

    async def change(
        self, kind: str, key: str, service: str, method: str, path: str, body: Json, *, person: str = ""
    ) -> Json:
        """Have one change accepted, asking again under the same key while no clear answer comes.

        ``key`` is the fact's name or, as ``$field``, where the answer holds it. A refusal after an unclear answer
        means that the first request had its effect, whose answer is lost: the change is accepted, as UNKNOWN.
        """
        self.begun += 1
        who = (person, "person") if person else (PERFORMER, service)
        headers = {"Idempotency-Key": f"abuse-{self.chance.getrandbits(64):016x}"}
        unclear = False
        for _ in range(PATIENCE):
            reply = await self.client.ask(who, service, method, path, json=body, headers=headers)
            self.answers["none" if reply is None else f"{reply.status_code // 100}xx"] += 1
            if reply is not None and reply.is_success:
                answer: Json = reply.json() if reply.content else {}
                return self._accept(kind, str(answer[key[1:]]) if key.startswith("$") else key, answer)
            if reply is not None and reply.status_code in {400, 409} and unclear:
                return self._accept(kind, UNKNOWN if key.startswith("$") else key, {})
            if reply is not None and 400 <= reply.status_code < 500 and reply.status_code not in {401, 429}:
                raise AssertionError(f"{method} {path} was refused: {reply.status_code} {reply.text[:300]}")
            unclear = unclear or reply is None or reply.status_code >= 500
            await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError(f"{method} {path} had no clear answer after {PATIENCE} tries")

    def _accept(self, kind: str, key: str, answer: Json) -> Json:
        self.accepted[kind, key] += 1
        self.told()
        return answer

    async def advance(self, minutes: int) -> None:
        """Move the business clock of the whole system."""
        for _ in range(PATIENCE):
            body = {"advanceSeconds": minutes * 60}
            reply = await self.client.ask((PERFORMER, "ui"), "ui", "PUT", "/console/clock", json=body)
            if reply is not None and reply.is_success:
                return
            await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError("the clock cannot be moved")

    def surname(self) -> str:
        """A made-up surname that nobody else has."""
        return "Abuse" + "".join(chr(ord("a") + self.chance.randrange(26)) for _ in range(12))


async def custody(load: Load) -> None:
    """Somebody is admitted, gets an alert, is released, perhaps recalled and released again."""
    born = f"19{load.chance.randrange(60, 99)}-{load.chance.randrange(1, 13):02}-{load.chance.randrange(1, 29):02}"
    person = {"firstName": "Sam", "lastName": load.surname(), "dateOfBirth": born, "gender": "M"}
    made = await load.change("prisoner", "$offenderNo", "prison", "POST", "/api/offenders", person)
    if not made:
        return
    noms = made["offenderNo"]
    path, prison = f"/api/offenders/{noms}", load.chance.choice(PRISONS)
    admission = {"prisonId": prison, "movementReasonCode": "N", "imprisonmentStatus": "ADIMP_ORA"}
    await load.change("admission", noms, "prison", "POST", f"{path}/booking", admission)
    code = load.chance.choice(ALERTS)
    await load.change("alert", f"{noms} {code}", "prison", "POST", f"/prisoners/{noms}/alerts", {"alertCode": code})
    await load.change("release", noms, "prison", "PUT", f"{path}/release", {"movementReasonCode": "CR"})
    if load.chance.random() < 0.5:
        recall = {**admission, "movementReasonCode": "B"}
        await load.change("recall", noms, "prison", "PUT", f"{path}/recall", recall)
        await load.change("release", noms, "prison", "PUT", f"{path}/release", {"movementReasonCode": "CR"})


async def referral(load: Load) -> None:
    """A case is opened and the person is referred to an intervention."""
    surname = load.surname()
    case = {
        "name": {"forename": "Sam", "surname": surname}, "dateOfBirth": "1990-05-05", "gender": "Male",
        "managerUsername": PRACTITIONER,
        "sentence": {
            "description": "ORA Community Order", "startDate": "2024-03-01", "expectedEndDate": "2025-03-01",
            "hasRar": True, "mainOffence": {"category": "Theft", "subCategory": "Shoplifting"},
        },
    }  # fmt: skip
    made = await load.change("case", "$crn", "probation", "POST", "/probation-cases", case)
    if not made:
        return
    draft = {"serviceUserCrn": made["crn"], "interventionId": load.intervention["id"]}
    begun = await load.change("draft", "$id", "interventions", "POST", "/draft-referral", draft, person=PRACTITIONER)
    if not begun:
        return
    await _answer(load, made["crn"], surname, begun["id"])
    path = f"/draft-referral/{begun['id']}/send"
    await load.change("referral", begun["id"], "interventions", "POST", path, {}, person=PRACTITIONER)


async def _answer(load: Load, crn: str, surname: str, draft: str) -> None:
    """Fill the draft in: person and sentence, then complexity and outcomes of each service category."""

    async def patch(name: str, path: str, body: Json) -> None:
        where = f"/draft-referral/{draft}{path}"
        await load.change("answer", f"{draft} {name}", "interventions", "PATCH", where, body, person=PRACTITIONER)

    sentences = await _read(load, "probation", f"/probation-case/{crn}/convictions")
    await patch("details", "", _details(crn, surname, sentences["convictions"][0]["id"]))
    for category, offered in zip(load.intervention["serviceCategories"], load.categories, strict=True):
        about = {"serviceCategoryId": category["id"]}
        level = offered["complexityLevels"][0]["id"]
        await patch(f"level {category['id']}", "/complexity-level", {**about, "complexityLevelId": level})
        outcomes = [one["id"] for one in offered["desiredOutcomes"][:2]]
        await patch(f"outcomes {category['id']}", "/desired-outcomes", {**about, "desiredOutcomesIds": outcomes})
    await patch("risk", "/oasys-risk-information", {"riskSummaryWhoIsAtRisk": "Nobody known"})


def _details(crn: str, surname: str, sentence: int) -> Json:
    return {
        "serviceUser": {
            "crn": crn, "firstName": "Sam", "lastName": surname, "dateOfBirth": "1990-05-05", "gender": "Male",
        },
        "relevantSentenceId": sentence, "personCurrentLocationType": "COMMUNITY",
        "completionDeadline": "2024-07-01", "maximumEnforceableDays": 10, "furtherInformation": "None.",
        "reasonForReferral": "Wants to work.", "needsInterpreter": False, "hasAdditionalResponsibilities": False,
    }  # fmt: skip


async def _read(load: Load, service: str, path: str) -> Any:
    for _ in range(PATIENCE):
        reply = await load.client.ask((PERFORMER, service), service, "GET", path)
        if reply is not None and reply.is_success:
            return reply.json()
        await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError(f"{path} of {service} cannot be read")
