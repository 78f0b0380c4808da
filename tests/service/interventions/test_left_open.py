"""Referrals whose end was asked for before that concluded them are concluded at night."""

from __future__ import annotations

from tests.service.interventions.journey import (
    ATTENDED,
    Journey,
    hold_session,
    planned_referral,
    sent_referral,
    session_feedback,
)
from tests.world import World


async def left_open(journey: Journey) -> None:
    """Make it look as old records do."""
    await journey.world.fetch(
        "update interventions.referral set end_requested_at = sent_at, end_requested_by = sent_by,"
        " withdrawal_code = 'MOV' where id::text = $1",
        journey.referral_id,
    )


async def test_what_has_nothing_left_to_do_is_concluded_once(world: World) -> None:
    ended, running = await sent_referral(world), await sent_referral(world)
    delivered = await planned_referral(world)
    await hold_session(delivered, 1, ATTENDED, session_feedback())
    for one in (ended, delivered):
        await left_open(one)
    jobs = world.host.runtimes["interventions"].jobs
    for _ in range(2):
        assert await jobs.run_now("conclude-left-open") == "ok"
    assert (await ended.referral())["concludedAt"] is not None
    assert await ended.event_types() == ["referral.sent", "referral.concluded", "referral.ended"]
    assert {one["additionalInformation"].get("deliveryState") for one in await ended.events()} == {None, "CANCELLED"}
    for one in (running, delivered):
        assert (await one.referral())["concludedAt"] is None
        assert "referral.ended" not in await one.event_types()
