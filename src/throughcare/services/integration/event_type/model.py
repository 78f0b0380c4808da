"""The integration event types: which domain events lead to which endpoint of the integration API.

A type is one row of ``EVENT_TYPES``. Order matters: types are tried, and notifications stored, in this order.
Names, paths and conditions are those of the public ``ministryofjustice/hmpps-integration-api`` (package ``events``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Facts(Protocol):
    """What a condition may ask of a domain event."""

    @property
    def event_type(self) -> str:
        """The domain event's name."""

    @property
    def register_type_code(self) -> str | None:
        """The code of a registration. Raises NoAdditionalInformation when the event says nothing more at all."""

    @property
    def reason(self) -> str | None:
        """Why a prisoner was received or released."""

    @property
    def categories_changed(self) -> frozenset[str]:
        """Which parts of a prisoner's record changed."""

    @property
    def is_mappa_contact(self) -> bool:
        """Whether a contact event belongs to a MAPPA category, 1 to 4."""

    @property
    def is_completed_assessment(self) -> bool:
        """Whether the assessment is complete."""


@dataclass(frozen=True)
class Condition:
    """What must be true of a domain event: in words, for the public page, and as a test."""

    words: str
    holds: Callable[[Facts], bool]


@dataclass(frozen=True)
class Trigger:
    """Domain events, and what must be true of one of them."""

    events: frozenset[str]
    condition: Condition | None = None

    def fires(self, facts: Facts) -> bool:
        """Whether the event is one of these and meets the condition."""
        return facts.event_type in self.events and (self.condition is None or self.condition.holds(facts))


@dataclass(frozen=True)
class EventType:
    """A kind of notification: the endpoint whose data changed, what triggers it, and the flag that guards it."""

    name: str
    path: str
    triggers: tuple[Trigger, ...]
    flag: str | None = None

    def matches(self, facts: Facts) -> bool:
        """Whether the domain event leads to this type, flags apart."""
        return any(trigger.fires(facts) for trigger in self.triggers)

    @property
    def domain_events(self) -> frozenset[str]:
        """Every domain event that can lead to this type."""
        return frozenset().union(*(trigger.events for trigger in self.triggers))

    @property
    def title(self) -> str:
        """The name in words, as the public page has it."""
        if self.name in _TITLES:
            return _TITLES[self.name]
        return " ".join(_TITLE_WORDS.get(word, word.capitalize()) for word in self.name.split("_"))


_TITLE_WORDS = {word: word for word in ("MAPPA", "IEP", "PLP", "SAN")} | {"AND": "and", "OF": "of"}
_TITLES = {
    "ASSESSMENT_SUMMARY_CHANGE": "Assessment Summary Changed",
    "PRISONER_NON_ASSOCIATIONS_CHANGED": "Prisoner Non-Associations Changed",
}


def _names(prefix: str, words: str) -> frozenset[str]:
    return frozenset(prefix + word for word in words.split())


REGISTRATION = _names("probation-case.registration.", "added updated deleted deregistered")
PROBATION_PERSON = _names("probation-case.", "engagement.created prison-identifier.added")
SENTENCE = _names("probation-case.sentence.", "created amended terminated unterminated deleted moved")
PRISONER_UPDATED = _names("prisoner-offender-search.prisoner.", "updated")
NEW_PRISONER = _names("prisoner-offender-search.prisoner.", "created received")
PRISONER = NEW_PRISONER | PRISONER_UPDATED
MERGED = _names("prison-offender-events.prisoner.", "merged")
NEW_PERSON = PROBATION_PERSON | NEW_PRISONER
PERSON = PROBATION_PERSON | PRISONER | MERGED | SENTENCE
KEY_DATES = _names(
    "", "prisoner-offender-search.prisoner.released prison-offender-events.prisoner.released "
    "calculate-release-dates.prisoner.changed",
)  # fmt: skip
ADDRESS = _names("probation-case.address.", "created updated deleted")
CONTACTS = _names(
    "prison-offender-events.prisoner.", "contact-added contact-approved contact-unapproved contact-removed"
)
IEP = _names("incentives.iep-review.", "inserted updated deleted")
VISITOR_RESTRICTION = _names("prison-offender-events.prisoner.person-restriction.", "upserted deleted")
VISIT = _names("prison-visit.", "booked changed cancelled")
ALERT = _names("person.alert.", "created changed updated deleted")
CASE_NOTE = _names("person.case-note.", "created updated deleted")
RESPONSIBLE_OFFICER = _names(
    "", "person.community.manager.allocated person.community.manager.transferred probation.staff.updated"
)
ADJUDICATION = _names(
    "adjudication.", "hearing.created hearing.deleted hearingCompleted.created punishments.created report.created"
)
LOCATION = _names("location.inside.prison.", "created amended deleted deactivated reactivated")
CAPACITY = _names("location.inside.prison.", "created deleted deactivated reactivated signed-op-cap.amended")
LICENCE = _names("create-and-vary-a-licence.licence.", "activated inactivated")
RISK_SCORE = _names(
    "", "probation-case.risk-scores.ogrs.manual-calculation risk-assessment.scores.ogrs.determined "
    "risk-assessment.scores.rsr.determined",
)  # fmt: skip
CONTACT_CREATED = _names(
    "probation-case.", "mappa-export.created mappa-information.created assessment-summary.created "
    "cas3-booking.created supervision-appointment.created supervision.created",
)  # fmt: skip
CONTACT_CHANGED = _names(
    "probation-case.", "mappa-information.updated mappa-export.terminated mappa-information.deleted"
)
ASSESSMENT = frozenset({"assessment.summary.produced"})
RECEIVED = _names("prison-offender-events.prisoner.", "received")
RELEASED = _names("prison-offender-events.prisoner.", "released")
NON_ASSOCIATION = _names("prison-offender-events.prisoner.non-association-detail.", "changed")
ACCESS_LIMITATION = _names("probation-case.", "exclusion.updated restriction.updated")

DYNAMIC_RISKS = frozenset(["RCCO", "RCPR", "RVAD", "STRG", "AVIS", "WEAP", "RLRH", "RMRH", "RHRH"])
PROBATION_STATUS = frozenset({"ASFO", "WRSM"})
MAPPA_DETAIL = frozenset({"MAPP"})

LANGUAGES_FLAG = "person-languages-changed-notifications-enabled"
BASE_LOCATION_FLAG = "prisoner-base-location-changed-notifications-enabled"
MERGE_FLAG = "prisoner-merge-notifications-enabled"
CONTACT_EVENTS_FLAG = "contact-events-notifications-enabled"
LIMITED_ACCESS_FLAG = "limited-access-notifications-enabled"
ASSESSMENT_SUMMARY_FLAG = "use-assessment-summary-endpoint"


def _on(*events: frozenset[str]) -> tuple[Trigger, ...]:
    return (Trigger(frozenset().union(*events)),)


def _registered(codes: frozenset[str]) -> tuple[Trigger, ...]:
    condition = Condition(f"the register type is {_any_of(codes)}", lambda facts: facts.register_type_code in codes)
    return (Trigger(REGISTRATION, condition),)


def _because(events: frozenset[str], *reasons: str) -> Trigger:
    return Trigger(events, Condition(f"the reason is {_any_of(reasons)}", lambda facts: facts.reason in reasons))


def _updated(*categories: str) -> Trigger:
    words = f"the categories changed hold {_any_of(categories)}"
    return Trigger(
        PRISONER_UPDATED, Condition(words, lambda facts: not facts.categories_changed.isdisjoint(categories))
    )


def _any_of(codes: Iterable[str]) -> str:
    *first, last = sorted(codes)
    return f"{', '.join(first)} or {last}" if first else last


_COMPLETE = Condition("the assessment is complete", lambda facts: facts.is_completed_assessment)
_MAPPA = Condition("the contact has a MAPPA category, 1 to 4", lambda facts: facts.is_mappa_contact)
_ASSESSED = (Trigger(ASSESSMENT, _COMPLETE),)
_NEW = Trigger(NEW_PERSON)
_BASE_LOCATION = (_because(RECEIVED, "ADMISSION", "TRANSFERRED"), _because(RELEASED, "RELEASED"))


def _mappa(events: frozenset[str]) -> tuple[Trigger, ...]:
    return (Trigger(events, _MAPPA),)


P, PRISON, PRISONERS = "v1/persons/{hmppsId}", "v1/prison/{prisonId}", "v1/prison/prisoners"

EVENT_TYPES: tuple[EventType, ...] = (
    EventType("DYNAMIC_RISKS_CHANGED", f"{P}/risks/dynamic", _registered(DYNAMIC_RISKS)),
    EventType("PROBATION_STATUS_CHANGED", f"{P}/status-information", _registered(PROBATION_STATUS)),
    EventType("MAPPA_DETAIL_CHANGED", f"{P}/risks/mappadetail", _registered(MAPPA_DETAIL)),
    EventType("RISK_SCORE_CHANGED", f"{P}/risks/scores", _on(RISK_SCORE)),
    EventType("PRISONER_BASE_LOCATION_CHANGED", f"{P}/prisoner-base-location", _BASE_LOCATION, BASE_LOCATION_FLAG),
    EventType(
        "KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE",
        f"{P}/sentences/latest-key-dates-and-adjustments",
        _on(NEW_PERSON, KEY_DATES),
    ),
    EventType("LICENCE_CONDITION_CHANGED", f"{P}/licences/conditions", _on(LICENCE)),
    EventType("RISK_OF_SERIOUS_HARM_CHANGED", f"{P}/risks/serious-harm", _ASSESSED),
    EventType("ASSESSMENT_SUMMARY_CHANGE", f"{P}/assessment-summary", _ASSESSED, ASSESSMENT_SUMMARY_FLAG),
    EventType("NEEDS_CHANGED", f"{P}/needs", _ASSESSED),
    EventType(
        "PLP_INDUCTION_SCHEDULE_CHANGED",
        f"{P}/plp-induction-schedule/history",
        _on(frozenset({"plp.induction-schedule.updated"})),
    ),
    EventType(
        "PLP_REVIEW_SCHEDULE_CHANGED", f"{P}/plp-review-schedule", _on(frozenset({"plp.review-schedule.updated"}))
    ),
    EventType(
        "SAN_PLAN_CREATION_SCHEDULE_CHANGED",
        f"{P}/education/san/plan-creation-schedule",
        _on(frozenset({"san.plan-creation-schedule.updated"})),
    ),
    EventType(
        "SAN_REVIEW_SCHEDULE_CHANGED",
        f"{P}/education/san/review-schedule",
        _on(frozenset({"san.review-schedule.updated"})),
    ),
    EventType("PERSON_STATUS_CHANGED", P, _on(PERSON)),
    EventType("PERSON_ADDRESS_CHANGED", f"{P}/addresses", _on(NEW_PERSON, ADDRESS)),
    EventType("PERSON_CONTACTS_CHANGED", f"{P}/contacts", _on(NEW_PERSON, CONTACTS)),
    EventType("PERSON_IEP_LEVEL_CHANGED", f"{P}/iep-level", _on(NEW_PERSON, IEP)),
    EventType(
        "PERSON_VISITOR_RESTRICTIONS_CHANGED", f"{P}/visitor/{{contactId}}/restrictions", _on(VISITOR_RESTRICTION)
    ),
    EventType(
        "PERSON_VISIT_RESTRICTIONS_CHANGED",
        f"{P}/visit-restrictions",
        _on(NEW_PERSON, frozenset({"prison-offender-events.prisoner.restriction.changed"})),
    ),
    EventType("PERSON_FUTURE_VISITS_CHANGED", f"{P}/visit/future", _on(VISIT)),
    EventType("PERSON_ALERTS_CHANGED", f"{P}/alerts", _on(NEW_PERSON, ALERT)),
    EventType("PERSON_CASE_NOTES_CHANGED", f"{P}/case-notes", _on(NEW_PERSON, CASE_NOTE)),
    EventType("PERSON_NAME_CHANGED", f"{P}/name", (_NEW, _updated("PERSONAL_DETAILS"))),
    EventType("PERSON_CELL_LOCATION_CHANGED", f"{P}/cell-location", (_NEW, _updated("LOCATION"))),
    EventType("PERSON_SENTENCES_CHANGED", f"{P}/sentences", (_NEW, _updated("SENTENCE"))),
    EventType(
        "PERSON_RESPONSIBLE_OFFICER_CHANGED", f"{P}/person-responsible-officer", _on(NEW_PERSON, RESPONSIBLE_OFFICER)
    ),
    EventType("PERSON_PROTECTED_CHARACTERISTICS_CHANGED", f"{P}/protected-characteristics", (_NEW,)),
    EventType("PERSON_REPORTED_ADJUDICATIONS_CHANGED", f"{P}/reported-adjudications", _on(NEW_PERSON, ADJUDICATION)),
    EventType("PERSON_NUMBER_OF_CHILDREN_CHANGED", f"{P}/number-of-children", (_NEW,)),
    EventType(
        "PERSON_PHYSICAL_CHARACTERISTICS_CHANGED", f"{P}/physical-characteristics", (_NEW, _updated("PHYSICAL_DETAILS"))
    ),
    EventType("PERSON_IMAGES_CHANGED", f"{P}/images", (_NEW,)),
    EventType("PRISONERS_CHANGED", PRISONERS, _on(PRISONER)),
    EventType("PRISONER_CHANGED", f"{PRISONERS}/{{hmppsId}}", _on(PRISONER)),
    EventType(
        "PERSON_EDUCATION_ASSESSMENTS_CHANGED", f"{P}/education/assessments", (_updated("SENTENCE", "LOCATION"),)
    ),
    EventType(
        "PRISONER_NON_ASSOCIATIONS_CHANGED",
        f"{PRISON}/prisoners/{{hmppsId}}/non-associations",
        _on(NEW_PRISONER, NON_ASSOCIATION),
    ),
    EventType("PRISON_VISITS_CHANGED", f"{PRISON}/visit/search", _on(VISIT)),
    EventType("PRISON_RESIDENTIAL_HIERARCHY_CHANGED", f"{PRISON}/residential-hierarchy", _on(LOCATION)),
    EventType("PRISON_LOCATION_CHANGED", f"{PRISON}/location/{{locationKey}}", _on(LOCATION)),
    EventType("PRISON_RESIDENTIAL_DETAILS_CHANGED", f"{PRISON}/residential-details", _on(LOCATION)),
    EventType("PRISON_CAPACITY_CHANGED", f"{PRISON}/capacity", _on(CAPACITY)),
    EventType("VISIT_CHANGED", "v1/visit/{visitReference}", _on(VISIT)),
    EventType(
        "CONTACT_EVENT_CREATED", f"{P}/contact-events/{{contactEventId}}", _mappa(CONTACT_CREATED), CONTACT_EVENTS_FLAG
    ),
    EventType(
        "CONTACT_EVENT_CHANGED", f"{P}/contact-events/{{contactEventId}}", _mappa(CONTACT_CHANGED), CONTACT_EVENTS_FLAG
    ),
    EventType("PERSON_HEALTH_AND_DIET_CHANGED", f"{P}/health-and-diet", (_NEW,)),
    EventType("PERSON_CARE_NEEDS_CHANGED", f"{P}/care-needs", (_NEW,)),
    EventType("PERSON_LANGUAGES_CHANGED", f"{P}/languages", (_NEW,), LANGUAGES_FLAG),
    EventType("PRISONER_MERGED", P, _on(MERGED), MERGE_FLAG),
    EventType(
        "PERSON_ACCESS_LIMITATIONS_CHANGED", f"{P}/access-limitations", _on(ACCESS_LIMITATION), LIMITED_ACCESS_FLAG
    ),
)

FLAGS = frozenset(one.flag for one in EVENT_TYPES if one.flag is not None)
DOMAIN_EVENTS = tuple(sorted(frozenset().union(*(one.domain_events for one in EVENT_TYPES))))

_BY_DOMAIN_EVENT: Mapping[str, tuple[EventType, ...]] = {
    name: tuple(one for one in EVENT_TYPES if name in one.domain_events) for name in DOMAIN_EVENTS
}


def decide_types(facts: Facts, disabled: Iterable[str] = ()) -> list[EventType]:
    """The types that a domain event leads to, in table order; those whose flag is ``disabled`` are left out.

    Raises NoAdditionalInformation for a registration that says nothing about itself.
    """
    off = frozenset(disabled)
    return [one for one in _BY_DOMAIN_EVENT.get(facts.event_type, ()) if one.flag not in off and one.matches(facts)]
