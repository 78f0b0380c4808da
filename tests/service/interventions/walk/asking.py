"""What is asked at random: bookings, attendance, feedback. Mostly what people would ask, sometimes what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.service.interventions.journey import Json, absence_feedback, london_time, session_feedback
from tests.service.interventions.walk.appointments import BEHAVIOUR, CONCERNS, REASON_TEXTS, Appointment, Request

ATTENDANCES: tuple[tuple[str | None, bool | None], ...] = (
    ("yes", True), ("yes", True), ("yes", True), ("yes", True), ("yes", False), ("no", False), ("no", False),
    ("late", True), ("no", True), ("late", False), ("yes", None), ("no", None), (None, None), (None, True),
)  # fmt: skip
OFFICES = ("CRS0032", "CRS0032", "CRS0032", "CRS0005", None)
HOURS = (9, 10, 11, 14, 15, 16)


def chance_of(chance: Random, likelihood: float) -> bool:
    """Whether something that is this likely happens."""
    return chance.random() < likelihood


def attendance(chance: Random) -> tuple[str | None, bool | None]:
    """Whether the person came, and whether there was a session."""
    return chance.choice(ATTENDANCES)


def feedback(chance: Random, attended: str | None, happened: bool | None) -> dict[str, Any]:
    """An account that mostly answers the right questions and is mostly complete."""
    if not chance_of(chance, 0.9):
        attended, happened = chance.choice(ATTENDANCES)
    given = _account(chance, attended, happened)
    if chance_of(chance, 0.4):
        given |= {CONCERNS: True, "sessionConcerns": "Drinking"}
    if chance_of(chance, 0.3):
        given |= {BEHAVIOUR: True, "sessionBehaviour": "Rude"}
    if chance_of(chance, 0.12) and attended != "late":
        given.pop(chance.choice(sorted(given)))
    return given


def _account(chance: Random, attended: str | None, happened: bool | None) -> dict[str, Any]:
    if happened is not False:
        late = {"late": True, "lateReason": "The bus"} if chance_of(chance, 0.3) else {}
        return session_feedback(**late)
    if attended == "no":
        return absence_feedback()
    reason = chance.choice(sorted(REASON_TEXTS))
    return {"noSessionReasonType": reason, REASON_TEXTS[reason]: "Because", CONCERNS: False}


def booking(chance: Random, now: datetime, sent: datetime, held: Appointment | None) -> tuple[Request, Json]:
    """A request for an appointment, and its body."""
    asked = Request(_moment(chance, now, sent), office=chance.choice(OFFICES))
    if held is not None and chance_of(chance, 0.15):
        asked = replace(asked, at=held.at, minutes=held.minutes)
        asked = replace(asked, office=held.office) if chance_of(chance, 0.5) else asked
    if chance_of(chance, 0.1):
        asked = replace(asked, minutes=chance.choice((30, 30, 90, 0, -5, 1000)))
    past = asked.at.date() < now.date()
    if chance_of(chance, 0.85 if past else 0.05 if asked.at > now else 0.5):
        came = attendance(chance)
        account = feedback(chance, *came)
        if came != ("late", False) or "noSessionReasonType" in account:
            asked = replace(asked, attendance=came, feedback=account)
    if chance_of(chance, 0.5):
        asked = replace(asked, requested_by=chance.choice(("Service Provider", "Jo Bloggs")))
    return _with_place(chance, asked)


def _moment(chance: Random, now: datetime, sent: datetime) -> datetime:
    kind, hour = chance.random(), chance.choice(HOURS)
    if kind < 0.6:
        return london_time(now + timedelta(days=chance.randrange(1, 6)), hour)
    if kind < 0.75:
        return london_time(now, hour)
    if kind < 0.93:
        return london_time(max(now - timedelta(days=chance.randrange(1, 4)), sent), hour)
    return london_time(now + timedelta(days=200), hour) if kind < 0.96 else london_time(sent - timedelta(days=2), hour)


def _with_place(chance: Random, asked: Request) -> tuple[Request, Json]:
    body: Json = {
        "appointmentTime": asked.at.isoformat(), "durationInMinutes": asked.minutes, "npsOfficeCode": asked.office,
        "appointmentDeliveryType": "IN_PERSON_MEETING_PROBATION_OFFICE" if asked.office else "PHONE_CALL",
        "sessionType": "ONE_TO_ONE", "rescheduleRequestedBy": asked.requested_by,
    }  # fmt: skip
    if asked.attendance is not None:
        came, happened = asked.attendance
        body |= {"attendanceFeedback": {"attended": came, "didSessionHappen": happened}}
        body |= {"sessionFeedback": asked.feedback}
    wrongs: tuple[tuple[Json, tuple[str, str]], ...] = (
        ({"appointmentDeliveryType": "IN_PERSON_MEETING_PROBATION_OFFICE", "npsOfficeCode": None},
         ("npsOfficeCode", "CANNOT_BE_EMPTY")),
        ({"appointmentDeliveryType": "IN_PERSON_MEETING_OTHER"}, ("appointmentDeliveryAddress", "CANNOT_BE_EMPTY")),
        ({"appointmentDeliveryType": "IN_PERSON_MEETING_OTHER",
          "appointmentDeliveryAddress": {"firstAddressLine": "1 High Street", "postCode": "nowhere"}},
         ("appointmentDeliveryAddress.postCode", "INVALID_FORMAT")),
    )  # fmt: skip
    if chance_of(chance, 0.06):
        change, problem = chance.choice(wrongs)
        return replace(asked, place_problems=(problem,)), body | change
    if chance_of(chance, 0.1):
        group = {"sessionType": "GROUP"}
        return replace(asked, session_type="GROUP"), body | group
    return asked, body
