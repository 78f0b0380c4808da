"""AP-01 to AP-07: an action plan as its provider writes it, and as both sides read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.action_plan.model import assessed, next_activity, reading, writing
from throughcare.ui.action_plan.schemas import NOT_ASSESSED, ActivityForm, ApprovalForm, SessionsForm, SubmitForm
from throughcare.ui.action_plan.views import Drafted, Seen, drafted, one_plan, plan_of_referral
from throughcare.ui.form import PRACTITIONER, PROVIDER, Sheet, form_key, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.delivery import Delivery, Plan
from throughcare.ui.peers.plans import Plans
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.progress.model import plan_state
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import frame_of

router = Router(tag="Action plans", include_in_schema=False)
OF_REFERRAL = "/service-provider/referrals/{referral_id:uuid}/action-plan"
OF_PLAN = "/service-provider/action-plan/{plan_id:uuid}"
APPROVAL = "/probation-practitioner/referrals/{referral_id:uuid}/action-plan"
UNSAVED = "Save this activity, or clear the box to continue without it"


@router.post(OF_REFERRAL, roles=PROVIDER, status=303)
async def begin(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """Begin the plan of a referral, or go on with the draft that there is; for a further version ask first."""
    referral = await ctx.peer(Referrals, as_user=True).referral(referral_id)
    if referral.concluded_at:
        return RedirectResponse(Side.PROVIDER.of(referral_id), 303)
    plan = await ctx.peer(Delivery, as_user=True).plan(referral.action_plan_id) if referral.action_plan_id else None
    if plan is None:
        plan = await ctx.peer(Plans, as_user=True).begin(referral_id, str(await form_key(request)))
    elif plan.submitted_at:
        return RedirectResponse(Side.PROVIDER.of(referral_id, "action-plan/edit"), 303)
    return RedirectResponse(next_activity(plan), 303)


@form_route(router, f"{OF_PLAN}/add-activity/{{number:int}}", PROVIDER)
async def add_activity(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
    """AP-01: one thing that the provider will do; one that is there already can be described anew."""
    found, number = await drafted(ctx, plan_id), int(request.path_params["number"])
    plan = found.plan
    if plan.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, plan_id), 303)
    if not 1 <= number <= len(plan.activities) + 1:
        return RedirectResponse(next_activity(plan), 303)
    held = plan.activities[number - 1] if number <= len(plan.activities) else None
    sheet = await open_form(request, ctx, ActivityForm, {"description": held.description if held else ""})
    if sheet.valid:
        with sheet.refusals():
            plans, text = ctx.peer(Plans, as_user=True), sheet.text("description")
            if held is None:
                await plans.add_activity(plan_id, text, str(sheet.key))
            else:
                await plans.describe(plan_id, held.id, text)
            following = next_activity(plan) if held else writing(plan_id, f"add-activity/{number + 1}")
            return await sheet.done(_checked(request, plan, following))
    return await _activity(sheet, found, number)


@form_route(router, f"{OF_PLAN}/add-activities", PROVIDER)
async def add_activities(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
    """Go on to the number of sessions, once there is an activity and nothing typed would be lost."""
    found = await drafted(ctx, plan_id)
    plan = found.plan
    if plan.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, plan_id), 303)
    sheet = await open_form(request, ctx, ActivityForm)
    if sheet.sent:
        if plan.activities and not sheet.text("description"):
            return await sheet.done(writing(plan_id, "number-of-sessions"))
        sheet.refuse(UNSAVED if sheet.text("description") else "Add at least one activity", "description")
    return await _activity(sheet, found, len(plan.activities) + 1)


@form_route(router, f"{OF_PLAN}/number-of-sessions", PROVIDER)
async def number_of_sessions(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
    """AP-02: how many sessions there will be."""
    found = await drafted(ctx, plan_id)
    if found.plan.submitted_at:
        return RedirectResponse(reading(Side.PROVIDER, plan_id), 303)
    values = {"number_of_sessions": found.plan.number_of_sessions}
    sheet = await open_form(request, ctx, SessionsForm, values, later=found.frame.path())
    if sheet.valid:
        with sheet.refusals():
            await ctx.peer(Plans, as_user=True).set_sessions(plan_id, int(sheet.text("number_of_sessions")))
            return await sheet.done(writing(plan_id, "review"))
    return await sheet.show(
        "action_plan/sessions.html", title="Number of sessions", page_id="AP-02", frame=found.frame, found=found,
        back=next_activity(found.plan),
    )  # fmt: skip


@form_route(router, f"{OF_PLAN}/review", PROVIDER)
async def review(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
    """AP-03: the whole plan once more, and its submission; blocked until there is feedback on the assessment."""
    found = await drafted(ctx, plan_id)
    plan, confirmed = found.plan, writing(plan_id, "confirmation")
    if plan.submitted_at:
        return RedirectResponse(confirmed if request.method == "POST" else reading(Side.PROVIDER, plan_id), 303)
    if not plan.activities:
        return RedirectResponse(next_activity(plan), 303)
    if plan.number_of_sessions is None:
        return RedirectResponse(writing(plan_id, "number-of-sessions"), 303)
    ready = assessed(await ctx.peer(Delivery, as_user=True).assessment(plan.referral_id))
    sheet = await open_form(request, ctx, SubmitForm)
    if sheet.valid and ready:
        with sheet.refusals():
            await ctx.peer(Plans, as_user=True).submit(plan_id, str(sheet.key))
            return await sheet.done(confirmed)
    elif sheet.valid:
        sheet.refuse(NOT_ASSESSED)
    return await sheet.show(
        "action_plan/review.html", title="Confirm action plan", page_id="AP-03", frame=found.frame, found=found,
        base=reading(Side.PROVIDER, plan_id), ready=ready, reason=NOT_ASSESSED,
    )  # fmt: skip


@router.get(f"{OF_PLAN}/confirmation", roles=PROVIDER)
async def confirmation(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
    """AP-04: it is submitted, and what comes next."""
    plan = await ctx.peer(Delivery, as_user=True).plan(plan_id)
    if plan.submitted_at is None:
        return RedirectResponse(writing(plan_id, "review"), 303)
    frame = await frame_of(ctx, Side.PROVIDER, plan.referral_id)
    return page(
        request, "action_plan/confirmation.html", title="Action plan submitted", page_id="AP-04", frame=frame,
        plan=plan,
    )  # fmt: skip


@form_route(router, f"{OF_REFERRAL}/edit", PROVIDER)
async def new_version(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """AP-06: begin a further version with what the present one says; one that is begun is gone on with."""
    seen = await plan_of_referral(ctx, Side.PROVIDER, referral_id)
    if seen.draft is not None:
        return RedirectResponse(next_activity(seen.draft), 303)
    if seen.plan is None or seen.ended:
        return RedirectResponse(seen.frame.path("action-plan" if seen.plan else "progress"), 303)
    sheet = await open_form(request, ctx, SubmitForm)
    if sheet.valid:
        with sheet.refusals():
            begun = await ctx.peer(Plans, as_user=True).begin(
                referral_id, str(sheet.key), activities=[one.description for one in seen.plan.activities],
                sessions=seen.plan.number_of_sessions,
            )  # fmt: skip
            return await sheet.done(next_activity(begun))
    title = "Are you sure you want to create a new action plan?"
    if seen.plan.approved_at is None:
        title = "Are you sure you want to change the action plan while it is being reviewed?"
    return await sheet.show("action_plan/new_version.html", title=title, page_id="AP-06", frame=seen.frame, seen=seen)


@form_route(router, f"{APPROVAL}/approve", PRACTITIONER)
async def approve(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """AP-07: approve a plan that was submitted before plans were approved at once."""
    seen = await plan_of_referral(ctx, Side.PRACTITIONER, referral_id)
    if seen.plan is None or not seen.to_approve:
        return RedirectResponse(seen.frame.path("action-plan"), 303)
    sheet = await open_form(request, ctx, ApprovalForm)
    if sheet.valid:
        with sheet.refusals():
            await ctx.peer(Plans, as_user=True).approve(seen.plan.id, str(sheet.key))
            return await sheet.done(seen.frame.path("action-plan/approved"))
    return await _shown(sheet, seen)


@router.get(f"{APPROVAL}/approved", roles=PRACTITIONER)
async def approved(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
    """AP-07: it is approved."""
    frame = await frame_of(ctx, Side.PRACTITIONER, referral_id)
    return page(request, "action_plan/approved.html", title="Action plan approved", page_id="AP-07", frame=frame)


def _of_referral(side: Side) -> Callable[..., Awaitable[Response]]:
    async def of_referral(request: Request, ctx: Ctx, referral_id: UUID) -> Response:
        """AP-05: the plan of a referral."""
        seen = await plan_of_referral(ctx, side, referral_id)
        return await _shown(await open_form(request, ctx, ApprovalForm), seen)

    return of_referral


def _one(side: Side) -> Callable[..., Awaitable[Response]]:
    async def one(request: Request, ctx: Ctx, plan_id: UUID) -> Response:
        """AP-05: one version of a plan; the provider goes on writing one that is not submitted."""
        seen = await one_plan(ctx, side, plan_id)
        if seen.plan is not None and seen.plan.submitted_at is None:
            return RedirectResponse(writing(plan_id, "review"), 303)
        return await _shown(await open_form(request, ctx, ApprovalForm), seen)

    return one


def _checked(request: Request, plan: Plan, following: str) -> str:
    """Where one goes on: back to the review for whoever came from there."""
    return writing(plan.id, "review") if request.query_params.get("return") == "check" else following


async def _activity(sheet: Sheet[ActivityForm], found: Drafted, number: int) -> Response:
    fresh = number > len(found.plan.activities)
    title = f"Add activity {number} to action plan" if fresh else f"Change activity {number} of action plan"
    return await sheet.show(
        "action_plan/activity.html", title=title, page_id="AP-01", frame=found.frame, found=found, number=number,
        fresh=fresh, base=reading(Side.PROVIDER, found.plan.id), following=next_activity(found.plan),
    )  # fmt: skip


async def _shown(sheet: Sheet[ApprovalForm], seen: Seen) -> Response:
    return await sheet.show(
        "action_plan/view.html", title="View action plan", page_id="AP-05", frame=seen.frame, seen=seen,
        state=plan_state(seen.plan, seen.frame.side), onwards=next_activity(seen.draft) if seen.draft else None,
    )  # fmt: skip


for each in SIDES:
    router.get(f"/{each.value}/referrals/{{referral_id:uuid}}/action-plan", roles=each.roles)(_of_referral(each))
    router.get(f"/{each.value}/action-plan/{{plan_id:uuid}}", roles=each.roles)(_one(each))
