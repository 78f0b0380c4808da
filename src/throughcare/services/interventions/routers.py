"""Every route of the service, by feature."""

from __future__ import annotations

from throughcare.kit.notify import callbacks_router
from throughcare.services.interventions.accommodation.routes import router as accommodation
from throughcare.services.interventions.action_plan.routes import router as action_plans
from throughcare.services.interventions.actor.routes import router as users
from throughcare.services.interventions.amendment.routes import router as amendments
from throughcare.services.interventions.appointment_location.routes import router as locations
from throughcare.services.interventions.assessment.routes import router as assessments
from throughcare.services.interventions.assignment.routes import router as assignments
from throughcare.services.interventions.case_note.routes import router as case_notes
from throughcare.services.interventions.case_record.routes import router as case_records
from throughcare.services.interventions.case_referral.routes import router as case_referrals
from throughcare.services.interventions.changelog.routes import router as changes
from throughcare.services.interventions.draft.routes import router as drafts
from throughcare.services.interventions.due.routes import router as due
from throughcare.services.interventions.extract.routes import router as extracts
from throughcare.services.interventions.finder.routes import router as finder
from throughcare.services.interventions.notification.routes import router as notifications
from throughcare.services.interventions.onboarding.routes import router as onboardings
from throughcare.services.interventions.overview.routes import router as overview
from throughcare.services.interventions.performance_report.routes import router as performance_reports
from throughcare.services.interventions.prisoner.routes import router as prisoners
from throughcare.services.interventions.repetition.routes import router as repetitions
from throughcare.services.interventions.report.routes import router as reports
from throughcare.services.interventions.search.routes import router as search
from throughcare.services.interventions.sending.routes import router as sending
from throughcare.services.interventions.session.routes import router as sessions
from throughcare.services.interventions.stale_appointment.routes import router as stale_appointments
from throughcare.services.interventions.subject_access.routes import router as subject_access
from throughcare.services.interventions.support.routes import router as support
from throughcare.services.interventions.timeline.routes import router as timelines
from throughcare.services.interventions.transfer.routes import router as transfers
from throughcare.services.interventions.withdrawal.routes import router as withdrawals

ROUTERS = [
    finder, users, drafts, sending, overview, assignments, assessments, action_plans, sessions, reports,
    withdrawals, amendments, changes, case_notes, prisoners, case_records, case_referrals, locations, accommodation,
    subject_access, performance_reports, extracts, transfers,
    onboardings, stale_appointments, notifications, repetitions, support, search, due,
    timelines,
    callbacks_router(),
]  # fmt: skip
