"""Messages to the two sides of a referral: templates, their fields, and what goes into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from throughcare.services.interventions.catalogue.model import Intervention
from throughcare.services.interventions.changelog.model import Change, Topic
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.progress.model import WithdrawalState
from throughcare.services.interventions.referral.model import Referral

WINDOW = timedelta(days=7)
"""How long a message is worth sending."""

CHANGED_FIELDS = ("caseWorkerFirstName", "changedByName", "referralDetailsURL", "referralNumber", "popFullName")
BRIEF_FIELDS = ("sp_first_name", "referral_number", "referral")
BRIEF = {
    Topic.COMPLEXITY_LEVEL: "complexity-level-changed",
    Topic.DESIRED_OUTCOMES: "desired-outcome-changed",
    Topic.HAS_ADDITIONAL_RESPONSIBILITIES: "needs-and-requirements-outcome-changed",
    Topic.ACCESSIBILITY_NEEDS: "needs-and-requirements-outcome-changed",
    Topic.ADDITIONAL_INFORMATION: "needs-and-requirements-outcome-changed",
    Topic.INTERPRETER_REQUIRED: "needs-and-requirements-outcome-changed",
}
FROM_TO = {
    Topic.PRISON_ESTABLISHMENT: ("prison-establishment-updated", "PrisonEstablishment"),
    Topic.EXPECTED_RELEASE_DATE: ("expected-release-date-updated", "ExpectedReleaseDateDetails"),
    Topic.EXPECTED_PROBATION_OFFICE: ("probation-office-updated", "ProbationOffice"),
    Topic.PRACTITIONER_OFFICE: ("probation-office-updated", "ProbationOffice"),
    Topic.PRACTITIONER_NAME: ("probation-practitioner-name-updated", "ProbationPractitionerName"),
    Topic.PRACTITIONER_EMAIL: ("probation-practitioner-email-updated", "ProbationPractitionerEmail"),
    Topic.PRACTITIONER_PHONE_NUMBER: (
        "probation-practitioner-phone-number-updated", "ProbationPractitionerPhoneNumber",
    ),
    Topic.PRACTITIONER_TEAM_PHONE_NUMBER: (
        "probation-practitioner-team-phone-number-updated", "ProbationPractitionerTeamPhoneNumber",
    ),
}  # fmt: skip
WITHDRAWAL_FIELDS = (
    "caseworkerFirstName",
    "referralNumber",
    "popFullName",
    "changedByName",
    "reasonForWithdrawal",
)
MANIFEST: Mapping[str, Sequence[str]] = {
    "referral-sent": ("organisationName", "referenceNumber", "referralUrl"),
    "referral-assigned": ("spFirstName", "referenceNumber", "referralUrl"),
    "initial-assessment-scheduled": ("ppFirstName", "referenceNumber", "referralUrl", "popFullName", "crn"),
    "appointment-not-attended": ("ppFirstName", "popfullname", "attendanceUrl", "crn"),
    "session-poor-behaviour": ("ppFirstName", "popfullname", "sessionUrl"),
    "session-concerns": ("ppFirstName", "popfullname", "sessionUrl", "crn"),
    "action-plan-submitted": ("submitterFirstName", "referenceNumber", "actionPlanUrl", "popFullName", "crn"),
    "action-plan-approved": ("submitterFirstName", "referenceNumber", "actionPlanUrl", "popFullName", "crn"),
    "end-of-service-report-submitted": (
        "ppFirstName", "referralReference", "endOfServiceReportLink", "popFullName", "crn",
    ),
    "case-note-sent": ("recipientFirstName", "referralNumber", "caseNoteUrl", "popFullName"),
    "case-note-sent-pp": ("pp_first_name", "referralNumber", "caseNoteUrl", "popFullName", "crn"),
    "completion-deadline-updated": (
        "caseworkerFirstName", "newCompletionDeadline", "previousCompletionDeadline", "changedByName",
        "referralDetailsUrl",
    ),
    "enforceable-days-updated": (
        "recipientFirstName", "newMaximumEnforceableDays", "previousMaximumEnforceableDays", "changedByName",
        "referralDetailsUrl",
    ),
    "reason-for-referral-updated": CHANGED_FIELDS,
    **dict.fromkeys(BRIEF.values(), BRIEF_FIELDS),
    **{template: (*CHANGED_FIELDS, f"old{what}", f"new{what}") for template, what in FROM_TO.values()},
    "referral-pre-ica-withdrawn": WITHDRAWAL_FIELDS,
    "referral-post-ica-withdrawn": WITHDRAWAL_FIELDS,
    "referral-withdraw-early": WITHDRAWAL_FIELDS,
    "service-provider-performance-report-ready": ("serviceProviderFirstName", "reportUrl"),
    "service-provider-performance-report-failed": ("serviceProviderFirstName", "jobInstanceId"),
}  # fmt: skip
WITHDRAWAL_TEMPLATES = {
    WithdrawalState.PRE_ICA_WITHDRAWAL: "referral-pre-ica-withdrawn",
    WithdrawalState.POST_ICA_WITHDRAWAL: "referral-post-ica-withdrawn",
    WithdrawalState.POST_ICA_CLOSE_REFERRAL_EARLY: "referral-withdraw-early",
}


@dataclass(frozen=True)
class Mail:
    """A message without its recipient. The fields in ``typed`` hold text that somebody typed."""

    template: str
    personalisation: Mapping[str, str]
    typed: tuple[str, ...] = ()


def referral_sent(referral: Referral, intervention: Intervention, pages: Pages) -> Mail:
    """For the provider's mailbox."""
    return Mail(
        "referral-sent",
        {
            "organisationName": intervention.contract.prime.name,
            "referenceNumber": referral.reference_number,
            "referralUrl": pages.provider(referral.id),
        },
    )


def referral_assigned(referral: Referral, pages: Pages, *, first_name: str) -> Mail:
    """For the caseworker who was assigned."""
    return Mail(
        "referral-assigned",
        {
            "spFirstName": first_name,
            "referenceNumber": referral.reference_number,
            "referralUrl": pages.provider(referral.id),
        },
    )


def assessment_scheduled(referral: Referral, pages: Pages, *, first_name: str) -> Mail:
    """For the responsible officer."""
    return Mail(
        "initial-assessment-scheduled",
        {
            "ppFirstName": first_name,
            "referenceNumber": referral.reference_number,
            "referralUrl": pages.practitioner(referral.id, "supplier-assessment"),
            "popFullName": referral.person_name,
            "crn": referral.crn,
        },
        ("popFullName",),
    )


@dataclass(frozen=True)
class Account:
    """What the feedback on an appointment says that an officer should know, and where to read it."""

    page: str
    not_attended: bool
    poor_behaviour: bool
    concerns: bool


def feedback_submitted(referral: Referral, account: Account, *, first_name: str) -> list[Mail]:
    """For the responsible officer: one for each thing that they should know."""
    who = {"ppFirstName": first_name, "popfullname": referral.person_name}
    known, link = {**who, "crn": referral.crn}, {"sessionUrl": account.page}
    mails = [
        (
            account.not_attended,
            Mail("appointment-not-attended", {**known, "attendanceUrl": account.page}, TYPED),
        ),
        (account.poor_behaviour, Mail("session-poor-behaviour", {**who, **link}, TYPED)),
        (account.concerns, Mail("session-concerns", {**known, **link}, TYPED)),
    ]
    return [mail for due, mail in mails if due]


TYPED = ("popfullname",)


def plan_submitted(referral: Referral, pages: Pages, *, first_name: str) -> Mail:
    """For the responsible officer, whose own first name ``submitterFirstName`` holds."""
    return _plan("action-plan-submitted", referral, first_name, pages.practitioner(referral.id, "action-plan"))


def plan_approved(referral: Referral, pages: Pages, *, first_name: str) -> Mail:
    """For the user who submitted the plan."""
    return _plan("action-plan-approved", referral, first_name, pages.provider(referral.id, "action-plan"))


def _plan(template: str, referral: Referral, first_name: str, page: str) -> Mail:
    personalisation = {
        "submitterFirstName": first_name,
        "referenceNumber": referral.reference_number,
        "actionPlanUrl": page,
        "popFullName": referral.person_name,
        "crn": referral.crn,
    }
    return Mail(template, personalisation, ("popFullName",))


def report_submitted(referral: Referral, report_id: UUID, pages: Pages, *, first_name: str) -> Mail:
    """For the responsible officer."""
    personalisation = {
        "ppFirstName": first_name,
        "referralReference": referral.reference_number,
        "endOfServiceReportLink": pages.report(report_id),
        "popFullName": referral.person_name,
        "crn": referral.crn,
    }
    return Mail("end-of-service-report-submitted", personalisation, ("popFullName",))


def referral_withdrawn(
    referral: Referral, state: WithdrawalState, *, first_name: str, changed_by: str, reason: str
) -> Mail:
    """For the caseworker."""
    personalisation = {
        "caseworkerFirstName": first_name,
        "referralNumber": referral.reference_number,
        "popFullName": referral.person_name,
        "changedByName": changed_by,
        "reasonForWithdrawal": reason,
    }
    return Mail(WITHDRAWAL_TEMPLATES[state], personalisation, ("popFullName",))


def case_note_sent(referral: Referral, page: str, *, first_name: str) -> Mail:
    """For the caseworker."""
    values = (first_name, referral.reference_number, page, referral.person_name)
    return Mail("case-note-sent", dict(zip(MANIFEST["case-note-sent"], values, strict=True)), ("popFullName",))


def case_note_sent_to_officer(referral: Referral, page: str, *, first_name: str) -> Mail:
    """For the responsible officer."""
    values = (first_name, referral.reference_number, page, referral.person_name, referral.crn)
    return Mail("case-note-sent-pp", dict(zip(MANIFEST["case-note-sent-pp"], values, strict=True)), ("popFullName",))


NOT_KNOWN = "Not known"


def referral_amended(referral: Referral, change: Change, page: str, *, first_name: str, changed_by: str) -> Mail:
    """For the caseworker, and of a deadline for the responsible officer too; ``page`` is theirs."""
    topic = change.topic
    if topic in BRIEF:
        brief = (first_name, referral.reference_number, page)
        return Mail(BRIEF[topic], dict(zip(BRIEF_FIELDS, brief, strict=True)))
    before, now = _shown(change.old_shown, change.old), _shown(change.new_shown, change.new)
    if topic is Topic.COMPLETION_DATETIME:
        return _limit("completion-deadline-updated", first_name, changed_by, page, before, now)
    if topic is Topic.MAXIMUM_ENFORCEABLE_DAYS:
        return _limit("enforceable-days-updated", first_name, changed_by, page, before, now)
    person = referral.service_user.full_name
    who = dict(zip(CHANGED_FIELDS, (first_name, changed_by, page, referral.reference_number, person), strict=True))
    if topic not in FROM_TO:
        return Mail("reason-for-referral-updated", who, ("popFullName",))
    template, what = FROM_TO[topic]
    values = {f"old{what}": before, f"new{what}": now}
    return Mail(template, {**who, **values}, ("popFullName", *values))


def _limit(template: str, first_name: str, changed_by: str, page: str, before: str, now: str) -> Mail:
    first, new, previous, changed, link = MANIFEST[template]
    return Mail(template, {first: first_name, new: now, previous: before, changed: changed_by, link: page})


def _shown(text: str | None, values: Sequence[str]) -> str:
    return text or ", ".join(values) or NOT_KNOWN
