"""BK-03 to BK-05: that an appointment is booked, and what is booked, for both sides and for their calendars."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.appointment.model import calendar_of
from throughcare.ui.booking.model import METHODS, TYPES, Target
from throughcare.ui.booking.views import appointment_of, target_of
from throughcare.ui.form import PROVIDER
from throughcare.ui.page import page
from throughcare.ui.peers.places import Places
from throughcare.ui.progress.model import State, state_of
from throughcare.ui.referral.model import SIDES, Side
from throughcare.ui.referral.views import frame_of, optional

router = Router(tag="Appointments", include_in_schema=False)
ASSESSMENT = "/{side}/referrals/{{referral_id:uuid}}/supplier-assessment"
OF_PLAN = "/service-provider/action-plan/{plan_id:uuid}/session/{number:int}/appointment/{appointment_id:uuid}"
OF_REFERRAL = "/{side}/referrals/{{referral_id:uuid}}/session/{{number:int}}/appointment/{{appointment_id:uuid}}"
View = Callable[..., Awaitable[Response]]


@router.get("/service-provider/referrals/{referral_id:uuid}/supplier-assessment/{done}-confirmation", roles=PROVIDER)
async def confirmation(request: Request, ctx: Ctx) -> Response:
    """BK-03: the assessment is booked, and what comes next."""
    frame = await frame_of(ctx, Side.PROVIDER, request.path_params["referral_id"])
    moved = request.path_params["done"] == "rescheduled"
    title = f"Supplier assessment appointment {'updated' if moved else 'added'}"
    return page(request, "appointment/confirmation.html", title=title, page_id="BK-03", frame=frame)


def _shown(side: Side) -> View:
    async def shown(request: Request, ctx: Ctx) -> Response:
        """BK-04 and BK-05: one appointment; the one that counts when the address names none."""
        ids = request.path_params
        target = await target_of(ctx, ids, side)
        named = appointment_of(target, ids) if "appointment_id" in ids else target.current
        offices = await optional(ctx.peer(Places, as_user=True).offices(), ())
        old = named is not None and getattr(named, "superseded", False)
        state = (
            state_of(named.appointment_time, named.appointment_feedback, ctx.now, superseded=old)
            if named
            else State.NOT_SCHEDULED
        )
        return page(
            request, "appointment/one.html", title=f"View {'earlier ' if old else ''}appointment details",
            page_id="BK-05" if old else "BK-04",
            frame=target.frame, target=target, held=named, state=state, old=old, methods=METHODS,
            types=TYPES if target.session else {}, offices={one.code: one.description for one in offices},
            address_of=lambda one: target.frame.path(f"{_place(target)}/appointment/{one.id}"),
        )  # fmt: skip

    return shown


def _place(target: Target) -> str:
    return f"session/{target.session.session_number}" if target.session else "supplier-assessment"


def _calendar(side: Side) -> View:
    async def calendar(request: Request, ctx: Ctx) -> Response:
        """The appointment as a file for a calendar, without a word about the person."""
        target = await target_of(ctx, request.path_params, side)
        held = appointment_of(target, request.path_params)
        number = target.session.session_number if target.session else None
        body = calendar_of(held, target.frame.referral.reference_number, number, ctx.now)
        name = f"appointment-{target.frame.referral.reference_number}.ics"
        return Response(
            body, media_type="text/calendar", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    return calendar


for each in SIDES:
    assessment, session = ASSESSMENT.format(side=each.value), OF_REFERRAL.format(side=each.value)
    one = f"{assessment}/appointment/{{appointment_id:uuid}}"
    view, file = _shown(each), _calendar(each)
    for path in (
        assessment,
        one,
        f"{assessment}/rescheduled/appointment/{{appointment_id:uuid}}",
        session,
        f"{session}/rescheduled",
    ):
        router.get(path, roles=each.roles)(view)
    for path in (f"{one}/calendar.ics", f"{session}/calendar.ics"):
        router.get(path, roles=each.roles)(file)
router.get(f"{OF_PLAN}/rescheduled", roles=PROVIDER)(_shown(Side.PROVIDER))
