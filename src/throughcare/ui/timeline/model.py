"""What happened to a referral, as its page tells it: in words, with a link to the page of each thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from throughcare.kit.web.wording import words
from throughcare.ui.change.model import as_read
from throughcare.ui.peers.messages import Message
from throughcare.ui.peers.timeline import Happened, HappenedAppointment
from throughcare.ui.progress.model import Link, feedback_path
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.withdrawal.model import ENDED_BECAUSE

GROUPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "referral": ("Referral", frozenset({"SENT", "ASSIGNED", "REASSIGNED", "END_REQUESTED", "CONCLUDED"})),
    "appointments": (
        "Appointments",
        frozenset({
            "APPOINTMENT_BOOKED", "APPOINTMENT_MOVED", "APPOINTMENT_HELD", "APPOINTMENT_MISSED", "APPOINTMENT_NOT_HELD",
        }),
    ),
    "feedback": ("Feedback and concerns", frozenset({"FEEDBACK", "CONCERNS"})),
    "plan": ("Action plan", frozenset({"PLAN_BEGUN", "PLAN_SUBMITTED", "PLAN_APPROVED"})),
    "report": ("End of service report", frozenset({"REPORT_SUBMITTED"})),
    "changes": ("Changes", frozenset({"AMENDED"})),
    "case-notes": ("Case notes", frozenset({"CASE_NOTE"})),
    "messages": ("Messages", frozenset({"NOTIFICATION"})),
}  # fmt: skip
"""What can be shown alone: how links call it, what people call it, and the kinds of things that belong to it."""
ANYBODY = ""


@dataclass(frozen=True)
class Line:
    """One thing that happened. ``before`` and ``after`` are the values of a change."""

    happened: Happened
    title: str
    by: str
    link: Link
    text: str = ""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    message: Message | None = None


@dataclass(frozen=True)
class Filter:
    """A link that shows part of the list, and how many things there are in it."""

    text: str
    href: str
    count: int
    current: bool


@dataclass(frozen=True)
class Wanted:
    """What the reader chose to see: one group, what one person did, or everything."""

    group: str = ""
    author: str = ANYBODY

    def shows(self, one: Happened) -> bool:
        """Whether the reader sees it."""
        return (not self.group or one.kind in GROUPS[self.group][1]) and (
            not self.author or (one.by is not None and one.by.user_id == self.author)
        )

    def path(self, base: str) -> str:
        """Where that is shown."""
        chosen = {name: value for name, value in (("show", self.group), ("by", self.author)) if value}
        return f"{base}?{urlencode(chosen)}" if chosen else base


def wanted_of(show: str, by: str) -> Wanted:
    """What an address asks for; an unknown group is none."""
    return Wanted(show if show in GROUPS else "", by)


def group_filters(items: Sequence[Happened], wanted: Wanted, base: str) -> list[Filter]:
    """A link for everything, and one for each group of which anything happened."""
    found = []
    for key, text in (("", "Everything"), *((key, text) for key, (text, _) in GROUPS.items())):
        one = Wanted(key, wanted.author)
        count = sum(map(one.shows, items))
        if count or not key or key == wanted.group:
            found.append(Filter(text, one.path(base), count, key == wanted.group))
    return found


def author_filters(
    items: Sequence[Happened], wanted: Wanted, base: str, names: Mapping[str, str]
) -> list[Filter]:  # fmt: skip
    """A link for everybody, and one for each person who did anything, by their names."""
    people = {one.by.user_id: names[one.by.username] for one in items if one.by is not None}
    found = []
    for key, text in ((ANYBODY, "Anybody"), *sorted(people.items(), key=lambda person: person[1])):
        one = Wanted(wanted.group, key)
        found.append(Filter(text, one.path(base), sum(map(one.shows, items)), key == wanted.author))
    return found


def line_of(one: Happened, frame: Frame, names: Mapping[str, str], prisons: Mapping[str, str]) -> Line:
    """What happened, in words."""
    title, text = _told(one, names)
    before: list[str] = []
    after: list[str] = []
    if one.change is not None:
        topic = one.change.topic
        before = [as_read(topic, value, prisons) for value in one.change.old_value]
        after = [as_read(topic, value, prisons) for value in one.change.new_value]
    by = names[one.by.username] if one.by else ""
    return Line(one, title, by, _link(one, frame), text, before, after, one.message)


def _told(one: Happened, names: Mapping[str, str]) -> tuple[str, str]:
    """The title, and the text below it."""
    if one.kind in _APPOINTMENTS and one.appointment is not None:
        return _APPOINTMENTS[one.kind](one.appointment), one.text
    if one.message is not None:
        return f"Message: {one.message.about}", f"To {one.message.name} ({one.message.whose})"
    if one.kind in {"ASSIGNED", "REASSIGNED"}:
        to = names[one.assigned_to.username] if one.assigned_to else "a caseworker"
        return f"{one.kind.capitalize()} to {to}", one.text
    if one.kind == "END_REQUESTED":
        because = ENDED_BECAUSE.get(one.code or "")
        what = "closed early" if one.code == "EAR" else "withdrawn"
        return f"Referral {what}{f' because {because}' if because else ''}", one.text
    titles = {
        "SENT": "Referral sent", "AMENDED": f"{one.change.description if one.change else 'Referral'} changed",
        "CASE_NOTE": f"Case note: {one.subject}", "PLAN_BEGUN": f"Action plan version {one.version} begun",
        "PLAN_SUBMITTED": f"Action plan version {one.version} submitted",
        "PLAN_APPROVED": f"Action plan version {one.version} approved", "CONCLUDED": "Referral concluded",
        "REPORT_SUBMITTED": "End of service report submitted",
    }  # fmt: skip
    return titles.get(one.kind, one.kind.replace("_", " ").capitalize()), one.text


def _what(held: HappenedAppointment) -> str:
    return f"Session {held.session_number}" if held.session_number else "Supplier assessment appointment"


def _at(held: HappenedAppointment) -> str:
    return words(held.appointment_time)


_APPOINTMENTS: Mapping[str, Callable[[HappenedAppointment], str]] = {
    "APPOINTMENT_BOOKED": lambda held: f"{_what(held)} booked for {_at(held)}",
    "APPOINTMENT_MOVED": lambda held: f"{_what(held)} moved to {_at(held)}",
    "APPOINTMENT_HELD": lambda held: f"{_what(held)} took place",
    "APPOINTMENT_MISSED": lambda held: f"{_what(held)} was missed",
    "APPOINTMENT_NOT_HELD": lambda held: f"{_what(held)} did not take place",
    "FEEDBACK": lambda held: f"Feedback added: {_what(held).lower()}",
    "CONCERNS": lambda held: f"Concerns flagged: {_what(held).lower()}",
}


def _link(one: Happened, frame: Frame) -> Link:
    """The page that tells more of it."""
    if one.appointment is not None:
        booked = one.kind in {"APPOINTMENT_BOOKED", "APPOINTMENT_MOVED"}
        text = "View appointment" if booked else "View feedback"
        return Link(text, _appointment(one, one.appointment, frame, booked=booked))
    side, progress, plan = frame.side.value, frame.path(), f"/{frame.side.value}/action-plan/{one.id}"
    pages = {
        "AMENDED": ("View change", frame.path(f"changelog/{one.id}/details")),
        "CASE_NOTE": ("View case note", f"/{side}/case-note/{one.id}"),
        "PLAN_BEGUN": ("View progress", f"{progress}#plan"), "PLAN_SUBMITTED": ("View action plan", plan),
        "PLAN_APPROVED": ("View action plan", plan),
        "REPORT_SUBMITTED": ("View report", f"/{side}/end-of-service-report/{one.id}"),
        "NOTIFICATION": ("View messages", f"{progress}#messages"), "END_REQUESTED": ("View progress", progress),
        "CONCLUDED": ("View progress", progress),
    }  # fmt: skip
    return Link(*pages.get(one.kind, ("View referral details", frame.path("details"))))


def _appointment(one: Happened, held: HappenedAppointment, frame: Frame, *, booked: bool) -> str:
    number = held.session_number
    if number is None:
        end = f"appointment/{one.id}" if booked else f"post-assessment-feedback/{one.id}"
        return frame.path(f"supplier-assessment/{end}")
    if booked or (held.action_plan_id is None and frame.side is Side.PROVIDER):
        return frame.path(f"session/{number}/appointment/{one.id}")
    return feedback_path(frame, held.action_plan_id, number, one.id)
