"""Interventions: a person on probation is referred to a service, and followed through it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from throughcare.kit.inbox.reactions import Subscription, subscription
from throughcare.kit.jobs.schedule import Job, daily
from throughcare.kit.messaging.bus import QueueSpec
from throughcare.kit.notify import NotificationDeliveryFailed, mail_jobs, mail_workers
from throughcare.kit.service import Service, Worker
from throughcare.services.interventions.action_plan.events import ActionPlanApproved, ActionPlanSubmitted
from throughcare.services.interventions.amendment.events import ReferralAmended
from throughcare.services.interventions.assessment.events import (
    OWN_TOPIC,
    AssessmentAttended,
    AssessmentFeedbackSubmitted,
    AssessmentMissed,
    AssessmentScheduled,
)
from throughcare.services.interventions.assignment.events import ReferralAssigned
from throughcare.services.interventions.case_note.events import CaseNoteSent
from throughcare.services.interventions.catalogue.usecases import load_reference_data
from throughcare.services.interventions.conclusion.events import ReferralConcluded, ReferralEnded
from throughcare.services.interventions.custody.reactions import on_referral_sent
from throughcare.services.interventions.dev.seeds import histories
from throughcare.services.interventions.draft.jobs import clear_out
from throughcare.services.interventions.extract.jobs import extract_jobs
from throughcare.services.interventions.left_open.jobs import conclude
from throughcare.services.interventions.message.reactions import (
    on_assessment_scheduled,
    on_case_note_sent,
    on_feedback_submitted,
    on_plan_approved,
    on_plan_submitted,
    on_referral_amended,
    on_referral_assigned,
    on_referral_concluded,
    on_report_submitted,
)
from throughcare.services.interventions.performance_report.events import (
    PerformanceReportCompleted,
    PerformanceReportFailed,
)
from throughcare.services.interventions.performance_report.jobs import clear_out as clear_out_reports
from throughcare.services.interventions.performance_report.reactions import on_report_completed, on_report_failed
from throughcare.services.interventions.performance_report.usecases import write_some
from throughcare.services.interventions.refusal.model import envelope
from throughcare.services.interventions.report.events import ReportSubmitted
from throughcare.services.interventions.retention.jobs import erase
from throughcare.services.interventions.sending.events import ReferralSent
from throughcare.services.interventions.session.events import (
    SessionAttended,
    SessionFeedbackSubmitted,
    SessionMissed,
)
from throughcare.services.interventions.settings import InterventionsSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.interventions.routers import ROUTERS

    return ROUTERS


def _customise(app: FastAPI, _: Runtime) -> None:
    """Every refusal has the members that callers of this service know, also where no feature saw the request."""
    app.state.envelope = envelope


@asynccontextmanager
async def _reference_data(runtime: Runtime) -> AsyncIterator[None]:
    """Loads the reference data of this version, unless it is loaded already."""
    await load_reference_data(runtime.context().uow)
    yield


SERVICE = Service(
    name="interventions",
    path="/interventions-service",
    title="Interventions",
    routers=_routers,
    settings=InterventionsSettings,
    publishes=[
        ReferralSent, ReferralAssigned, ReferralEnded, ReferralConcluded, ActionPlanSubmitted,
        ActionPlanApproved,
        AssessmentAttended, AssessmentMissed, AssessmentFeedbackSubmitted, AssessmentScheduled,
        SessionAttended,
        SessionMissed, SessionFeedbackSubmitted, ReportSubmitted, ReferralAmended, CaseNoteSent,
        PerformanceReportCompleted, PerformanceReportFailed, NotificationDeliveryFailed,
    ],
    subscriptions=[
        subscription(
            "interventions",
            [
                on_referral_sent, on_referral_assigned, on_feedback_submitted, on_plan_submitted,
                on_plan_approved,
                on_report_submitted, on_referral_concluded,
            ],
        ),
        Subscription(
            QueueSpec("interventions_own_events"),
            (on_assessment_scheduled, on_referral_amended, on_case_note_sent, on_report_completed, on_report_failed),
            topic=OWN_TOPIC,
        ),
    ],
    jobs=[
        Job("conclude-left-open", daily("00:30"), conclude),
        Job("delete-old-drafts", daily("04:00"), clear_out),
        Job("delete-old-reports", daily("04:20"), clear_out_reports),
        Job("erase-old-referrals", daily("04:40"), erase), *extract_jobs(), *mail_jobs(),
    ],
    workers=[*mail_workers("interventions"), Worker("write-reports", write_some)],
    histories=histories,
    lifespan=_reference_data,
    customise=_customise,
    client_roles=(
        "ROLE_PROBATION_API__REFER_AND_MONITOR__CASE_DETAIL__RW",
        "ROLE_PRISONER_SEARCH",
        "ROLE_VIEW_USER_GROUPS",
    ),
)  # fmt: skip
