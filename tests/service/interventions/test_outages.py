"""A whole referral while every system that it needs fails, at each step and in each way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest

from tests.service.interventions.journey import (
    ATTENDED,
    CASE_DETAIL,
    CASES,
    Journey,
    appointment,
    assign,
    drafted_plan,
    ok,
    ready_draft,
    record_assessment,
    refused,
    schedule_session,
    session_feedback,
    tomorrow,
    withdraw,
)
from tests.service.interventions.outage import PEERS, Failure, Peers
from tests.service.prisoner_search.custody import Custody
from tests.world import World

pytestmark = pytest.mark.long

QUEUES = ("interventions_domain_events", "interventions_own_events", "probation_domain_events")
CASE = ("probation", "/access$")
GROUPS = ("auth", "/groups$")
TOKENS = ("auth", "/oauth2/token$")
RISKS = ("risks_and_needs", "/risks/supplementary$")
START = ("probation", "/referrals$")
BOOKING = ("probation", "/appointments$")
WORRYING = session_feedback(notifyProbationPractitionerOfConcerns=True, sessionConcerns="Drinking")


@dataclass
class Ordeal:
    """One referral in a world whose systems fail in one way."""

    world: World
    peers: Peers
    how: Failure
    journey: Journey

    async def survive(
        self,
        command: Callable[[], Awaitable[httpx2.Response]],
        *needed: tuple[str, str],
        untouched: Callable[[], Awaitable[bool]],
    ) -> None:
        """Try while each system that ``command`` needs at once fails: refused, and nothing is changed.

        Then have it carried out while all others fail.
        """
        for name, where in needed:
            self._forget_tokens(where)
            with self.peers.failing(name, self.how, where):
                body = refused(await command(), 503, "PEER_UNAVAILABLE")
            assert "Try again later" in body["userMessage"], (name, where)
            assert await untouched(), (name, where)
        names = {name for name, _ in needed}
        with ExitStack() as stack:
            for name in PEERS:
                if name not in names:
                    stack.enter_context(self.peers.failing(name, self.how))
            ok(await command())

    async def recover(self) -> None:
        """Let everything that is owed be tried while all systems fail, and again once they have recovered."""
        with ExitStack() as stack:
            for name in PEERS:
                stack.enter_context(self.peers.failing(name, self.how))
            await self.world.drain()
        for _ in range(2):
            for queue in QUEUES:
                await self.world.fetch(f"update pgmq.q_{queue} set vt = now()")
            await self.world.fetch(
                "update interventions.notification_request set next_attempt_at = now(), claimed_until = null"
                " where status in ('queued', 'sending')"
            )
            await self.world.drain()
        assert await self.world.dead_letters() == []

    def _forget_tokens(self, where: str) -> None:
        if where == TOKENS[1]:
            tokens = self.world.host.runtimes["interventions"].gateway.tokens
            for name in PEERS:
                tokens.forget(name)

    async def messages(self) -> dict[str, int]:
        """How many messages of each kind were sent about the referral."""
        reference = (await self.journey.referral())["referenceNumber"]
        rows = await self.world.fetch(
            "select template_key, count(*) as many from notify.notification"
            " where personalisation::text like '%' || $1 || '%' or personalisation::text like '%' || $2 || '%'"
            " group by template_key",
            reference,
            self.journey.crn,
        )
        return {row["template_key"]: row["many"] for row in rows}

    async def entries(self, kind: str) -> list[tuple[str, str | None]]:
        """The person's appointments of this kind in the case record: as which one, and its outcome."""
        found = await self.journey.contacts(kind)
        return [
            (str(one["externalReference"]).rpartition(":")[2], one["outcome"] and one["outcome"]["code"])
            for one in found
        ]


async def draft_of_a_prisoner(world: World) -> Journey:
    """A draft for somebody in prison."""
    number = await (await Custody.of(world)).prisoner()
    release = (world.clock.today() + timedelta(days=60)).isoformat()
    journey = await ready_draft(
        world, personCurrentLocationType="CUSTODY", personCustodyPrisonId="LEI", expectedReleaseDate=release
    )
    probation = await world.client("probation", roles=[CASES, CASE_DETAIL])
    ok(await probation.put(f"/probation-case/{journey.crn}/noms-number", json={"nomsNumber": number}))
    await world.drain()
    return journey


async def check_sending(trial: Ordeal) -> None:
    journey = trial.journey
    path = f"/draft-referral/{journey.referral_id}"

    async def kept() -> bool:
        draft = ok(await journey.as_practitioner("GET", path))
        return bool(draft["additionalRiskInformation"] == "May be anxious in groups" and draft["furtherInformation"])

    await trial.survive(
        lambda: journey.as_practitioner("POST", f"{path}/send"), CASE, TOKENS, RISKS, START, untouched=kept
    )
    await trial.recover()
    assert len(await journey.nsis()) == 1
    risks = "select 1 from risks_and_needs.supplementary_risk where source_id::text = $1"
    assert len(await trial.world.fetch(risks, journey.referral_id)) == 1
    place = "select nomis_prison_id from interventions.referral_nomis_location where referral_id::text = $1"
    assert [row["nomis_prison_id"] for row in await trial.world.fetch(place, journey.referral_id)] == ["LEI"]
    assert await journey.event_types() == ["referral.sent"]
    assert await trial.messages() == {"referral-sent": 1}


async def check_assessment(trial: Ordeal) -> None:
    journey, day = trial.journey, tomorrow(trial.world)
    path = f"/supplier-assessment/{(await journey.assessment())['id']}/schedule-appointment"

    async def none() -> bool:
        return bool((await journey.assessment())["appointments"] == [])

    soon = appointment(day)
    await trial.survive(lambda: journey.as_caseworker("PUT", path, json=soon), GROUPS, BOOKING, untouched=none)
    first = (await journey.assessment())["currentAppointmentId"]
    assert await trial.entries("CRSSAA") == [(first, None)]

    async def unmoved() -> bool:
        return bool((await journey.assessment())["currentAppointmentId"] == first)

    later = appointment(day + timedelta(hours=3))
    await trial.survive(lambda: journey.as_caseworker("PUT", path, json=later), GROUPS, BOOKING, untouched=unmoved)
    second = (await journey.assessment())["currentAppointmentId"]
    assert await trial.entries("CRSSAA") == [(first, "RSSR"), (second, None)]


async def check_session(trial: Ordeal) -> None:
    journey, day = trial.journey, tomorrow(trial.world)

    async def none() -> bool:
        return bool((await journey.session(1))["appointmentId"] is None)

    await trial.survive(lambda: schedule_session(journey, 1, appointment(day)), GROUPS, BOOKING, untouched=none)
    made = (await journey.session(1))["appointmentId"]
    assert await trial.entries("CRSAPT") == [(made, None)]
    trial.world.clock.set(tomorrow(trial.world, 18))
    path = f"/referral/{journey.referral_id}/delivery-session-appointments/{made}"
    ok(await journey.as_caseworker("PUT", f"{path}/attendance", json=ATTENDED))
    ok(await journey.as_caseworker("PUT", f"{path}/session-feedback", json=WORRYING))

    async def written() -> bool:
        account = (await journey.session(1))["appointmentFeedback"]
        return bool(account["sessionFeedback"]["sessionConcerns"] == "Drinking" and not account["submitted"])

    await trial.survive(lambda: journey.as_caseworker("POST", f"{path}/submit-feedback"), GROUPS, untouched=written)
    await trial.recover()
    assert await trial.entries("CRSAPT") == [(made, "ATTC")]
    told = await trial.messages()
    assert (told["initial-assessment-scheduled"], told["session-concerns"]) == (2, 1)


async def check_withdrawal(trial: Ordeal) -> None:
    journey = trial.journey

    async def goes_on() -> bool:
        return bool((await journey.referral())["concludedAt"] is None)

    await trial.survive(lambda: withdraw(journey, "MOV"), CASE, untouched=goes_on)
    await trial.recover()
    [nsi] = await journey.nsis()
    assert (nsi["nsiStatus"]["code"], nsi["nsiOutcome"]["code"]) == ("COMP", "CRS02")
    assert (await journey.event_types())[-2:] == ["referral.concluded", "referral.ended"]
    assert (await trial.messages())["referral-post-ica-withdrawn"] == 1


@pytest.mark.parametrize("how", Failure)
async def test_no_step_of_a_referral_is_lost_or_doubled_while_what_it_needs_fails(
    world: World, peers: Peers, how: Failure
) -> None:
    trial = Ordeal(world, peers, how, await draft_of_a_prisoner(world))
    await check_sending(trial)
    ok(await assign(trial.journey, trial.journey.caseworker))
    await check_assessment(trial)
    world.clock.set(tomorrow(world, 18))
    ok(await record_assessment(trial.journey, ATTENDED, session_feedback()))
    trial.journey.plan_id = await drafted_plan(trial.journey, 2)
    ok(await trial.journey.as_caseworker("POST", f"/draft-action-plan/{trial.journey.plan_id}/submit"), 201)
    await check_session(trial)
    await check_withdrawal(trial)
