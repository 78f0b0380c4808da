"""What a person is told of what is held about them. Dates and times are text, as the person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from throughcare.kit.clock import london
from throughcare.services.interventions.action_plan import model as plans
from throughcare.services.interventions.appointment import model as appointments
from throughcare.services.interventions.catalogue import model as catalogues
from throughcare.services.interventions.draft import model as drafts
from throughcare.services.interventions.report import model as reports
from throughcare.services.interventions.subject_access.model import (
    DetailsVersion,
    DraftFile,
    ReferralFile,
    say_date,
    say_moment,
)

Names = Mapping[UUID, str]


def _at(mark: appointments.Mark | None) -> str | None:
    return say_moment(mark.at if mark else None)


def _by(mark: appointments.Mark | None, names: Names) -> str | None:
    return names[mark.by] if mark else None


class Contract(BaseModel):
    """Where and when the contract is offered."""

    nps_region_id: str | None
    pcc_region_id: str | None
    referral_start_date: str | None
    referral_end_date: str | None

    @classmethod
    def of(cls, contract: catalogues.Contract, catalogue: catalogues.Catalogue) -> Self:
        """The contract with the names of its region."""
        in_pcc, ends = contract.pcc_region is not None, contract.referral_end_at
        region = catalogue.region_name(contract)
        return cls(
            nps_region_id=None if in_pcc else region, pcc_region_id=region if in_pcc else None,
            referral_start_date=say_date(contract.referral_start_date),
            referral_end_date=say_date(london(ends).date() if ends else None),
        )  # fmt: skip


class DeliveryAddress(BaseModel):
    """Where an appointment was to be."""

    first_address_line: str
    second_address_line: str | None
    town_or_city: str | None
    county: str | None
    postcode: str


def _address(where: appointments.Address | None) -> DeliveryAddress | None:
    if where is None:
        return None
    values = dict(vars(where))
    return DeliveryAddress(postcode=values.pop("post_code"), **values)


class Appointment(BaseModel):
    """An appointment of a delivery session with everything that was written about it."""

    id: UUID
    appointment_time: str | None
    duration_minutes: int
    created_at: str | None
    appointment_delivery_type: str
    appointment_session_type: str | None
    nps_office_name: str | None
    appointment_delivery_address: DeliveryAddress | None
    superseded: bool
    superseded_by_appointment_id: UUID | None
    reschedule_requested_by: str | None
    rescheduled_reason: str | None
    attended: str | None
    did_session_happen: bool | None
    attendance_submitted_at: str | None
    late: bool | None
    late_reason: str | None
    no_session_reason_type: str | None
    no_session_reason_pop_acceptable: str | None
    no_session_reason_pop_unacceptable: str | None
    no_session_reason_logistics: str | None
    no_attendance_information: str | None
    session_summary: str | None
    session_response: str | None
    session_behaviour: str | None
    session_concerns: str | None
    future_session_plans: str | None
    notify_probation_practitioner_of_behaviour: bool | None
    notify_probation_practitioner_of_concerns: bool | None
    session_feedback_submitted_at: str | None
    session_feedback_submitted_by: str | None
    appointment_feedback_submitted_at: str | None

    @classmethod
    def of(cls, one: appointments.Appointment, names: Names, offices: Mapping[str, str]) -> Self:
        """The appointment; ``offices`` are names of probation offices by code."""
        booking, where = one.booking, one.booking.address
        return cls(
            id=one.id, appointment_time=say_moment(booking.appointment_time),
            duration_minutes=booking.duration_in_minutes,
            created_at=_at(one.created), appointment_delivery_type=booking.delivery_type,
            appointment_session_type=booking.session_type,
            nps_office_name=offices.get(booking.nps_office_code or "", booking.nps_office_code),
            appointment_delivery_address=_address(where),
            superseded=one.superseded, superseded_by_appointment_id=one.superseded_by,
            reschedule_requested_by=one.reschedule_requested_by, rescheduled_reason=one.rescheduled_reason,
            **vars(one.attendance), **vars(one.feedback), attendance_submitted_at=_at(one.attendance_submitted),
            session_feedback_submitted_at=_at(one.session_feedback_submitted),
            session_feedback_submitted_by=_by(one.session_feedback_submitted, names),
            appointment_feedback_submitted_at=_at(one.feedback_submitted),
        )  # fmt: skip


class Activity(BaseModel):
    """One thing that the provider planned to do."""

    description: str
    created_at: str | None


class ActionPlan(BaseModel):
    """A version of the action plan."""

    number_of_sessions: int | None
    created_at: str | None
    submitted_at: str | None
    approved_at: str | None
    approved_by: str | None
    action_plan_activities: list[Activity]

    @classmethod
    def of(cls, plan: plans.ActionPlan, names: Names) -> Self:
        """The plan."""
        activities = [
            Activity(description=one.description, created_at=say_moment(one.created_at)) for one in plan.activities
        ]
        return cls(
            number_of_sessions=plan.number_of_sessions, created_at=_at(plan.created), submitted_at=_at(plan.submitted),
            approved_at=_at(plan.approved), approved_by=_by(plan.approved, names), action_plan_activities=activities,
        )  # fmt: skip


class Outcome(BaseModel):
    """How far a desired outcome was achieved."""

    desired_outcome: str
    achievement_level: str
    progression_comments: str | None
    additional_task_comments: str | None


class EndOfServiceReport(BaseModel):
    """The provider's report at the end."""

    created_at: str | None
    submitted_at: str | None
    submitted_by: str | None
    further_information: str | None
    end_of_service_outcomes: list[Outcome]

    @classmethod
    def of(cls, report: reports.Report, catalogue: catalogues.Catalogue, names: Names) -> Self:
        """The report."""
        outcomes = [
            Outcome(
                desired_outcome=catalogue.outcomes[one.desired_outcome_id].description,
                achievement_level=one.achievement_level, progression_comments=one.progression_comments,
                additional_task_comments=one.additional_task_comments,
            )
            for one in report.outcomes.values()
        ]  # fmt: skip
        return cls(
            created_at=_at(report.created), submitted_at=_at(report.submitted),
            submitted_by=_by(report.submitted, names), further_information=report.further_information,
            end_of_service_outcomes=outcomes,
        )  # fmt: skip


class CaseNote(BaseModel):
    """A note that one side wrote to the other."""

    subject: str
    body: str
    sent_at: str | None


class PractitionerDetails(BaseModel):
    """Whom the provider could ask; addresses and numbers are the practitioner's own and are left out."""

    name: str | None
    pdu: str | None
    probation_office: str | None
    role_job_title: str | None
    establishment: str | None

    @classmethod
    def of(cls, one: drafts.PractitionerDetails) -> Self:
        """What was confirmed or corrected, else what the case record said."""
        return cls(
            name=one.pp_name or one.ndelius_pp_name, pdu=one.pp_pdu or one.ndelius_pdu,
            probation_office=one.pp_probation_office, role_job_title=one.role_or_job_title,
            establishment=one.pp_establishment,
        )  # fmt: skip


class ReferralDetails(BaseModel):
    """A version of what was asked of the provider."""

    created_at: str | None
    reason_for_change: str
    completion_deadline: str | None
    further_information: str | None
    maximum_enforceable_days: int | None
    reason_for_referral: str | None
    reason_for_referral_further_information: str | None
    reason_for_referral_before_allocation: str | None

    @classmethod
    def of(cls, version: DetailsVersion) -> Self:
        """The version."""
        held = {**vars(version.details), "completion_deadline": say_date(version.details.completion_deadline)}
        return cls(created_at=_at(version.created), reason_for_change=version.reason_for_change, **held)


class ReferralLocation(BaseModel):
    """Where the person was, and where they would be."""

    type: str | None
    prison_id: str | None
    expected_release_date: str | None
    expected_release_date_missing_reason: str | None
    referral_releasing_12_weeks: bool | None
    expected_probation_office: str | None
    expected_probation_office_unknown_reason: str | None

    @classmethod
    def of(cls, one: drafts.Location) -> Self:
        """The place as it was typed in."""
        return cls(
            type=one.person_current_location_type, prison_id=one.person_custody_prison_id,
            expected_release_date=say_date(one.expected_release_date),
            expected_release_date_missing_reason=one.expected_release_date_missing_reason,
            referral_releasing_12_weeks=one.referral_releasing_12_weeks,
            expected_probation_office=one.expected_probation_office,
            expected_probation_office_unknown_reason=one.expected_probation_office_unknown_reason,
        )  # fmt: skip


class PersonNeeds(BaseModel):
    """What the person needs so that they can take part."""

    accessibility_needs: str | None
    additional_needs_information: str | None
    needs_interpreter: bool | None
    interpreting_language: str | None
    has_additional_responsibilities: bool | None
    when_unavailable: str | None


def _needs(one: drafts.Needs) -> dict[str, object]:
    values = dict(vars(one))
    return {"interpreting_language": values.pop("interpreter_language"), **values}


class Referral(PersonNeeds):
    """A sent referral with its history; risk information is held by another service and told from there."""

    referral_number: str
    service_user_crn: str
    intervention_title: str
    service_provider_name: str
    contract: Contract
    created_at: str | None
    sent_at: str | None
    assigned_at: str | None
    status: str
    relevant_sentence_end_date: str | None
    end_requested_at: str | None
    withdrawal_reason: str | None
    withdrawal_comments: str | None
    concluded_at: str | None
    referral_location: ReferralLocation
    probation_practitioner_details: PractitionerDetails
    referral_details: list[ReferralDetails]
    appointment: list[Appointment]
    action_plans: list[ActionPlan]
    end_of_service_report: EndOfServiceReport | None
    case_notes: list[CaseNote]

    @classmethod
    def of(cls, held: ReferralFile, catalogue: catalogues.Catalogue, names: Names, offices: Mapping[str, str]) -> Self:
        """The referral with its history."""
        sent, requested = held.referral, held.referral.withdrawal
        chosen, report = sent.intervention(catalogue), held.report
        reason = catalogue.withdrawal_reasons.get(requested.code or "") if requested else None
        providers = (chosen.contract.prime, *chosen.contract.subcontractors)
        return cls.model_validate({
            **_needs(sent.needs), "referral_number": sent.reference_number, "service_user_crn": sent.crn,
            "intervention_title": chosen.title, "service_provider_name": ", ".join(one.name for one in providers),
            "contract": Contract.of(chosen.contract, catalogue), "created_at": say_moment(sent.created_at),
            "sent_at": say_moment(sent.sent_at), "assigned_at": say_moment(max(held.assigned_at, default=None)),
            "status": held.stage, "relevant_sentence_end_date": say_date(sent.relevant_sentence_end_date),
            "end_requested_at": say_moment(requested.requested_at if requested else None),
            "withdrawal_reason": reason[0] if reason else None,
            "withdrawal_comments": requested.comments if requested else None,
            "concluded_at": say_moment(sent.concluded_at), "referral_location": ReferralLocation.of(sent.location),
            "probation_practitioner_details": PractitionerDetails.of(sent.practitioner),
            "referral_details": [ReferralDetails.of(one) for one in held.details],
            "appointment": [Appointment.of(one, names, offices) for one in held.appointments],
            "action_plans": [ActionPlan.of(one, names) for one in held.plans],
            "end_of_service_report": EndOfServiceReport.of(report, catalogue, names) if report else None,
            "case_notes": [CaseNote(subject=one.subject, body=one.body, sent_at=_at(one.sent)) for one in held.notes],
        })  # fmt: skip


class DraftReferral(PersonNeeds):
    """A referral that was begun and not sent."""

    service_user_crn: str
    created_at: str | None
    contract: Contract
    referral_location: ReferralLocation
    role_job_title: str | None

    @classmethod
    def of(cls, held: DraftFile, catalogue: catalogues.Catalogue) -> Self:
        """The draft."""
        contract = catalogue.interventions[held.intervention_id].contract
        return cls.model_validate({
            **_needs(held.needs), "service_user_crn": held.crn, "created_at": say_moment(held.created_at),
            "contract": Contract.of(contract, catalogue), "referral_location": ReferralLocation.of(held.location),
            "role_job_title": held.role_or_job_title,
        })  # fmt: skip


class Held(BaseModel):
    """Everything of one person, oldest first."""

    crn: str
    referral: list[Referral]
    draft_referral: list[DraftReferral]


class SubjectAccess(BaseModel):
    """The answer to a subject access request; nothing here is kept as a file."""

    content: Held
    attachments: list[str] = Field(default_factory=list)
