"""Sends a draft: everything is checked, other systems are told, and then it is a referral. Or deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from random import SystemRandom
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.db.unit_of_work import StaleVersion, UnitOfWork
from throughcare.kit.http.peer import PeerError, PeerRefused
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.envelope import PersonReference
from throughcare.kit.notify import Notifier
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.access.views import already_sent
from throughcare.services.interventions.actor.model import Actor
from throughcare.services.interventions.actor.store import ActorStore
from throughcare.services.interventions.assessment.model import SupplierAssessment
from throughcare.services.interventions.assessment.store import AssessmentStore
from throughcare.services.interventions.catalogue.model import Catalogue, Intervention
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.draft.model import Draft
from throughcare.services.interventions.draft.store import DraftStore, KeptRisk
from throughcare.services.interventions.measures import referral_repeated_seconds
from throughcare.services.interventions.message.model import MANIFEST, WINDOW, referral_sent
from throughcare.services.interventions.notification.model import Letter, Recipient
from throughcare.services.interventions.notification.store import NotificationStore
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.peers.risks_and_needs import RisksPeer
from throughcare.services.interventions.referral.model import Referral
from throughcare.services.interventions.referral.store import ReferralStore
from throughcare.services.interventions.refusal.model import Clash, Exhausted, passed_on
from throughcare.services.interventions.sending.events import ReferralSent
from throughcare.services.interventions.sending.model import (
    CANDIDATES,
    check_sendable,
    is_readable,
    reference_candidate,
    risk_body,
    risk_written_at,
    sent_referral,
)
from throughcare.services.interventions.settings import pages
from throughcare.services.interventions.summary.store import SummaryStore

log = get_logger(__name__)


@dataclass(frozen=True)
class _Ready:
    """A draft that is complete, and the number that was set aside for it."""

    draft: Draft
    risk: KeptRisk | None
    reference: str


async def send_draft(ctx: Context, draft_id: UUID, *, by: Actor) -> Referral:
    """The referral that the draft became. A send that failed half-way can be tried again.

    Raises Invalid with everything that is missing, Clash (DRAFT_ALREADY_SENT), Closed, NotThere, Exhausted,
    StaleVersion; RISK_NOT_RECORDED and REFERRAL_NOT_RECORDED with the status of the system that refused;
    PeerUnavailable.
    """
    catalogue = await current_catalogue(ctx)
    ready = await _prepare(ctx.new_uow(), draft_id, catalogue)
    intervention, sent_at = catalogue.interventions[ready.draft.intervention_id], ctx.now
    sentence_end = await _sentence_end(ctx, ready.draft)
    risk_id = await _keep_risk(ctx, ready, by)
    await _start_in_case_record(ctx, ready, intervention, sent_at)
    referral = sent_referral(
        ready.draft, reference=ready.reference, at=sent_at, by=by, sentence_end=sentence_end, risk_id=risk_id
    )
    async with ctx.uow as uow:
        if not await uow.store(DraftStore).remove(ready.draft):
            raise already_sent() if await uow.store(DraftStore).find(draft_id) is None else StaleVersion
        await uow.store(ActorStore).note(by)
        await _measure(uow, referral)
        await uow.store(ReferralStore).add(referral)
        await uow.store(AssessmentStore).add(SupplierAssessment(new_id(), referral.id))
        await uow.store(SummaryStore).refresh(referral.id)
        uow.publish(
            ReferralSent(
                referral_id=referral.id, person=PersonReference.of(crn=referral.crn),
                detail_path=f"/sent-referral/{referral.id}", occurred_at=sent_at,
            )
        )  # fmt: skip
        await _tell_provider(ctx, uow, referral, intervention)
        return await uow.store(ReferralStore).get(referral.id)


async def _tell_provider(ctx: Context, uow: UnitOfWork, referral: Referral, intervention: Intervention) -> None:
    mail = referral_sent(referral, intervention, pages(ctx))
    request_id = await Notifier.of(ctx, MANIFEST).request(
        uow, template=mail.template, to=intervention.mailbox, personalisation=mail.personalisation,
        dedupe_key=f"{mail.template}:{referral.id}", window=WINDOW,
    )  # fmt: skip
    if request_id is not None:
        letter = Letter(request_id, referral.id, Recipient.PROVIDER, intervention.contract.prime.name)
        await uow.store(NotificationStore).add(letter)


async def delete_draft(uow: UnitOfWork, draft_id: UUID) -> None:
    """Delete a draft with its risk texts, but not once somebody began to send it: other systems may know of it then.

    Raises Clash (SENDING_BEGUN), NotThere, StaleVersion.
    """
    async with uow:
        drafts = uow.store(DraftStore)
        draft = await drafts.get(draft_id)
        if await uow.store(ReferralStore).reserved(draft_id) is not None:
            raise Clash("SENDING_BEGUN", "somebody began to send this referral. Send it again")
        if not await drafts.remove(draft):
            raise StaleVersion


async def _measure(uow: UnitOfWork, referral: Referral) -> None:
    """Count, once it is sent, how long ago the person was referred before."""
    before = await uow.store(ReferralStore).find_newest(referral.crn)
    if before is not None:
        kind = "same" if before[1] == referral.intervention_id else "different"
        seconds = (referral.sent_at - before[0]).total_seconds()
        uow.after_commit(lambda: referral_repeated_seconds.labels(kind).observe(seconds))
    uow.after_commit(lambda: log.info("referral sent", referral_id=referral.id))


async def _prepare(uow: UnitOfWork, draft_id: UUID, catalogue: Catalogue) -> _Ready:
    async with uow:
        drafts = uow.store(DraftStore)
        draft, risk = await drafts.get(draft_id), await drafts.find_risk(draft_id)
        check_sendable(draft, risk.risk if risk else None)
        intervention = catalogue.interventions[draft.intervention_id]
        reference = await _reserve_reference(uow.store(ReferralStore), draft_id, intervention, uow.now)
        return _Ready(draft, risk, reference)


async def _reserve_reference(
    store: ReferralStore, referral_id: UUID, intervention: Intervention, now: datetime
) -> str:  # fmt: skip
    """The number set aside for this referral, by an earlier attempt or now.

    What was begun while referrals were taken can be ended afterwards: other systems may know of it.
    """
    reserved = await store.reserved(referral_id)
    if reserved is not None:
        return reserved
    intervention.check_open(now)
    chance = SystemRandom()
    for _ in range(CANDIDATES):
        candidate = reference_candidate(intervention.contract.type.name, chance)
        if is_readable(candidate) and await store.reserve(candidate, referral_id):
            return candidate
    raise Exhausted("REFERENCE_EXHAUSTED", "no reference number is free just now. Try again")


async def _sentence_end(ctx: Context, draft: Draft) -> date | None:
    assert draft.relevant_sentence_id is not None
    try:
        found = await ctx.peer(ProbationPeer).sentence_end(draft.crn, draft.relevant_sentence_id)
    except PeerError as error:
        log.warning("the end of the sentence is not known", referral_id=draft.id, error=error.code)
        return None
    if found is None:
        log.warning("the sentence has no end", referral_id=draft.id)
    return found


async def _keep_risk(ctx: Context, ready: _Ready, by: Actor) -> UUID:
    written = risk_written_at(ready.draft, ready.risk.updated_at if ready.risk else None)
    body = risk_body(ready.draft, ready.risk.risk if ready.risk else None, by=by, written=written)
    try:
        return await ctx.peer(RisksPeer, as_user=True).keep(body, written)
    except PeerRefused as refused:
        raise passed_on(refused.peer_status, code="RISK_NOT_RECORDED") from None


async def _start_in_case_record(ctx: Context, ready: _Ready, intervention: Intervention, sent_at: datetime) -> None:
    draft, contract = ready.draft, intervention.contract
    what = f"Referral {ready.reference} for {contract.type.name} with prime provider {contract.prime.name}"
    start = {
        "contractType": contract.type.code,
        "startedAt": sent_at.isoformat(),
        "sentenceId": draft.relevant_sentence_id,
        "referralId": str(draft.id),
        "notes": f"{what}\n{pages(ctx).practitioner(draft.id)}",
    }
    try:
        await ctx.peer(ProbationPeer).start_referral(draft.crn, start)
    except PeerRefused as refused:
        raise passed_on(refused.peer_status, code="REFERRAL_NOT_RECORDED") from None
