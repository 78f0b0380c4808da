"""One referral on its way through random commands: each asks the system and the second account the same."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import httpx2

from tests.service.interventions.journey import (
    CASEWORKER,
    OTHER_CASEWORKER,
    PRACTITIONER,
    Journey,
    Json,
    assign,
    withdraw,
)
from tests.service.interventions.walk import asking
from tests.service.interventions.walk.appointments import OK, Answer, Appointment, Request, refusal, wrong
from tests.service.interventions.walk.asking import chance_of
from tests.service.interventions.walk.model import ModelReferral
from throughcare.seeding.accounts import CASEWORKERS

REMEMBERED = 60
ANSWERS = {"PP": ("PP_ONLY", "as_practitioner", "as_caseworker"), "SP": ("SP_ONLY", "as_caseworker", "as_practitioner")}
WRONG_PATCHES: tuple[tuple[Json, tuple[str, str]], ...] = (
    ({"completionDeadline": "2024-01-01"}, ("completionDeadline", "DATE_MUST_BE_IN_THE_FUTURE")),
    ({"needsInterpreter": True}, ("needsInterpreter", "CONDITIONAL_FIELD_MUST_BE_SET")),
    ({"serviceUser": {"crn": "X999999"}}, ("serviceUser.crn", "FIELD_CANNOT_BE_CHANGED")),
)


@dataclass(eq=False)
class Life:
    """A referral, what must be true of it, and the last commands on it."""

    journey: Journey
    model: ModelReferral
    offered: Json
    chance: Random
    answers: Counter[int]
    release_known: bool = False
    report_id: str = ""
    assessment_id: str = ""
    listed: tuple[bool, bool] | None = None
    changed: bool = False
    done: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.journey.world.clock.now()

    @property
    def path(self) -> str:
        """The referral's address as a draft."""
        return f"/draft-referral/{self.journey.referral_id}"

    async def ask(self, side: str, method: str, path: str, expected: Answer, body: Json | None = None) -> Any:
        """The answer's body, which must be what is expected; now and then the other side tries first, in vain."""
        code, mine, other = ANSWERS[side]
        self.done.append(f"{self.now:%d %b %H:%M} {side} {method} {path} {body or ''}")
        if chance_of(self.chance, 0.03):
            found = await getattr(self.journey, other)(method, path, json=body)
            self.compare(found, refusal(403, code))
        return self.compare(await getattr(self.journey, mine)(method, path, json=body), expected)

    def compare(self, reply: httpx2.Response, expected: Answer) -> Any:
        """The body of the answer. Raises AssertionError when it is not the one that is expected."""
        self.answers[reply.status_code] += 1
        found: Json = reply.json() if reply.content else {}
        self.changed = self.changed or reply.is_success
        seen = Answer(reply.status_code)
        if reply.is_error:
            problems = frozenset((one["field"], one["error"]) for one in found.get("validationErrors", []))
            code = str(found.get("code", found.get("errorCode", "")))
            if expected.problems and expected.code not in {"RISK_MISSING", "RELEASE_DATE_MISSING", "LOCATION_MISSING"}:
                code = expected.code if code in {error for _, error in problems} else code
            seen = Answer(reply.status_code, code, problems)
        assert seen == expected, f"answered {seen} instead of {expected}: {reply.text[:500]}"
        return found

    def _unless_draft(self, expected: Answer) -> Answer:
        return expected if self.model.sent is not None else refusal(404, "REFERRAL_NOT_FOUND")

    async def fill(self) -> None:
        """Write what is missing in the draft, all or some of it."""
        model = self.model
        parts: dict[str, Json] = {
            "sentence": {"relevantSentenceId": self.journey.sentence_id},
            "risk": {"additionalRiskInformation": "May be anxious in groups"},
            "deadline": {"completionDeadline": (self.now.date() + timedelta(days=120)).isoformat()},
            "location": {"personCurrentLocationType": "COMMUNITY"},
        }
        if chance_of(self.chance, 0.2):
            parts["location"] = {"personCurrentLocationType": "CUSTODY", "personCustodyPrisonId": "LEI"}
            if chance_of(self.chance, 0.6):
                parts["location"]["expectedReleaseDate"] = "2026-01-01"
        chosen = set(parts) if chance_of(self.chance, 0.5) else {self.chance.choice(sorted(parts))}
        filled, emptied = set(chosen), set[str]()
        if "location" in chosen and model.sent is None:
            inside = parts["location"]["personCurrentLocationType"] == "CUSTODY"
            self.release_known = inside and (self.release_known or "expectedReleaseDate" in parts["location"])
            (emptied if inside and not self.release_known else filled).add("release")
        body = {name: value for part in chosen for name, value in parts[part].items()}
        body |= {"serviceUser": {"firstName": "Jo", "lastName": "Bloggs"}}
        await self.ask("PP", "PATCH", self.path, model.patch(filled, emptied), body)

    async def fill_wrongly(self) -> None:
        """Write something that is refused."""
        body, problem = self.chance.choice(WRONG_PATCHES)
        expected = wrong([problem]) if self.model.sent is None else refusal(409, "DRAFT_ALREADY_SENT")
        await self.ask("PP", "PATCH", self.path, expected, body)

    async def choose(self) -> None:
        """Choose a level, an outcome or both; now and then one that cannot be chosen."""
        about = {"serviceCategoryId": self.offered["id"]}
        for part, filled, key in (("complexity-level", "level", "complexityLevelId"),
                                  ("desired-outcomes", "outcome", "desiredOutcomesIds")):  # fmt: skip
            level, outcome = self.offered["complexityLevels"][0]["id"], self.offered["desiredOutcomes"][0]["id"]
            expected = self.model.patch(set(), set())
            if chance_of(self.chance, 0.05):
                level = outcome = str(uuid4())
                code = "LEVEL_NOT_IN_CATEGORY" if filled == "level" else "OUTCOME_NOT_IN_CATEGORY"
                expected = refusal(400, code) if expected == OK else expected
            elif chance_of(self.chance, 0.8):
                expected = self.model.patch({filled}, set())
            else:
                continue
            value = level if filled == "level" else [outcome]
            await self.ask("PP", "PATCH", f"{self.path}/{part}", expected, about | {key: value})

    async def send(self) -> None:
        """Send the draft."""
        await self.ask("PP", "POST", f"{self.path}/send", self.model.send(self.now))
        if self.model.sent is not None and not self.assessment_id:
            self.assessment_id = (await self.journey.assessment())["id"]

    async def assign(self) -> None:
        """Have somebody assigned, sometimes somebody who may not work on it."""
        to = self.chance.choice((CASEWORKER, CASEWORKER, OTHER_CASEWORKER, PRACTITIONER))
        expected = refusal(404, "REFERRAL_NOT_FOUND")
        if self.model.sent is not None:
            expected = self.model.assign(to.username, may_work=to in CASEWORKERS)
        self.done.append(f"{self.now:%d %b %H:%M} assign {to.username}")
        self.compare(await assign(self.journey, to.username), expected)

    async def withdraw(self) -> None:
        """Withdraw it, sometimes for a reason that there is not."""
        reason = self.chance.choice(("MOV", "EAR", "INE", "SER", "XYZ"))
        known = self.model.sent is not None
        expected = self.model.withdraw(self.now, reason) if known else refusal(404, "REFERRAL_NOT_FOUND")
        self.done.append(f"{self.now:%d %b %H:%M} withdraw {reason}")
        self.compare(await withdraw(self.journey, reason), expected)

    async def create_plan(self) -> None:
        """Begin a plan."""
        sessions = self.chance.choice((1, 2, 2, 3, None, 0, -1))
        expected = self._unless_draft(OK) if self.model.sent is None else self.model.create_plan(sessions)
        body: Json = {"referralId": self.journey.referral_id, "numberOfSessions": sessions, "activities": []}
        made = await self.ask("SP", "POST", "/draft-action-plan", expected, body)
        if expected.status == 201:
            self.model.plans[-1].id = self.journey.plan_id = made["id"]

    async def change_plan(self) -> None:
        """Change a plan, mostly the newest."""
        plan, sessions = self._plan(), self.chance.choice((1, 2, 3, None, 0))
        body = {"numberOfSessions": sessions, "newActivity": {"description": "Write a CV"}}
        await self.ask("SP", "PATCH", f"/draft-action-plan/{plan.id}", self.model.change_plan(plan, sessions), body)

    async def submit_plan(self) -> None:
        """Submit a plan."""
        plan = self._plan()
        await self.ask("SP", "POST", f"/draft-action-plan/{plan.id}/submit", self.model.submit_plan(plan))

    async def approve_plan(self) -> None:
        """Approve a plan by hand."""
        plan = self._plan()
        await self.ask("PP", "POST", f"/action-plan/{plan.id}/approve", self.model.approve_plan(plan))

    def _plan(self) -> Any:
        return self.model.plans[-1] if chance_of(self.chance, 0.8) else self.chance.choice(self.model.plans)

    async def create_report(self) -> None:
        """Begin the report."""
        expected = self._unless_draft(OK) if self.model.sent is None else self.model.create_report()
        body = {"referralId": self.journey.referral_id}
        made = await self.ask("SP", "POST", "/draft-end-of-service-report", expected, body)
        self.report_id = made["id"] if expected.status == 201 else self.report_id

    async def change_report(self) -> None:
        """Write in the report."""
        outcome = {"desiredOutcomeId": self.offered["desiredOutcomes"][0]["id"], "achievementLevel": "ACHIEVED"}
        body = {"furtherInformation": "Did well", "outcome": outcome}
        await self.ask(
            "SP", "PATCH", f"/draft-end-of-service-report/{self.report_id}", self.model.change_report(), body
        )

    async def submit_report(self) -> None:
        """Submit the report."""
        path = f"/draft-end-of-service-report/{self.report_id}/submit"
        await self.ask("SP", "POST", path, self.model.submit_report(self.now))

    async def amend_level(self) -> None:
        """Amend the level of complexity of what was sent."""
        expected = self._unless_draft(OK) if self.model.sent is None else self.model.amend_level()
        level = self.chance.choice(self.offered["complexityLevels"])["id"]
        path = f"/sent-referral/{self.journey.referral_id}/service-category/{self.offered['id']}/amend-complexity-level"
        await self.ask("PP", "POST", path, expected, {"complexityLevelId": level, "reasonForChange": "Looked again"})

    async def write_note(self) -> None:
        """Write a case note, as either side."""
        author, wants = self.chance.choice((PRACTITIONER, CASEWORKER)), self.chance.choice((None, True, False))
        expected = refusal(400, "REFERRAL_NOT_FOUND")
        if self.model.sent is not None:
            to_officer = wants is not False and author is not PRACTITIONER
            expected = self.model.write_note(author.username, to_officer=to_officer)
        body = {"referralId": self.journey.referral_id, "subject": "News", "body": "All is well", "sendEmail": wants}
        send = self.journey.as_practitioner if author is PRACTITIONER else self.journey.as_caseworker
        self.done.append(f"{self.now:%d %b %H:%M} note by {author.username}, sendEmail {wants}")
        self.compare(await send("POST", "/case-note", json=body), expected)

    async def schedule_assessment(self) -> None:
        """Book the assessment through one of its three doors."""
        held = self.model.assessment
        current = held[-1] if held else None
        asked, body = self._booking(current)
        door, referral = self.chance.random(), f"/referral/{self.journey.referral_id}/supplier-assessment"
        if door < 0.7:
            expected = self.model.schedule_assessment(self.now, asked)
            path = f"/supplier-assessment/{self.assessment_id}/schedule-appointment"
            made = await self.ask("SP", "PUT", path, expected, body)
        elif door < 0.85:
            made = await self.ask("SP", "POST", referral, expected := self.model.add_assessment(self.now, asked), body)
        else:
            which = self.chance.choice([*held, current, current, None])
            expected = self.model.change_assessment(self.now, asked, which)
            made = await self.ask("SP", "PUT", f"{referral}/{which.id if which else uuid4()}", expected, body)
        if expected == OK:
            self.model.assessment[-1].id = made["id"]

    async def schedule_session(self) -> None:
        """Book a session of the plan, or one that it does not have."""
        numbers = [*self.model.sessions] * 4
        number = self.chance.choice([*numbers, len(self.model.sessions) + 1])
        held = self.model.sessions.get(number)
        asked, body = self._booking(held[-1] if held else None)
        expected = self.model.schedule_session(self.now, number, asked)
        path = f"/action-plan/{self.journey.plan_id}/appointment/{number}"
        made = await self.ask("SP", "PATCH", path, expected, body)
        if expected == OK:
            self.model.sessions[number][-1].id = made["appointmentId"]

    def _booking(self, current: Appointment | None) -> tuple[Request, Json]:
        assert self.model.sent is not None
        return asking.booking(self.chance, self.now, self.model.sent, current)

    async def record_attendance(self) -> None:
        """Note attendance at the assessment or a session."""
        number, which = self._appointment()
        came, happened = asking.attendance(self.chance)
        expected = self.model.record_attendance(self.now, which, came, happened)
        body = {"attended": came, "didSessionHappen": happened}
        await self.ask("SP", "PUT", self._feedback_path(number, which, "attendance"), expected, body)

    async def record_feedback(self) -> None:
        """Write about the assessment or a session."""
        number, which = self._appointment()
        came = (which.attended, which.happened) if which and which.recorded else asking.attendance(self.chance)
        body = asking.feedback(self.chance, *came)
        expected = self.model.record_feedback(which, body)
        await self.ask("SP", "PUT", self._feedback_path(number, which, "session-feedback"), expected, body)

    async def submit_feedback(self) -> None:
        """Make the account of the assessment or a session final."""
        number, which = self._appointment()
        if which and which.is_unclear:
            return
        expected = self.model.submit_feedback(which, number)
        await self.ask("SP", "POST", self._feedback_path(number, which, "submit-feedback"), expected)

    def _appointment(self) -> tuple[int, Appointment | None]:
        model, chance = self.model, self.chance
        booked = [number for number, held in model.sessions.items() if held]
        if not booked or (chance_of(chance, 0.1) and model.assessment):
            return 0, model.assessment[-1] if model.assessment else None
        number = chance.choice(booked)
        held = model.sessions[number]
        if chance_of(chance, 0.02):
            return number, None
        return number, held[-1] if chance_of(chance, 0.85) else chance.choice(held)

    def _feedback_path(self, number: int, which: Appointment | None, step: str) -> str:
        referral = f"/referral/{self.journey.referral_id}"
        if number:
            return f"{referral}/delivery-session-appointments/{which.id if which else uuid4()}/{step}"
        prefix = "" if step == "submit-feedback" else "record-"
        return f"{referral}/supplier-assessment/{prefix}{step}"
