"""People with assessments, the readers of them, and who holds a referral."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
from starlette.types import Receive, Scope, Send

from tests.tokens import claims_of
from tests.world import World
from throughcare.seeding.accounts import CASEWORKERS, PRACTITIONERS

PRACTITIONER, OTHER = PRACTITIONERS[0].username, PRACTITIONERS[1].username
CASEWORKER, OTHER_CASEWORKER = CASEWORKERS[0].username, CASEWORKERS[1].username
SYSTEM, WRITER = "ROLE_ARNS__RISKS__RO", "ROLE_ARNS__ASSESSMENTS__RW"
CASES = "ROLE_PROBATION_API__CASES__RW"

Json = dict[str, Any]
_signed_in: dict[tuple[int, str], tuple[httpx2.AsyncClient, datetime]] = {}


class Referrals:
    """The interventions service, as far as it is asked whether a user may see a referral: 200, 403 or 404."""

    def __init__(self) -> None:
        self.held: dict[str, set[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.down = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the user whose token the request carries."""
        referral_id = str(scope["path"]).rpartition("/sent-referral/")[2]
        token = dict(scope["headers"])[b"authorization"].decode().removeprefix("Bearer ")
        username = str(claims_of(token).get("user_name"))
        self.asked.append((username, referral_id))
        holders = self.held.get(referral_id)
        status = 503 if self.down else 404 if holders is None else 200 if username in holders else 403
        body = {"id": referral_id} if status == 200 else {"status": status, "errorCode": "X"}
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})


async def signed_in(world: World, username: str) -> httpx2.AsyncClient:
    """A client with this person's token, signed in anew when business time has moved on."""
    held, now = _signed_in.get((id(world), username)), world.clock.now()
    if held is None or not timedelta(0) <= now - held[1] < timedelta(minutes=10):
        held = _signed_in[id(world), username] = (await world.signed_in(username, "risks_and_needs"), now)
    return held[0]


async def system(world: World, *roles: str) -> httpx2.AsyncClient:
    """A client with a machine's token that holds ``roles``, by default that of systems which read risk."""
    return await world.client("risks_and_needs", roles=roles or [SYSTEM])


async def open_case(world: World, **limits: Any) -> str:
    """The CRN of a new case, with the given limits."""
    client = await world.client("probation", roles=[CASES])
    body = {"name": {"forename": "Jo", "surname": "Bloggs"}, "dateOfBirth": "1990-02-03", "gender": "Female"}
    reply = await client.post("/probation-cases", json=body)
    assert reply.status_code == 201, reply.text
    crn = str(reply.json()["crn"])
    if limits:
        reply = await client.put(f"/probation-case/{crn}/access-limitations", json=limits)
        assert reply.status_code == 200, reply.text
    return crn


def ago(world: World, **span: float) -> str:
    """A moment so long before now."""
    return (world.clock.now() - timedelta(**span)).isoformat()


def assessment(**changes: Any) -> Json:
    """A full assessment in which everything was found."""
    concern = {"risk": "YES", "previous": "YES", "previousConcernsText": "In 2019", "current": "NO",
               "currentConcernsText": "Not to be shown"}  # fmt: skip
    return {
        "rosh": {
            "riskInCommunity": {"Children": "LOW", "Public": "HIGH", "Known Adult": "HIGH", "Staff": "MEDIUM"},
            "riskInCustody": {"Staff": "VERY_HIGH", "Prisoners": "MEDIUM"},
            "texts": {"whoIsAtRisk": "Neighbours", "natureOfRisk": "Assault", "riskImminence": "When drunk",
                      "riskIncreaseFactors": "Alcohol", "riskMitigationFactors": "Work",
                      "analysisOfRiskFactors": "Reviewed"},
            "riskToSelf": {"suicide": concern, "hostelSetting": {"risk": "DK"}, "vulnerability": {"risk": "NO"}},
            "otherRisks": {"escapeOrAbscond": "NO", "breachOfTrust": "YES"},
        },
        **changes,
    }  # fmt: skip


async def put_assessment(world: World, crn: str, body: Json) -> httpx2.Response:
    """The answer to an assessment that is recorded."""
    return await (await system(world, WRITER)).put(f"/assessments/crn/{crn}", json=body)


async def record(world: World, crn: str, **changes: Any) -> int:
    """The id of an assessment that is recorded as completed now unless ``changes`` say otherwise."""
    reply = await put_assessment(world, crn, assessment(**changes))
    assert reply.status_code == 200, reply.text
    return int(reply.json()["assessmentId"])


def supplementary(crn: str, world: World, **changes: Any) -> Json:
    """What a practitioner writes for a referral."""
    return {
        "source": "INTERVENTION_REFERRAL",
        "sourceId": str(uuid4()),
        "crn": crn,
        "createdByUserType": "delius",
        "createdDate": world.clock.now().replace(tzinfo=None).isoformat(timespec="seconds"),
        "riskSummaryComments": "May be anxious in groups",
        "redactedRisk": {"riskWho": "Staff", "concernsHostel": "Shares badly"},
        **changes,
    }


async def hold_referral(world: World, referrals: Referrals, crn: str, *usernames: str) -> str:
    """The id of a referral of the person, with supplementary risk, that these provider users may see."""
    body = supplementary(crn, world)
    reply = await (await signed_in(world, PRACTITIONER)).post("/risks/supplementary", json=body)
    assert reply.status_code == 201, reply.text
    referrals.held[body["sourceId"]] = set(usernames)
    return str(body["sourceId"])
