"""What is announced about action plans. One referral's events keep their order."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class ActionPlanSubmitted(
    DomainEvent, type="intervention.action-plan.submitted", key="referral_id", aggregate="referral",
    description="An action plan was submitted",
):  # fmt: skip
    """A plan awaits approval."""

    action_plan_id: UUID
    submitted_by: str
    referral_id: UUID
    referral_reference: str
    contract_type_name: str
    prime_provider_name: str
    action_plan_probation_user_url: str


class ActionPlanApproved(
    DomainEvent, type="intervention.action-plan.approved", key="referral_id", aggregate="referral",
    description="An action plan was approved",
):  # fmt: skip
    """A plan is in force."""

    action_plan_id: UUID
    approved_by: str
    referral_id: UUID
    referral_reference: str
    contract_type_name: str
    prime_provider_name: str
    action_plan_probation_user_url: str
