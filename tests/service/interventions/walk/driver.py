"""Chooses what is asked next, and compares what the system holds with the second account."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg

from tests.service.interventions.journey import (
    Journey,
    begin,
    london_time,
    ok,
    opened_case,
    refused,
)
from tests.service.interventions.walk.appointments import Appointment, CaseRecord
from tests.service.interventions.walk.asking import chance_of
from tests.service.interventions.walk.life import Life
from tests.service.interventions.walk.model import ModelReferral
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT

AT_ONCE = 5
BETWEEN_DRAINS = 20
DETAILS = {"referral.assigned": "assignedTo", "referral.concluded": "deliveryState", "referral.ended": "deliveryState"}
DRAFTING = (
    "fill", "fill", "choose", "choose", "send", "send", "fill_wrongly", "assign", "withdraw", "create_plan",
    "write_note", "amend_level", "create_report",
)  # fmt: skip
WORKING = (
    "schedule_assessment", "schedule_session", "record_attendance", "record_feedback", "submit_feedback", "assign",
    "create_plan", "change_plan", "submit_plan", "approve_plan", "create_report", "change_report", "submit_report",
    "withdraw", "send", "fill", "fill_wrongly", "choose", "amend_level", "write_note",
)  # fmt: skip


TOUCHING = {
    "schedule_assessment", "schedule_session", "record_attendance", "record_feedback", "submit_feedback", "submit_plan",
}  # fmt: skip


class Disagreement(AssertionError):
    """The system and the second account differ; the text says after which commands."""


class Walk:
    """A row of random commands on some referrals at once. The same seed makes the same row."""

    def __init__(self, world: World, seed: int) -> None:
        self._world, self._seed, self._chance = world, seed, Random(seed)
        self._mails: Counter[str] = Counter()
        self._lives: list[Life] = []
        self._over: list[Life] = []
        self._offered: Any = None
        self.steps = 0
        self.asked: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()

    async def run(self, steps: int) -> None:
        """Go on until this many steps were taken. Raises Disagreement."""
        self._database = await asyncpg.connect(self._world.owner_dsn)
        try:
            while self.steps < steps:
                await self._step()
            await self._settle()
        finally:
            await self._database.close()

    async def _step(self) -> None:
        while len(self._lives) < AT_ONCE:
            self._lives.append(await self._begun())
        life = self._chance.choice(self._lives)
        name = likely(life, self._chance) if chance_of(self._chance, 0.7) else ""
        name = name or self._chance.choice(DRAFTING if life.model.sent is None else WORKING)
        if not possible(life, name):
            return
        try:
            if name == "wait":
                self._pass_time()
            else:
                life.changed = False
                await getattr(life, name)()
                await self._compare(life, name)
        except (AssertionError, KeyError, LookupError) as error:
            raise self._disagreement(life, error) from error
        self.steps += 1
        self.asked[name] += 1
        if life.model.concluded and chance_of(self._chance, 0.06):
            self._lives.remove(life)
            self._over.append(life)
        if self.steps % BETWEEN_DRAINS == 0:
            await self._settle()

    def _pass_time(self) -> None:
        now = self._world.clock.now()
        if chance_of(self._chance, 0.7):
            self._world.clock.set(london_time(now + timedelta(days=1), self._chance.choice((8, 12, 18))))
        else:
            self._world.clock.set(now + timedelta(hours=1))

    async def _begun(self) -> Life:
        known = [one for one in (*self._lives, *self._over[-AT_ONCE:]) if chance_of(self._chance, 0.05)]
        if known:
            record = known[0].model.record
            journey = Journey(self._world, record.crn, record.sentence_id)
        else:
            journey = await opened_case(self._world)
            record = CaseRecord(journey.crn, journey.sentence_id)
        await begin(journey)
        if self._offered is None:
            category = journey.intervention["serviceCategories"][0]["id"]
            path = f"/service-category/{category}/contract-reference/{DEMO_CONTRACT}"
            self._offered = ok(await journey.as_practitioner("GET", path))
        return Life(journey, ModelReferral(record, self._mails), self._offered, self._chance, self.answers)

    def _disagreement(self, life: Life, error: BaseException) -> Disagreement:
        row = "\n  ".join(life.done)
        return Disagreement(f"seed {self._seed}, step {self.steps}: {error!r}\nthe commands on this referral:\n  {row}")

    async def _compare(self, life: Life, name: str) -> None:
        journey, model = life.journey, life.model
        if model.sent is None:
            ok(await journey.as_practitioner("GET", life.path))
            refused(
                await journey.as_caseworker("GET", f"/sent-referral/{journey.referral_id}"), 404, "REFERRAL_NOT_FOUND"
            )
            return
        await self._compare_referral(life)
        if life.changed and name in TOUCHING:
            await self._compare_appointments(life)
        rows = await self._database.fetch(
            "select payload::text as text from interventions.outbox where aggregate_id = $1 order by id",
            journey.referral_id,
        )
        found = [json.loads(row["text"]) for row in rows]
        told = [
            (kind, one["additionalInformation"].get(DETAILS.get(kind, ""), ""))
            for one in found
            if (kind := one["eventType"].removeprefix("intervention.")) != one["eventType"]
        ]
        same(told, model.events)

    async def _compare_referral(self, life: Life) -> None:
        model, found = life.model, await life.journey.referral()
        report = found["endOfServiceReport"]
        same(
            {
                "assigned": found["assignedTo"] and found["assignedTo"]["username"],
                "plan": found["actionPlanId"],
                "approved": sorted(found["approvedActionPlanIds"] or []),
                "reason": found["withdrawalCode"],
                "asked to end": found["endRequestedAt"] is not None,
                "concluded": found["concludedAt"] is not None,
                "withdrawal": found["withdrawalState"],
                "report due": found["endOfServiceReportCreationRequired"],
                "report": report and ("submitted" if report["submittedAt"] else "draft"),
            },
            {
                "assigned": model.assigned,
                "plan": model.plans[-1].id if model.plans else None,
                "approved": sorted(one.id for one in model.approvals),
                "reason": model.reason,
                "asked to end": model.reason is not None,
                "concluded": model.concluded is not None,
                "withdrawal": model.withdrawal,
                "report due": model.report_due,
                "report": model.report,
            },
        )

    async def _compare_appointments(self, life: Life) -> None:
        held, shown = life.model.assessment, await life.journey.assessment()
        current = held[-1].id if held else None
        same([shown["currentAppointmentId"], *_shown(shown["appointments"])], [current, *_held(held)])
        if not life.model.sessions:
            return
        path = f"/action-plan/{life.journey.plan_id}/appointments"
        for one in ok(await life.journey.as_caseworker("GET", path)):
            held = life.model.sessions[one["sessionNumber"]]
            same(one["appointmentId"], held[-1].id if held else None)
            now = [{**one, "id": one["appointmentId"], "superseded": False}] if held else []
            same(sorted(_shown([*one["oldAppointments"], *now]), key=str), sorted(_held(held), key=str))

    async def _settle(self) -> None:
        await self._world.drain()
        for life in (*self._lives, *self._over):
            life.model.settle()
        try:
            same(await self._world.dead_letters(), [])
            rows = await self._database.fetch(
                "select template_key, count(*) as many from notify.notification"
                " where template_key = any($1) group by template_key",
                [*self._mails],
            )
            owed = {template: many for template, many in self._mails.items() if many}
            same({row["template_key"]: row["many"] for row in rows}, owed)
        except AssertionError as error:
            raise Disagreement(f"seed {self._seed}, step {self.steps}: {error}") from error
        for life in (*self._lives, *self._over):
            try:
                await self._compare_record(life)
                await self._compare_lists(life)
                if life.model.sent is not None and life in self._lives:
                    await self._compare_appointments(life)
            except AssertionError as error:
                raise self._disagreement(life, error) from error
        del self._over[: -2 * AT_ONCE]

    async def _compare_lists(self, life: Life) -> None:
        if life.model.concluded is None or life.listed == life.model.listed:
            return
        reference = (await life.journey.referral())["referenceNumber"]
        found = []
        for predicate in ("completed", "cancelled"):
            path = f"/sent-referrals/summaries?search={reference}&{predicate}=true"
            found.append(len(ok(await life.journey.as_caseworker("GET", path))["content"]) == 1)
        same(tuple(found), life.model.listed)
        life.listed = life.model.listed

    async def _compare_record(self, life: Life) -> None:
        urn = f"urn:hmpps:interventions-referral:{life.journey.referral_id}"
        rows = await self._database.fetch(
            "select id, status_code, outcome_code from probation.nsi where external_reference = $1", urn
        )
        same([(row["status_code"], row["outcome_code"]) for row in rows], [life.model.nsi] if life.model.nsi else [])
        contacts = await self._database.fetch(
            "select type_code, external_reference, outcome_code, rar_activity from probation.contact"
            " where nsi_id = any($1) and type_code in ('CRSAPT', 'CRSSAA') order by id",
            [row["id"] for row in rows],
        )
        same(
            [(row[0], str(row[1]).rpartition(":")[2], row[2], row[3]) for row in contacts],
            [(one.kind, one.appointment.id, one.outcome, one.rar) for one in life.model.record.of(life.model)],
        )


def likely(life: Life, chance: Random) -> str:
    """What people would do next with this referral."""
    model = life.model
    if model.sent is None:
        return chance.choice(("fill", "choose")) if model.missing else "send"
    if model.report == "draft" or model.report_due:
        return chance.choice(("create_report", "change_report", "submit_report"))
    return "assign" if model.assigned is None else _likely_delivery(life, chance)


def _likely_delivery(life: Life, chance: Random) -> str:
    model = life.model
    held = model.assessment[-1] if model.assessment else None
    if held is None or (held.final and held.attended == "no"):
        return "schedule_assessment"
    if not held.final:
        return _next_of(life, held, chance)
    if not any(one.submitted for one in model.plans):
        return chance.choice(("submit_plan", "change_plan")) if model.plans else "create_plan"
    booked = [row[-1] for row in model.sessions.values() if row]
    open_ones = [one for one in booked if not one.final]
    return _next_of(life, chance.choice(open_ones), chance) if open_ones else "schedule_session"


def _next_of(life: Life, held: Appointment, chance: Random) -> str:
    if held.at > life.now:
        return chance.choice(("wait", "wait", "schedule_session"))
    if not held.recorded:
        return "record_attendance"
    return chance.choice(("record_feedback", "submit_feedback", "record_attendance"))


def possible(life: Life, name: str) -> bool:
    """Whether there is something to ask this about."""
    model = life.model
    if name in {"change_plan", "submit_plan", "approve_plan"}:
        return bool(model.plans)
    if name == "schedule_session":
        return bool(model.approvals)
    if name in {"change_report", "submit_report"}:
        return bool(life.report_id)
    return True


def same(found: object, expected: object) -> None:
    """Raises AssertionError unless both are equal, with both."""
    assert found == expected, f"found {found} instead of {expected}"


def _shown(appointments: Sequence[Any]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for one in appointments:
        account = one["appointmentFeedback"]
        came, text = account["attendanceFeedback"], account["sessionFeedback"]
        written = {name: value for name, value in text.items() if value is not None}
        recorded = (came["attended"], came["didSessionHappen"])
        rows.append((one["id"], one["superseded"], account["submitted"], recorded, sorted(written.items())))
    return rows


def _held(appointments: Sequence[Appointment]) -> Sequence[tuple[object, ...]]:
    return [
        (one.id, one.superseded, one.final, (one.attended, one.happened), sorted(one.feedback.items()))
        for one in appointments
    ]
