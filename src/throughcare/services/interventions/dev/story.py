"""One referral and the two people who work on it: each method does what one of them does, as of now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import httpx2

from throughcare.kit.auth.principal import Principal
from throughcare.kit.context import Context
from throughcare.seeding.accounts import DEMO_CONTRACT, Account
from throughcare.seeding.people import SyntheticPerson
from throughcare.seeding.sign_in import PAGES, sign_in
from throughcare.services.interventions.action_plan import usecases as plans
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.amendment.model import Command
from throughcare.services.interventions.amendment.usecases import amend_referral
from throughcare.services.interventions.appointment.model import Attendance, Feedback
from throughcare.services.interventions.assessment import usecases as assessments
from throughcare.services.interventions.assignment.usecases import assign_referral
from throughcare.services.interventions.booking.model import Request
from throughcare.services.interventions.case_note.usecases import send_case_note
from throughcare.services.interventions.catalogue.model import Catalogue, Intervention
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.draft import usecases as drafts
from throughcare.services.interventions.draft.model import Changes, OasysRisk
from throughcare.services.interventions.peers.case_record import CaseRecordPeer
from throughcare.services.interventions.report import usecases as reports
from throughcare.services.interventions.report.model import Outcome
from throughcare.services.interventions.sending.usecases import send_draft
from throughcare.services.interventions.session import usecases as sessions
from throughcare.services.interventions.session.store import SessionStore
from throughcare.services.interventions.withdrawal.usecases import withdraw_referral

RISK = OasysRisk(
    risk_summary_who_is_at_risk="Nobody in particular", risk_summary_nature_of_risk="Theft from shops",
    risk_summary_risk_imminence="When short of money", additional_information="Meets best in the mornings",
)  # fmt: skip
SIGN_IN_LASTS = timedelta(minutes=15)


@dataclass
class SignIns:
    """Sign-ins of practitioners, each of which lasts for a quarter of an hour of business time."""

    ctx: Context
    held: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    async def token(self, username: str) -> str:
        """An access token of ``username``. Raises SignInFailed."""
        known, now = self.held.get(username), self.ctx.now
        if known is None or not timedelta() <= now - known[1] < SIGN_IN_LASTS:
            known = self.held[username] = (await self._sign_in(username), now)
        return known[0]

    async def _sign_in(self, username: str) -> str:
        topology = self.ctx.runtime.topology
        app, client = topology.local_app("auth"), topology.clients[PAGES]
        transport = httpx2.ASGITransport(app) if app is not None else None
        root = topology.peer_url("auth")
        async with httpx2.AsyncClient(transport=transport, base_url=root, timeout=20, trust_env=False) as browser:
            return await sign_in(browser, username, secret=client.secret, redirect_uri=client.redirect_uris[0])


@dataclass
class Story:
    """A referral of ``person`` from its first draft on."""

    ctx: Context
    person: SyntheticPerson
    practitioner: Account
    caseworker: Account
    sign_ins: SignIns
    referral_id: UUID = field(init=False)
    plan_id: UUID = field(init=False)
    report_id: UUID = field(init=False)

    @property
    def by_practitioner(self) -> Actor:
        """The practitioner as this service knows them."""
        return Actor(self.practitioner.user_id, self.practitioner.source, self.practitioner.username)

    @property
    def by_caseworker(self) -> Actor:
        """The caseworker as this service knows them."""
        return Actor(self.caseworker.user_id, self.caseworker.source, self.caseworker.username)

    @property
    def crn(self) -> str:
        """The person's case reference number."""
        return self.person.crn or ""

    async def begin(self, changes: Changes) -> None:
        """The practitioner begins a draft, with who the person is and ``changes``."""
        intervention, catalogue = await self._intervention()
        draft = await drafts.create_draft(
            self.ctx.new_uow(), crn=self.crn, intervention_id=intervention.id, catalogue=catalogue,
            by=self.by_practitioner,
        )  # fmt: skip
        self.referral_id = draft.id
        person = {
            "first_name": self.person.first_name, "last_name": self.person.last_name,
            "date_of_birth": self.person.date_of_birth, "gender": "Female" if self.person.sex == "F" else "Male",
            "ethnicity": self.person.ethnicity, "religion_or_belief": self.person.religion,
            "preferred_language": "English",
        }  # fmt: skip
        await self.write({"service_user": person, **changes})

    async def write(self, changes: Changes) -> None:
        """The practitioner writes more of the draft."""
        _, catalogue = await self._intervention()
        await drafts.change_draft(self.ctx.new_uow(), self.referral_id, changes, catalogue=catalogue)

    async def choose(self, *, level: int = 0, outcomes: int = 2) -> None:
        """The practitioner says how much support is needed, what for, by which sentence, and at what risk."""
        intervention, catalogue = await self._intervention()
        [sentence, *_] = await self.ctx.peer(CaseRecordPeer).sentences(self.crn)
        await self.write({"relevant_sentence_id": sentence.id})
        for category in catalogue.categories_of(intervention):
            offered = category.offered(DEMO_CONTRACT, self.ctx.now)
            await drafts.choose_level(
                self.ctx.new_uow(), self.referral_id, category_id=category.id,
                level_id=category.levels[level].id, catalogue=catalogue,
            )  # fmt: skip
            await drafts.choose_outcomes(
                self.ctx.new_uow(), self.referral_id, category_id=category.id,
                outcome_ids=[one.id for one in offered[:outcomes]], catalogue=catalogue,
            )  # fmt: skip
        await drafts.write_risk(self.ctx.new_uow(), self.referral_id, RISK, by=self.by_practitioner)

    async def send(self) -> None:
        """The practitioner sends the draft."""
        one = self.practitioner
        token = await self.sign_ins.token(one.username)
        caller = Principal(PAGES, one.username, one.source, one.user_id, one.name, frozenset(one.roles), token=token)
        await send_draft(Context(self.ctx.runtime, caller), self.referral_id, by=self.by_practitioner)

    async def assign(self) -> None:
        """The caseworker takes the referral on."""
        await assign_referral(self.ctx.new_uow(), self.referral_id, to=self.by_caseworker, by=self.by_caseworker)

    async def book_assessment(self, request: Request) -> None:
        """The caseworker books or moves the assessment."""
        await assessments.schedule_assessment(self._anew(), self.referral_id, request, by=self.by_caseworker)

    async def account_for_assessment(self, attendance: Attendance, feedback: Feedback) -> None:
        """The caseworker says what happened at the assessment."""
        referral_id, by = self.referral_id, self.by_caseworker
        await assessments.record_attendance(self.ctx.new_uow(), referral_id, attendance, by=by)
        await assessments.record_feedback(self.ctx.new_uow(), referral_id, feedback, by=by)
        await assessments.submit_feedback(self._anew(), referral_id, by=by)

    async def plan(self, number_of_sessions: int | None, *activities: str) -> None:
        """The caseworker drafts an action plan."""
        made = await plans.create_plan(
            self.ctx.new_uow(), self.referral_id, number_of_sessions=number_of_sessions, activities=activities,
            by=self.by_caseworker,
        )  # fmt: skip
        self.plan_id = made.id

    async def submit_plan(self) -> None:
        """The caseworker submits the plan."""
        await plans.submit_plan(self._anew(), self.plan_id, by=self.by_caseworker)

    async def book_session(self, number: int, request: Request) -> None:
        """The caseworker books or moves a session."""
        await sessions.schedule_session(self._anew(), self.referral_id, number, request, by=self.by_caseworker)

    async def account_for_session(self, number: int, attendance: Attendance, feedback: Feedback) -> None:
        """The caseworker says what happened at a session."""
        async with self.ctx.reading(SessionStore) as store:
            held = (await store.get(self.referral_id, number)).current
        assert held is not None
        referral_id, by = self.referral_id, self.by_caseworker
        await sessions.record_attendance(self.ctx.new_uow(), referral_id, held.id, attendance, by=by)
        await sessions.record_feedback(self.ctx.new_uow(), referral_id, held.id, feedback, by=by)
        await sessions.submit_feedback(self._anew(), referral_id, held.id, by=by)

    async def report(self, achieved: str, said: str) -> None:
        """The caseworker drafts the end of service report."""
        intervention, catalogue = await self._intervention()
        report = await reports.create_report(self.ctx.new_uow(), self.referral_id, by=self.by_caseworker)
        self.report_id = report.id
        for category in catalogue.categories_of(intervention):
            for one in category.offered(DEMO_CONTRACT, self.ctx.now)[:2]:
                await reports.change_report(
                    self.ctx.new_uow(), report.id, further_information=said, outcome=Outcome(one.id, achieved),
                    catalogue=catalogue,
                )  # fmt: skip

    async def submit_report(self) -> None:
        """The caseworker submits the end of service report."""
        await reports.submit_report(self._anew(), self.report_id, by=self.by_caseworker)

    async def withdraw(self, code: str, comments: str) -> None:
        """The practitioner ends the referral."""
        await withdraw_referral(self._anew(), self.referral_id, code=code, comments=comments, by=self.by_practitioner)

    async def amend(self, command: Command) -> None:
        """The practitioner amends the referral."""
        await amend_referral(self._anew(), self.referral_id, command, by=self.by_practitioner)

    async def note(self, subject: str, body: str, *, from_practitioner: bool = False) -> None:
        """The caseworker, or the practitioner, writes a case note."""
        by = self.by_practitioner if from_practitioner else self.by_caseworker
        await send_case_note(self.ctx.new_uow(), self.referral_id, subject=subject, body=body, tell_officer=True, by=by)

    def _anew(self) -> Context:
        return Context(self.ctx.runtime, self.ctx.user)

    async def _intervention(self) -> tuple[Intervention, Catalogue]:
        catalogue = await current_catalogue(self.ctx)
        return catalogue.by_contract[DEMO_CONTRACT], catalogue
