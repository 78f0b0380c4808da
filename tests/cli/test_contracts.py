"""Keepers of contracts work from the command line."""

from __future__ import annotations

from tests.cli.conftest import Ask
from tests.service.interventions.journey import sent_referral
from tests.service.interventions.test_transfers import contract_like
from tests.world import World
from throughcare.seeding.accounts import DEMO_CONTRACT


async def test_referrals_are_moved_once_somebody_says_go(ask: Ask, world: World) -> None:
    journey = await sent_referral(world)
    reference, target = (await journey.referral())["referenceNumber"], await contract_like(world, "ETE")
    command = ("transfer", DEMO_CONTRACT, target, reference, "--reason", "New provider")
    looked = await ask(*command)
    assert (looked.code, reference in looked.out, "--go" in looked.out) == (0, True, True), looked.err
    assert (await journey.referral())["interventionId"] == journey.intervention["id"]
    done = await ask(*command, "--go")
    assert (done.code, f"moved to {target}" in done.out) == (0, True), done.err
    again = await ask(*command, "--go")
    assert (again.code, again.out) == (1, "")
    assert f"{reference} is not under {DEMO_CONTRACT}" in again.err
