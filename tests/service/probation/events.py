"""Events of other services, put on the topic as they would."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.world import World
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Outgoing

QUEUE = "probation_domain_events"
SESSION_FEEDBACK = "intervention.session-appointment.session-feedback-submitted"
ASSESSMENT_FEEDBACK = "intervention.initial-assessment-appointment.session-feedback-submitted"


async def publish(
    world: World, event_type: str, crn: str | None = None, *, detail_url: str = "", at: datetime | None = None,
    event_id: str | None = None, **information: Any,
) -> str:  # fmt: skip
    """Put a domain event on the topic; its id."""
    chosen = event_id or str(new_id())
    body: dict[str, Any] = {
        "eventType": event_type,
        "version": 1,
        "description": "Something happened",
        "occurredAt": (at or world.clock.now()).isoformat(),
        "eventId": chosen,
        "detailUrl": f"http://throughcare.test/interventions-service{detail_url}",
        "additionalInformation": information,
    }
    if crn is not None:
        body["personReference"] = {"identifiers": [{"type": "CRN", "value": crn}]}
    message = Outgoing(str(new_id()), json.dumps(body), {"eventType": event_type})
    assert all(one.ok for one in await world.host.bus.publish("domain_events", [message]))
    return chosen


async def end(world: World, crn: str, referral_id: str, state: str = "COMPLETED", **changes: Any) -> str:
    """Announce that a referral ended; the event's id."""
    return await publish(
        world, "intervention.referral.ended", crn, detail_url=f"/sent-referral/{referral_id}",
        **{
            "deliveryState": state, "referralId": referral_id, "withdrawalCode": "",
            "referralURN": f"urn:hmpps:interventions-referral:{referral_id}",
            "referralProbationUserURL": "http://throughcare.test/probation-practitioner/referrals/1/details",
            **changes,
        },
    )  # fmt: skip


async def feedback(world: World, crn: str, referral_id: str, *, session: int | None = 1, **changes: Any) -> str:
    """Announce feedback on a session, or on the supplier assessment when there is no number; the event's id."""
    assessment = f"/sent-referral/{referral_id}/supplier-assessment"
    return await publish(
        world, ASSESSMENT_FEEDBACK if session is None else SESSION_FEEDBACK, crn,
        detail_url=assessment if session is None else f"/referral/{referral_id}/sessions/{session}",
        **{
            "serviceUserCRN": crn, "referralId": referral_id, "referralReference": "AB1234ED",
            "contractTypeName": "Education", "primeProviderName": "Achieve",
            "referralProbationUserURL": "http://throughcare.test/probation-practitioner/referrals/1/session/1",
            **changes,
        },
    )  # fmt: skip


async def refusals(world: World) -> list[tuple[str, str]]:
    """Reason and detail of every dead letter of the case record, oldest first."""
    return [(dead.reason, dead.detail) for dead in await world.host.bus.dead(QUEUE)]
