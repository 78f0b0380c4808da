"""The table of event types as its publisher has it (ministryofjustice/hmpps-integration-api, package events).

Written down from the public rules, apart from the code, so that a slip in one shows in the other.
"""

from __future__ import annotations

F1 = "person-languages-changed-notifications-enabled"
F2 = "prisoner-base-location-changed-notifications-enabled"
F3 = "prisoner-merge-notifications-enabled"
F4 = "contact-events-notifications-enabled"
F5 = "limited-access-notifications-enabled"
F6 = "use-assessment-summary-endpoint"

# name, endpoint, flag; in the order in which types are tried
TYPES = """
DYNAMIC_RISKS_CHANGED v1/persons/{hmppsId}/risks/dynamic -
PROBATION_STATUS_CHANGED v1/persons/{hmppsId}/status-information -
MAPPA_DETAIL_CHANGED v1/persons/{hmppsId}/risks/mappadetail -
RISK_SCORE_CHANGED v1/persons/{hmppsId}/risks/scores -
PRISONER_BASE_LOCATION_CHANGED v1/persons/{hmppsId}/prisoner-base-location F2
KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE v1/persons/{hmppsId}/sentences/latest-key-dates-and-adjustments -
LICENCE_CONDITION_CHANGED v1/persons/{hmppsId}/licences/conditions -
RISK_OF_SERIOUS_HARM_CHANGED v1/persons/{hmppsId}/risks/serious-harm -
ASSESSMENT_SUMMARY_CHANGE v1/persons/{hmppsId}/assessment-summary F6
NEEDS_CHANGED v1/persons/{hmppsId}/needs -
PLP_INDUCTION_SCHEDULE_CHANGED v1/persons/{hmppsId}/plp-induction-schedule/history -
PLP_REVIEW_SCHEDULE_CHANGED v1/persons/{hmppsId}/plp-review-schedule -
SAN_PLAN_CREATION_SCHEDULE_CHANGED v1/persons/{hmppsId}/education/san/plan-creation-schedule -
SAN_REVIEW_SCHEDULE_CHANGED v1/persons/{hmppsId}/education/san/review-schedule -
PERSON_STATUS_CHANGED v1/persons/{hmppsId} -
PERSON_ADDRESS_CHANGED v1/persons/{hmppsId}/addresses -
PERSON_CONTACTS_CHANGED v1/persons/{hmppsId}/contacts -
PERSON_IEP_LEVEL_CHANGED v1/persons/{hmppsId}/iep-level -
PERSON_VISITOR_RESTRICTIONS_CHANGED v1/persons/{hmppsId}/visitor/{contactId}/restrictions -
PERSON_VISIT_RESTRICTIONS_CHANGED v1/persons/{hmppsId}/visit-restrictions -
PERSON_FUTURE_VISITS_CHANGED v1/persons/{hmppsId}/visit/future -
PERSON_ALERTS_CHANGED v1/persons/{hmppsId}/alerts -
PERSON_CASE_NOTES_CHANGED v1/persons/{hmppsId}/case-notes -
PERSON_NAME_CHANGED v1/persons/{hmppsId}/name -
PERSON_CELL_LOCATION_CHANGED v1/persons/{hmppsId}/cell-location -
PERSON_SENTENCES_CHANGED v1/persons/{hmppsId}/sentences -
PERSON_RESPONSIBLE_OFFICER_CHANGED v1/persons/{hmppsId}/person-responsible-officer -
PERSON_PROTECTED_CHARACTERISTICS_CHANGED v1/persons/{hmppsId}/protected-characteristics -
PERSON_REPORTED_ADJUDICATIONS_CHANGED v1/persons/{hmppsId}/reported-adjudications -
PERSON_NUMBER_OF_CHILDREN_CHANGED v1/persons/{hmppsId}/number-of-children -
PERSON_PHYSICAL_CHARACTERISTICS_CHANGED v1/persons/{hmppsId}/physical-characteristics -
PERSON_IMAGES_CHANGED v1/persons/{hmppsId}/images -
PRISONERS_CHANGED v1/prison/prisoners -
PRISONER_CHANGED v1/prison/prisoners/{hmppsId} -
PERSON_EDUCATION_ASSESSMENTS_CHANGED v1/persons/{hmppsId}/education/assessments -
PRISONER_NON_ASSOCIATIONS_CHANGED v1/prison/{prisonId}/prisoners/{hmppsId}/non-associations -
PRISON_VISITS_CHANGED v1/prison/{prisonId}/visit/search -
PRISON_RESIDENTIAL_HIERARCHY_CHANGED v1/prison/{prisonId}/residential-hierarchy -
PRISON_LOCATION_CHANGED v1/prison/{prisonId}/location/{locationKey} -
PRISON_RESIDENTIAL_DETAILS_CHANGED v1/prison/{prisonId}/residential-details -
PRISON_CAPACITY_CHANGED v1/prison/{prisonId}/capacity -
VISIT_CHANGED v1/visit/{visitReference} -
CONTACT_EVENT_CREATED v1/persons/{hmppsId}/contact-events/{contactEventId} F4
CONTACT_EVENT_CHANGED v1/persons/{hmppsId}/contact-events/{contactEventId} F4
PERSON_HEALTH_AND_DIET_CHANGED v1/persons/{hmppsId}/health-and-diet -
PERSON_CARE_NEEDS_CHANGED v1/persons/{hmppsId}/care-needs -
PERSON_LANGUAGES_CHANGED v1/persons/{hmppsId}/languages F1
PRISONER_MERGED v1/persons/{hmppsId} F3
PERSON_ACCESS_LIMITATIONS_CHANGED v1/persons/{hmppsId}/access-limitations F5
"""

NEW_PERSON = """
KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE PERSON_ADDRESS_CHANGED PERSON_CONTACTS_CHANGED PERSON_IEP_LEVEL_CHANGED
PERSON_VISIT_RESTRICTIONS_CHANGED PERSON_ALERTS_CHANGED PERSON_CASE_NOTES_CHANGED PERSON_NAME_CHANGED
PERSON_CELL_LOCATION_CHANGED PERSON_SENTENCES_CHANGED PERSON_RESPONSIBLE_OFFICER_CHANGED
PERSON_PROTECTED_CHARACTERISTICS_CHANGED PERSON_REPORTED_ADJUDICATIONS_CHANGED PERSON_NUMBER_OF_CHILDREN_CHANGED
PERSON_PHYSICAL_CHARACTERISTICS_CHANGED PERSON_IMAGES_CHANGED PERSON_HEALTH_AND_DIET_CHANGED
PERSON_CARE_NEEDS_CHANGED PERSON_LANGUAGES_CHANGED
"""
PRISONER = "PERSON_STATUS_CHANGED PRISONERS_CHANGED PRISONER_CHANGED"

# domain events: the types that can result
BY_DOMAIN_EVENT = {
    """probation-case.registration.added probation-case.registration.updated probation-case.registration.deleted
    probation-case.registration.deregistered""":
        "DYNAMIC_RISKS_CHANGED PROBATION_STATUS_CHANGED MAPPA_DETAIL_CHANGED",
    "probation-case.engagement.created probation-case.prison-identifier.added": f"{NEW_PERSON} PERSON_STATUS_CHANGED",
    "probation-case.address.created probation-case.address.updated probation-case.address.deleted":
        "PERSON_ADDRESS_CHANGED",
    """probation-case.risk-scores.ogrs.manual-calculation risk-assessment.scores.ogrs.determined
    risk-assessment.scores.rsr.determined""": "RISK_SCORE_CHANGED",
    """probation-case.mappa-information.created probation-case.mappa-export.created
    probation-case.assessment-summary.created probation-case.supervision-appointment.created
    probation-case.supervision.created probation-case.cas3-booking.created""": "CONTACT_EVENT_CREATED",
    """probation-case.mappa-information.updated probation-case.mappa-information.deleted
    probation-case.mappa-export.terminated""": "CONTACT_EVENT_CHANGED",
    "probation-case.exclusion.updated probation-case.restriction.updated": "PERSON_ACCESS_LIMITATIONS_CHANGED",
    """probation-case.sentence.created probation-case.sentence.amended probation-case.sentence.terminated
    probation-case.sentence.unterminated probation-case.sentence.deleted probation-case.sentence.moved""":
        "PERSON_STATUS_CHANGED",
    "probation.staff.updated person.community.manager.allocated person.community.manager.transferred":
        "PERSON_RESPONSIBLE_OFFICER_CHANGED",
    "plp.induction-schedule.updated": "PLP_INDUCTION_SCHEDULE_CHANGED",
    "plp.review-schedule.updated": "PLP_REVIEW_SCHEDULE_CHANGED",
    "san.plan-creation-schedule.updated": "SAN_PLAN_CREATION_SCHEDULE_CHANGED",
    "san.review-schedule.updated": "SAN_REVIEW_SCHEDULE_CHANGED",
    "create-and-vary-a-licence.licence.activated create-and-vary-a-licence.licence.inactivated":
        "LICENCE_CONDITION_CHANGED",
    "person.alert.created person.alert.changed person.alert.updated person.alert.deleted": "PERSON_ALERTS_CHANGED",
    "person.case-note.created person.case-note.updated person.case-note.deleted": "PERSON_CASE_NOTES_CHANGED",
    "prisoner-offender-search.prisoner.created prisoner-offender-search.prisoner.received":
        f"{NEW_PERSON} {PRISONER} PRISONER_NON_ASSOCIATIONS_CHANGED",
    "prisoner-offender-search.prisoner.updated":
        f"""{PRISONER} PERSON_NAME_CHANGED PERSON_CELL_LOCATION_CHANGED PERSON_SENTENCES_CHANGED
        PERSON_PHYSICAL_CHARACTERISTICS_CHANGED PERSON_EDUCATION_ASSESSMENTS_CHANGED""",
    "prisoner-offender-search.prisoner.released calculate-release-dates.prisoner.changed":
        "KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE",
    "prison-offender-events.prisoner.released":
        "PRISONER_BASE_LOCATION_CHANGED KEY_DATES_AND_ADJUSTMENTS_PRISONER_RELEASE",
    "prison-offender-events.prisoner.received": "PRISONER_BASE_LOCATION_CHANGED",
    """prison-offender-events.prisoner.contact-added prison-offender-events.prisoner.contact-approved
    prison-offender-events.prisoner.contact-unapproved prison-offender-events.prisoner.contact-removed""":
        "PERSON_CONTACTS_CHANGED",
    "prison-offender-events.prisoner.merged": "PERSON_STATUS_CHANGED PRISONER_MERGED",
    "prison-offender-events.prisoner.restriction.changed": "PERSON_VISIT_RESTRICTIONS_CHANGED",
    """prison-offender-events.prisoner.person-restriction.upserted
    prison-offender-events.prisoner.person-restriction.deleted""": "PERSON_VISITOR_RESTRICTIONS_CHANGED",
    "prison-offender-events.prisoner.non-association-detail.changed": "PRISONER_NON_ASSOCIATIONS_CHANGED",
    "assessment.summary.produced": "RISK_OF_SERIOUS_HARM_CHANGED ASSESSMENT_SUMMARY_CHANGE NEEDS_CHANGED",
    "incentives.iep-review.inserted incentives.iep-review.updated incentives.iep-review.deleted":
        "PERSON_IEP_LEVEL_CHANGED",
    "prison-visit.booked prison-visit.changed prison-visit.cancelled":
        "PERSON_FUTURE_VISITS_CHANGED PRISON_VISITS_CHANGED VISIT_CHANGED",
    """adjudication.hearing.created adjudication.hearingCompleted.created adjudication.hearing.deleted
    adjudication.punishments.created adjudication.report.created""": "PERSON_REPORTED_ADJUDICATIONS_CHANGED",
    "non-associations.created non-associations.amended non-associations.closed non-associations.deleted": "",
    """location.inside.prison.created location.inside.prison.deleted location.inside.prison.deactivated
    location.inside.prison.reactivated""":
        """PRISON_RESIDENTIAL_HIERARCHY_CHANGED PRISON_LOCATION_CHANGED PRISON_RESIDENTIAL_DETAILS_CHANGED
        PRISON_CAPACITY_CHANGED""",
    "location.inside.prison.amended":
        """PRISON_RESIDENTIAL_HIERARCHY_CHANGED PRISON_LOCATION_CHANGED PRISON_RESIDENTIAL_DETAILS_CHANGED""",
    "location.inside.prison.signed-op-cap.amended": "PRISON_CAPACITY_CHANGED",
}  # fmt: skip
DOMAIN_EVENTS = {name: frozenset(types.split()) for names, types in BY_DOMAIN_EVENT.items() for name in names.split()}


def flag(short: str) -> str | None:
    """The flag that a short name stands for."""
    return None if short == "-" else str(globals()[short])
