"""The one way to a record: each function raises, or answers who may go on with what.

A practitioner reaches what belongs to a case that the probation record lets them see; a provider's user what
belongs to a contract of theirs; a machine client with the read-all role, and whoever has the role of support, whatever
the route lets them read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from throughcare.kit.context import Context
from throughcare.kit.telemetry.logs import get_logger
from throughcare.services.interventions.access.model import (
    NO_REFERRAL_OF_YOURS,
    PEOPLE,
    PRACTITIONER,
    PROVIDER,
    SP_ONLY,
    CaseAnswer,
    Entry,
    Place,
    Scope,
    check_case,
    check_kind,
    contract_reasons,
    resolve_scope,
    unknown_groups,
)
from throughcare.services.interventions.access.views import AccessViews, already_sent, no_draft
from throughcare.services.interventions.actor.model import Actor, Kind, actor_of, kind_of
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.measures import access_refused_total
from throughcare.services.interventions.peers.auth import AuthPeer
from throughcare.services.interventions.peers.probation import ProbationPeer
from throughcare.services.interventions.refusal.model import AccessRefused, NotThere, Reason, Refused

log = get_logger(__name__)


async def allow_referral(ctx: Context, referral_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach a sent referral. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.referral(referral_id)
    return await _enter(ctx, place)


async def allow_named_referral(ctx: Context, referral_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to act on a sent referral that a request names: one that is not there makes the request wrong.

    Raises Refused (REFERRAL_NOT_FOUND), AccessRefused, AccessDenied.
    """
    try:
        return await allow_referral(ctx, referral_id, allowed)
    except NotThere as error:
        raise Refused(error.code, error.message) from None


async def allow_action_plan(ctx: Context, plan_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach an action plan. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.action_plan(plan_id)
    return await _enter(ctx, place)


async def allow_assessment(ctx: Context, assessment_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach a supplier assessment. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.supplier_assessment(assessment_id)
    return await _enter(ctx, place)


async def allow_change(ctx: Context, change_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach an entry of a change log. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.change(change_id)
    return await _enter(ctx, place)


async def allow_case_note(ctx: Context, note_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach a case note. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.case_note(note_id)
    return await _enter(ctx, place)


async def allow_report(ctx: Context, report_id: UUID, allowed: frozenset[Kind]) -> Entry:
    """Leave to reach an end of service report. Raises AccessRefused, AccessDenied, NotThere."""
    _check_side(ctx, allowed)
    async with ctx.reading(AccessViews) as views:
        place = await views.report(report_id)
    return await _enter(ctx, place)


async def allow_draft(ctx: Context, draft_id: UUID, *, change: bool) -> Entry:
    """Leave to reach a draft, and with ``change`` to act on it.

    Raises AccessRefused, AccessDenied, NotThere, Clash (DRAFT_ALREADY_SENT).
    """
    _check_side(ctx, PRACTITIONER)
    async with ctx.reading(AccessViews) as views:
        place, sent = await views.draft(draft_id)
    entry = await _enter(ctx, place)
    if sent:
        raise already_sent() if change else no_draft()
    return entry


async def allow_case(ctx: Context, crn: str) -> Actor:
    """Leave for a practitioner to act on a person's case. Raises AccessRefused, AccessDenied."""
    _check_side(ctx, PRACTITIONER)
    by = actor_of(ctx.user)
    with _noting_refusals():
        check_case(await case_answers(ctx, by, [crn]), crn)
    return by


async def allow_person(ctx: Context, crn: str) -> None:
    """Leave for a practitioner to read about a person's case, and for a provider who delivers a referral of theirs.

    Raises AccessRefused, AccessDenied.
    """
    _check_side(ctx, PEOPLE)
    with _noting_refusals():
        await _meet(ctx, crn)


async def _meet(ctx: Context, crn: str) -> None:
    by = actor_of(ctx.user)
    if kind_of(ctx.user) is Kind.PRACTITIONER:
        check_case(await case_answers(ctx, by, [crn]), crn)
        return
    scope, catalogue = await _scope(ctx, by), await current_catalogue(ctx)
    async with ctx.reading(AccessViews) as views:
        places = await views.of_person(crn)
    refusals = [contract_reasons(scope, catalogue.interventions[one.intervention_id].contract) for one in places]
    if all(refusals):  # also when the person has no referral
        raise AccessRefused(*(refusals[0] if refusals else [NO_REFERRAL_OF_YOURS]))


async def provider_scope(ctx: Context) -> Scope:
    """What the calling provider user may reach. Raises AccessRefused, AccessDenied."""
    _check_side(ctx, PROVIDER)
    with _noting_refusals():
        return await _scope(ctx, actor_of(ctx.user))


async def check_assignable(ctx: Context, person: Actor, intervention_id: UUID) -> Actor:
    """The provider user whom ``person`` names, as the authorisation server knows them.

    Raises AccessRefused (SP_CONTRACT_MISMATCH) unless they may reach referrals of this intervention.
    """
    try:
        user_id = await ctx.peer(AuthPeer).external_user_id(person.username)
        if person.auth_source != Kind.PROVIDER.value or user_id is None:
            raise AccessRefused(SP_ONLY)
        found = Actor(user_id, person.auth_source, person.username)
        contract = (await current_catalogue(ctx)).interventions[intervention_id].contract
        if contract_reasons(await _scope(ctx, found), contract):
            raise AccessRefused(SP_ONLY)
    except AccessRefused:
        message = "the person to be assigned may not work on referrals of this contract"
        raise AccessRefused(Reason("SP_CONTRACT_MISMATCH", message)) from None
    return found


async def case_answers(ctx: Context, by: Actor, crns: Sequence[str]) -> dict[str, CaseAnswer]:
    """What the probation record says of each case that it knows."""
    found = await ctx.peer(ProbationPeer).limits(by.username, crns)
    answers = {}
    for crn, one in found.items():
        messages = (
            one.exclusion_message if one.user_excluded else None,
            one.restriction_message if one.user_restricted else None,
        )
        kept = tuple(message for message in messages if message)
        answers[crn] = CaseAnswer(one.user_excluded, one.user_restricted, kept)
    return answers


def _check_side(ctx: Context, allowed: frozenset[Kind]) -> None:
    with _noting_refusals():
        check_kind(kind_of(ctx.user), allowed)


@contextmanager
def _noting_refusals(referral_id: UUID | None = None) -> Iterator[None]:
    """Counts and logs why the caller is refused; the access log of the same request tells whom."""
    try:
        yield
    except AccessRefused as refused:
        codes = [one.code for one in refused.reasons]
        for code in codes:
            access_refused_total.labels(code).inc()
        log.info("access refused", reasons=codes, referral_id=referral_id)
        raise


async def _enter(ctx: Context, place: Place) -> Entry:
    with _noting_refusals(place.referral_id):
        return await _entry(ctx, place)


async def _entry(ctx: Context, place: Place) -> Entry:
    kind = kind_of(ctx.user)
    if kind is Kind.CLIENT:
        return Entry(place, kind, None)
    by = actor_of(ctx.user)
    if kind is Kind.PRACTITIONER:
        check_case(await case_answers(ctx, by, [place.crn]), place.crn)
    elif kind is Kind.PROVIDER:
        scope = await _scope(ctx, by)
        contract = (await current_catalogue(ctx)).interventions[place.intervention_id].contract
        if reasons := contract_reasons(scope, contract):
            raise AccessRefused(*reasons)
    return Entry(place, kind, by)


async def _scope(ctx: Context, person: Actor) -> Scope:
    groups = await ctx.peer(AuthPeer).groups(person.user_id)
    if groups is None:
        raise AccessRefused(Reason("SP_NOT_IN_AUTH", "this service provider user is not known"))
    catalogue = await current_catalogue(ctx)
    if unknown := unknown_groups(groups, catalogue):
        log.warning("groups that no reference data knows", groups=unknown)
    scope = resolve_scope(groups, catalogue)
    log.debug("provider's reach", providers=sorted(scope.providers), contracts=sorted(scope.contracts))
    return scope
