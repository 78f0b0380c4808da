"""AM-01 to AM-17: changing a sent referral, each page showing what stands there, what is new, and who is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from throughcare.kit.context import Context
from throughcare.kit.errors import NotFound
from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.ui.amendment.model import AMENDMENTS, Amendment, Subject, unchanged
from throughcare.ui.amendment.schemas import AmendForm
from throughcare.ui.form import PRACTITIONER, Sheet, form_route, open_form
from throughcare.ui.page import page
from throughcare.ui.peers.catalogue import Catalogue, Category
from throughcare.ui.peers.places import Places, Prisons, office_choices, prison_choices
from throughcare.ui.peers.referrals import Referrals
from throughcare.ui.referral.model import Frame, Side
from throughcare.ui.referral.views import frame_of

router = Router(
    prefix="/probation-practitioner/referrals/{referral_id:uuid}", tag="Amendments", include_in_schema=False
)
WARNINGS = {
    "AM-12": "Changing the expected probation office may affect whether {person} can use this service.",
    "AM-13": ("An office in another probation delivery unit (PDU) may affect whether {person} can use this service."),
}
Page = Callable[..., Awaitable[Response]]


def _amending(one: Amendment) -> Page:
    async def amend(request: Request, ctx: Ctx) -> Response:
        """Change one thing about a sent referral."""
        frame = await frame_of(ctx, Side.PRACTITIONER, request.path_params["referral_id"])
        if refusal := _refusal(frame, one):
            return _locked(request, frame, refusal)
        choices = await _choices(ctx, one, frame, request.path_params.get("category_id"))
        subject = Subject(frame, choices.category, dict(choices.offered) if one.page_id == "AM-10" else {})
        now = one.now(subject)
        sheet: Sheet[AmendForm] = await open_form(request, ctx, one.form, now, prepare=choices.put_into)
        same = sheet.valid and unchanged(now, _answers(sheet))
        if same and (error := one.unchanged_error(_answers(sheet))):
            sheet.refuse(*error)
        elif sheet.valid and not same:
            with sheet.refusals():
                await _save(ctx, one, subject, sheet)
                return await sheet.done(frame.path("details"), "referral-changed")
        shown = await sheet.show(
            "amendment/change.html", title=one.heading(subject), page_id=one.page_id, frame=frame, one=one,
            hints=choices.hints, same=same and not sheet.errors,
        )  # fmt: skip
        shown.status_code = 400 if same else shown.status_code
        return shown

    return amend


def _warning(one: Amendment) -> Page:
    async def warn(request: Request, ctx: Ctx) -> Response:
        """Say what a change may lead to before it is made."""
        frame = await frame_of(ctx, Side.PRACTITIONER, request.path_params["referral_id"])
        if refusal := _refusal(frame, one):
            return _locked(request, frame, refusal)
        title = f"Before you change {'the expected probation office' if one.page_id == 'AM-12' else 'the office'}"
        return page(
            request, "amendment/warning.html", title=title, page_id=f"{one.page_id}-confirm", frame=frame,
            text=WARNINGS[one.page_id].format(person=frame.referral.person), onward=frame.path(one.path.strip("/")),
        )  # fmt: skip

    return warn


def _refusal(frame: Frame, one: Amendment) -> str:
    if frame.referral.concluded_at is not None:
        return "The referral has ended, so it can no longer be changed."
    if one.fixed and frame.referral.outcomes_are_fixed:
        return "An action plan has been approved, so outcomes and complexity can no longer be changed."
    return ""


def _locked(request: Request, frame: Frame, refusal: str) -> Response:
    shown = page(
        request, "amendment/locked.html", title="You cannot change this", page_id="AM-locked", frame=frame, text=refusal
    )
    shown.status_code = 409
    return shown


def _answers(sheet: Sheet[AmendForm]) -> dict[str, Any]:
    return {name: field.data for name, field in sheet.form._fields.items()}


async def _save(ctx: Context, one: Amendment, subject: Subject, sheet: Sheet[AmendForm]) -> None:
    new = _answers(sheet)
    body = one.body(subject, new)
    if one.asks_why:
        body["reasonForChange"] = new["reason_for_change"]
    what = one.what.format(category=subject.category.id if subject.category else "")
    await ctx.peer(Referrals, as_user=True).amend(subject.frame.referral.id, what, body, str(sheet.key))


class _Choices:
    """What the page offers to choose from."""

    def __init__(
        self, field: str = "", offered: list[tuple[str, str]] | None = None, category: Category | None = None,
        hints: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.field, self.offered, self.category, self.hints = field, offered or [], category, hints or {}

    def put_into(self, form: Any) -> None:
        """Set the choices of the field that has them."""
        if self.field:
            form[self.field].choices = self.offered


async def _choices(ctx: Context, one: Amendment, frame: Frame, category_id: UUID | None) -> _Choices:
    if category_id is not None:
        return await _of_category(ctx, one, frame, category_id)
    if one.page_id == "AM-10":
        return _Choices("amend_prison_establishment", prison_choices(await ctx.peer(Prisons, as_user=True).prisons()))
    if one.page_id in {"AM-12", "AM-13"}:
        return _Choices("probation_office", office_choices(await ctx.peer(Places, as_user=True).offices()))
    return _Choices()


async def _of_category(ctx: Context, one: Amendment, frame: Frame, category_id: UUID) -> _Choices:
    written = frame.referral.referral
    if category_id not in written.service_category_ids:
        raise NotFound("the referral is not for this service category")
    contract = written.dynamic_framework_contract_reference
    category = await ctx.peer(Catalogue, as_user=True).category(category_id, contract)
    if one.page_id == "AM-03":
        hints = {str(level.id): level.description for level in category.complexity_levels}
        offered = [(str(level.id), level.title.capitalize()) for level in category.complexity_levels]
        return _Choices("complexity_level_id", offered, category, hints)
    return _Choices(
        "desired_outcomes_ids",
        [(str(outcome.id), outcome.description) for outcome in category.desired_outcomes],
        category,
    )


for each in AMENDMENTS:
    form_route(router, each.path, PRACTITIONER)(_amending(each))
    if each.warned:
        router.get(each.warned, roles=PRACTITIONER)(_warning(each))
