"""Messages to the two sides of a referral: templates, their fields, and what goes into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from throughcare.services.interventions.catalogue.model import Intervention
from throughcare.services.interventions.page.model import Pages
from throughcare.services.interventions.progress.model import WithdrawalState
from throughcare.services.interventions.referral.model import Referral

WINDOW = timedelta(days=7)
"""How long a message is worth sending."""

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
    "referral-pre-ica-withdrawn": WITHDRAWAL_FIELDS,
    "referral-post-ica-withdrawn": WITHDRAWAL_FIELDS,
    "referral-withdraw-early": WITHDRAWAL_FIELDS,
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
