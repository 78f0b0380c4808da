"""Every page that the site has, by feature; where two addresses overlap the first one counts."""

from __future__ import annotations

from throughcare.ui.about import routes as about
from throughcare.ui.action_plan import routes as action_plan
from throughcare.ui.amendment import routes as amendment
from throughcare.ui.appointment import routes as appointment
from throughcare.ui.assignment import routes as assignment
from throughcare.ui.banner import routes as banner
from throughcare.ui.booking import routes as booking
from throughcare.ui.bulk_assignment import routes as bulk_assignment
from throughcare.ui.case_note import routes as case_note
from throughcare.ui.change import routes as change
from throughcare.ui.clock import routes as clock
from throughcare.ui.console import routes as console
from throughcare.ui.consumer import routes as consumer
from throughcare.ui.dashboard import routes as dashboard
from throughcare.ui.dead_letter import routes as dead_letter
from throughcare.ui.draft import routes as draft
from throughcare.ui.draft_check import routes as draft_check
from throughcare.ui.draft_person import routes as draft_person
from throughcare.ui.draft_place import routes as draft_place
from throughcare.ui.draft_practitioner import routes as draft_practitioner
from throughcare.ui.draft_service import routes as draft_service
from throughcare.ui.due import routes as due
from throughcare.ui.editor import routes as editor
from throughcare.ui.event import routes as event
from throughcare.ui.feedback import routes as feedback
from throughcare.ui.finder import routes as finder
from throughcare.ui.home import routes as home
from throughcare.ui.inbox import routes as inbox
from throughcare.ui.message import routes as message
from throughcare.ui.notification import routes as notification
from throughcare.ui.performance_report import routes as performance_report
from throughcare.ui.problem_report import routes as problem_report
from throughcare.ui.progress import routes as progress
from throughcare.ui.report import routes as report
from throughcare.ui.search import routes as search
from throughcare.ui.sent_details import routes as sent_details
from throughcare.ui.session import routes as session
from throughcare.ui.support import routes as support
from throughcare.ui.timeline import routes as timeline
from throughcare.ui.typed import routes as typed
from throughcare.ui.unfinished import routes as unfinished
from throughcare.ui.withdrawal import routes as withdrawal

ROUTERS = [
    draft.router, draft_place.router, draft_check.router, draft_person.router, draft_practitioner.router, finder.router,
    session.router, home.router, inbox.router, console.router, dead_letter.router, event.router, consumer.router,
    notification.router, clock.router, typed.router, draft_service.router, progress.router,
    booking.router, feedback.router, appointment.router, change.router,
    performance_report.router, timeline.router, message.router, amendment.router,
    dashboard.router, sent_details.router, assignment.router, bulk_assignment.router,
    search.router, due.router,
    banner.router, about.router, editor.router, problem_report.router,
    unfinished.router, support.router,
    action_plan.router, report.router, case_note.router, withdrawal.router,
]  # fmt: skip
