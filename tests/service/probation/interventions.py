"""The interventions service, as far as the case record asks it: answers in its own shapes, held to its schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jsonschema
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from throughcare.services.interventions.assessment.schemas import SupplierAssessment
from throughcare.services.interventions.overview.schemas import SentReferral
from throughcare.services.interventions.session.schemas import DeliverySession

Json = dict[str, Any]

REFERRAL = re.compile(r"/sent-referral/([^/]+)")
ASSESSMENT = re.compile(r"/sent-referral/([^/]+)/supplier-assessment")
SESSION = re.compile(r"/referral/([^/]+)/sessions/(\d+)")


class Interventions:
    """An application that knows the referrals, sessions and assessments that a test told it of."""

    def __init__(self) -> None:
        self.referrals: dict[str, Json] = {}
        self.sessions: dict[tuple[str, str], Json] = {}
        self.assessments: dict[str, Json] = {}
        self.down = False

    def ended(self, referral_id: str, **changes: Any) -> None:
        """Let a referral be over: concluded at ``concludedAt``, or asked to end at ``endRequestedAt``."""
        self.referrals[referral_id] = _held_to(SentReferral, {
            "id": referral_id,
            "referenceNumber": "AB1234ED",
            "referral": {"serviceProvider": {"name": "Achieve"}, "contractTypeName": "Education"},
            **changes,
        })  # fmt: skip

    def session(self, referral_id: str, number: int, current: Json | None, *earlier: Json) -> None:
        """Let a session have this current appointment, and others that came before."""
        now = {"appointmentId": current["id"], "appointmentFeedback": current["appointmentFeedback"]} if current else {}
        body = {"sessionNumber": number, "oldAppointments": list(earlier), **now}
        self.sessions[referral_id, str(number)] = _held_to(DeliverySession, body)

    def assessment(self, referral_id: str, *appointments: Json) -> None:
        """Let the supplier assessment of a referral have these appointments."""
        body = {"referralId": referral_id, "appointments": list(appointments)}
        self.assessments[referral_id] = _held_to(SupplierAssessment, body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one question: 503 when down, 404 when nothing is known."""
        body = None if self.down else self._find(str(scope["path"]).removeprefix("/interventions-service"))
        status = 503 if self.down else 200 if body is not None else 404
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body or {}).encode()})

    def _find(self, path: str) -> Json | None:
        if found := SESSION.fullmatch(path):
            return self.sessions.get((found[1], found[2]))
        if found := ASSESSMENT.fullmatch(path):
            return self.assessments.get(found[1])
        found = REFERRAL.fullmatch(path)
        return self.referrals.get(found[1]) if found else None


def appointment_with(appointment_id: str, attended: str | None, *, at: datetime, **changes: Any) -> Json:
    """An appointment of a session or assessment; with an ``attended`` answer its feedback is final."""
    happened = changes.pop("didSessionHappen", attended != "no")
    attendance = {"attended": attended, "didSessionHappen": happened, "submittedAt": at.isoformat()}
    return {
        "id": appointment_id,
        "appointmentFeedback": {
            "attendanceFeedback": attendance if attended else {},
            "sessionFeedback": changes,
            "submitted": attended is not None,
        },
    }


def _held_to(model: type[BaseModel], body: Json) -> Json:
    """``body``, which may leave fields out, but says nothing that the real service could not say."""
    schema = model.model_json_schema(by_alias=True, mode="serialization")
    jsonschema.validate(body, _partial(schema))
    return body


def _partial(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_partial(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {name: _partial(one) for name, one in schema.items() if name != "required" or not isinstance(one, list)}
    return {**made, "additionalProperties": False} if isinstance(schema.get("properties"), Mapping) else made
