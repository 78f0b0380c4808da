"""Feedback between the pages and the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from throughcare.ui.feedback.schemas import BEHAVIOUR, CONCERNS, NOTHING
from throughcare.ui.peers.delivery import Attendance, Feedback, SessionFeedback

REASONS = {
    "POP_ACCEPTABLE": "could not take part in the session, for example because of illness or a crisis",
    "POP_UNACCEPTABLE": "did not comply, for example was disruptive or did not engage",
    "LOGISTICS": "of a problem with the service provider or with logistics, for example the room or a fire alarm",
}
SESSION_FIELDS = tuple(SessionFeedback.model_fields)


def because(person: str) -> list[tuple[str, str]]:
    """Why a session did not happen although the person came, as answers to choose from."""
    whose = {"LOGISTICS": "Because"}
    return [(code, f"{whose.get(code, f'Because {person}')} {text}") for code, text in REASONS.items()]


def attendance_of(words: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers of the page about attendance."""
    recorded = Attendance.model_validate(words)
    happened = recorded.did_session_happen
    return {"did_session_happen": _yes_no(happened), "attended": recorded.attended if happened is False else None}


def recorded(did_session_happen: str, attended: str) -> dict[str, Any]:
    """Attendance as the service takes it: a session that happened was attended."""
    happened = did_session_happen == "yes"
    return {"didSessionHappen": happened, "attended": "yes" if happened else attended}


def session_answers(feedback: SessionFeedback) -> dict[str, Any]:
    """Feedback as the pages ask for it."""
    values: dict[str, Any] = {name: getattr(feedback, name) for name in SESSION_FIELDS}
    behaved = feedback.notify_probation_practitioner_of_behaviour
    concerned = feedback.notify_probation_practitioner_of_concerns
    told = [name for name, said in ((BEHAVIOUR, behaved), (CONCERNS, concerned)) if said]
    nothing = [NOTHING] if behaved is False and concerned is False else []
    return {**values, "late": _yes_no(feedback.late), "notify": told or nothing, "concerned": _yes_no(concerned)}


def given(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a page as the service takes them; what was not asked stays empty."""
    told = answers.get("notify_probation_practitioner")
    several = isinstance(told, list)
    body: dict[str, Any] = {
        _camel(name): answers[name] or None for name in SESSION_FIELDS if name in answers and name not in {"late"}
    }
    if "late" in answers:
        body["late"] = answers["late"] == "yes"
    body["notifyProbationPractitionerOfConcerns"] = CONCERNS in (told or ()) if several else told == "yes"
    if several:
        body["notifyProbationPractitionerOfBehaviour"] = BEHAVIOUR in (told or ())
    return body


def practitioner_is_told(feedback: Feedback) -> bool:
    """Whether somebody is written to as soon as this feedback is sent."""
    said, came = feedback.session_feedback, feedback.attendance_feedback
    flagged = said.notify_probation_practitioner_of_behaviour or said.notify_probation_practitioner_of_concerns
    return bool(flagged) or came.attended == "no"


def from_words(words: Mapping[str, Any]) -> Feedback:
    """Feedback that is kept with a booking in the past."""
    return Feedback.model_validate(
        {
            "attendanceFeedback": words.get("attendance", {}), "sessionFeedback": words.get("feedback", {}),
            "submitted": False,
        }
    )  # fmt: skip


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(one.title() for one in rest)


def _yes_no(said: bool | None) -> str | None:
    return None if said is None else "yes" if said else "no"
