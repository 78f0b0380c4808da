"""Make a referral: where somebody in prison is, until when, and where they will go."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import date
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from throughcare.kit.web.context import Ctx
from throughcare.kit.web.router import Router
from throughcare.kit.web.wording import weekday
from throughcare.ui.draft.model import Kind, checked, kind_of, of_draft, returning
from throughcare.ui.draft_place.schemas import (
    CHANGE,
    CONFIRM,
    NO,
    YES,
    ChangeForm,
    KnownPrisonForm,
    OfficeForm,
    PrisonForm,
    ReleaseForm,
    SelectForm,
    UnknownDateForm,
    UnknownOfficeForm,
)
from throughcare.ui.form import PRACTITIONER, Sheet, form_route, open_form
from throughcare.ui.peers.case import Cases, Prisoner
from throughcare.ui.peers.drafts import Drafts, Written
from throughcare.ui.peers.places import Places, Prisons, office_choices, prison_choices
from throughcare.ui.referral.views import optional

router = Router(prefix="/referrals/{draft_id}", tag="Make a referral", include_in_schema=False)

IN_PRISON = frozenset({Kind.PRE_RELEASE, Kind.UNALLOCATED, Kind.CUSTODIAL})
TO_BE_RELEASED = frozenset({Kind.PRE_RELEASE, Kind.UNALLOCATED})
TO_AN_OFFICE = frozenset({Kind.UNALLOCATED})
Choices = list[tuple[str, str]]


@form_route(router, "/submit-current-location", PRACTITIONER)
async def current_location(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-16: in which prison the person is."""
    draft = await _draft(ctx, draft_id, IN_PRISON)
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    prisons, prisoner = await asyncio.gather(
        ctx.peer(Prisons, as_user=True).prisons(), _prisoner(ctx, draft)
    )  # fmt: skip
    choices = prison_choices(prisons)
    on_record = dict(choices).get((prisoner.prison_id if prisoner else None) or "")
    sheet = await (_known_prison if on_record else _some_prison)(request, ctx, draft, choices, on_record or "")
    if sheet.valid:
        right = on_record is not None and sheet.text("already_know_prison_name") == YES
        prison = prisoner.prison_id if right and prisoner else sheet.text("prison_select")
        with sheet.refusals():
            await ctx.peer(Drafts, as_user=True).change(
                draft_id, personCustodyPrisonId=prison, alreadyKnowPrisonName=right
            )
            following = "form" if kind_of(draft) is Kind.CUSTODIAL else "expected-release-date"
            return await sheet.done(checked(request, draft_id, following))
    title = f"Confirm {draft.service_user.name}’s current location"
    return await sheet.show(
        "draft_place/current_location.html", title=title, page_id="MR-16", draft=draft, on_record=on_record
    )


async def _known_prison(
    request: Request, ctx: Ctx, draft: Written, choices: Choices, on_record: str
) -> Sheet[KnownPrisonForm] | Sheet[PrisonForm]:
    """The form that asks whether the person is in the prison that is on record."""
    said, other = draft.already_know_prison_name, draft.person_custody_prison_id
    answered = "" if other is None else YES if said else NO

    def prepare(form: KnownPrisonForm) -> None:
        form.prison_select.choices = choices
        form.already_know_prison_name.required = f"Select yes if {draft.service_user.name} is in {on_record}"

    return await open_form(
        request, ctx, KnownPrisonForm, {"already_know_prison_name": answered, "prison_select": "" if said else other},
        later=of_draft(draft.id), prepare=prepare,
    )  # fmt: skip


async def _some_prison(
    request: Request, ctx: Ctx, draft: Written, choices: Choices, _on_record: str
) -> Sheet[KnownPrisonForm] | Sheet[PrisonForm]:
    """The form that asks for the prison."""
    return await open_form(
        request, ctx, PrisonForm, {"prison_select": draft.person_custody_prison_id}, later=of_draft(draft.id),
        prepare=lambda form: setattr(form.prison_select, "choices", choices),
    )  # fmt: skip


@form_route(router, "/expected-release-date", PRACTITIONER)
async def expected_release_date(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-17 or MR-18: when the person will be released, or whether the date on record is right."""
    draft = await _draft(ctx, draft_id, TO_BE_RELEASED)
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    prisoner = await _prisoner(ctx, draft)
    on_record = prisoner.release_date if prisoner else None
    if request.method == "POST" and (await request.form()).get("expected-release-date") == CHANGE:
        return RedirectResponse(f"{of_draft(draft_id, 'change-expected-release-date')}{returning(request)}", 303)
    if on_record and on_record >= ctx.clock.today():
        return await _select(request, ctx, draft, on_record)
    return await _ask(request, ctx, draft)


async def _select(request: Request, ctx: Ctx, draft: Written, on_record: date) -> Response:
    """MR-18."""
    known = draft.expected_release_date
    answered = "" if known is None else CONFIRM if known == on_record else CHANGE
    choices = [(CONFIRM, weekday(on_record)), (CHANGE, "Choose a different date")]
    sheet = await open_form(
        request, ctx, SelectForm, {"expected_release_date": answered}, later=of_draft(draft.id),
        prepare=lambda form: setattr(form.expected_release_date, "choices", choices),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            return await _dated(sheet, draft, on_record)
    return await sheet.show(
        "draft_place/select_release_date.html", title=f"Select {draft.service_user.name}’s expected release date",
        page_id="MR-18", draft=draft,
        unknown=f"{of_draft(draft.id, 'expected-release-date-unknown')}{returning(request)}",
    )  # fmt: skip


async def _ask(request: Request, ctx: Ctx, draft: Written) -> Response:
    """MR-17."""
    known, reason = draft.expected_release_date, draft.expected_release_date_missing_reason
    values = {
        "expected_release_date": YES if known else NO if reason else "", "release_date": known,
        "release_date_unknown_reason": reason,
    }  # fmt: skip
    sheet = await open_form(
        request, ctx, ReleaseForm, values, later=of_draft(draft.id),
        prepare=lambda form: setattr(form, "today", ctx.clock.today()),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            day = sheet.day("release_date")
            if day is not None:
                return await _dated(sheet, draft, day)
            return await _undated(sheet, draft)
    return await sheet.show(
        "draft_place/release_date.html", title=f"Confirm {draft.service_user.name}’s expected release date",
        page_id="MR-17", draft=draft, today=ctx.clock.today(),
    )  # fmt: skip


@form_route(router, "/change-expected-release-date", PRACTITIONER)
async def change_release_date(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-19: another date than the one on record."""
    draft = await _draft(ctx, draft_id, TO_BE_RELEASED)
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    sheet = await open_form(
        request, ctx, ChangeForm, {"release_date": draft.expected_release_date}, later=of_draft(draft_id),
        prepare=lambda form: setattr(form, "today", ctx.clock.today()),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            day = sheet.day("release_date")
            assert day is not None
            return await _dated(sheet, draft, day)
    return await sheet.show(
        "draft_place/change_release_date.html", title=f"Change {draft.service_user.name}’s expected release date",
        page_id="MR-19", draft=draft, today=ctx.clock.today(),
    )  # fmt: skip


@form_route(router, "/expected-release-date-unknown", PRACTITIONER)
async def release_date_unknown(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-20: why the date is not known."""
    draft = await _draft(ctx, draft_id, TO_BE_RELEASED)
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    sheet = await open_form(
        request, ctx, UnknownDateForm, {"release_date_unknown_reason": draft.expected_release_date_missing_reason},
        later=of_draft(draft_id),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            return await _undated(sheet, draft)
    title = f"Why is {draft.service_user.name}’s expected release date not known?"
    return await sheet.show("draft_place/release_date_unknown.html", title=title, page_id="MR-20", draft=draft)


@form_route(router, "/expected-probation-office", PRACTITIONER)
async def expected_office(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-21: where the person will report after their release."""
    draft, offices = await asyncio.gather(_draft(ctx, draft_id, TO_AN_OFFICE), ctx.peer(Places, as_user=True).offices())
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    sheet = await open_form(
        request, ctx, OfficeForm, {"expected_probation_office": draft.expected_probation_office},
        later=of_draft(draft_id),
        prepare=lambda form: setattr(form.expected_probation_office, "choices", office_choices(offices)),
    )  # fmt: skip
    if sheet.valid:
        with sheet.refusals():
            office = sheet.text("expected_probation_office")
            await ctx.peer(Drafts, as_user=True).change(draft_id, expectedProbationOffice=office)
            return await sheet.done(checked(request, draft_id, "form"))
    return await sheet.show(
        "draft_place/expected_office.html", title=f"Confirm {draft.service_user.name}’s expected probation office",
        page_id="MR-21", draft=draft,
        unknown=f"{of_draft(draft_id, 'expected-probation-office-unknown')}{returning(request)}",
    )  # fmt: skip


@form_route(router, "/expected-probation-office-unknown", PRACTITIONER)
async def office_unknown(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
    """MR-22: why the office is not known."""
    draft = await _draft(ctx, draft_id, TO_AN_OFFICE)
    if draft is None:
        return RedirectResponse(of_draft(draft_id), 303)
    reason = draft.expected_probation_office_unknown_reason
    sheet = await open_form(
        request, ctx, UnknownOfficeForm, {"probation_office_unknown_reason": reason}, later=of_draft(draft_id)
    )
    if sheet.valid:
        with sheet.refusals():
            said = sheet.text("probation_office_unknown_reason")
            await ctx.peer(Drafts, as_user=True).change(draft_id, expectedProbationOfficeUnKnownReason=said)
            return await sheet.done(checked(request, draft_id, "form"))
    title = f"Why is {draft.service_user.name}’s expected probation office not known?"
    return await sheet.show("draft_place/office_unknown.html", title=title, page_id="MR-22", draft=draft)


async def _draft(ctx: Ctx, draft_id: UUID, kinds: Collection[Kind]) -> Written | None:
    """The draft; None when it is of a kind that is not asked this. Raises PeerRefused."""
    draft = await ctx.peer(Drafts, as_user=True).draft(draft_id)
    return draft if kind_of(draft) in kinds else None


async def _prisoner(ctx: Ctx, draft: Written) -> Prisoner | None:
    return await optional(ctx.peer(Cases, as_user=True).prisoner(draft.service_user.crn), None)


async def _dated(
    sheet: Sheet[SelectForm] | Sheet[ReleaseForm] | Sheet[ChangeForm], draft: Written, day: date
) -> Response:
    """Save the date, which takes the place of a reason, and go on."""
    await sheet.ctx.peer(Drafts, as_user=True).change(
        draft.id, hasExpectedReleaseDate=True, expectedReleaseDate=str(day)
    )
    return await sheet.done(_after_date(sheet.request, draft))


async def _undated(sheet: Sheet[ReleaseForm] | Sheet[UnknownDateForm], draft: Written) -> Response:
    """Save why the date is not known, in place of a date, and go on."""
    await sheet.ctx.peer(Drafts, as_user=True).change(
        draft.id, hasExpectedReleaseDate=False,
        expectedReleaseDateMissingReason=sheet.text("release_date_unknown_reason"),
    )  # fmt: skip
    return await sheet.done(_after_date(sheet.request, draft))


def _after_date(request: Request, draft: Written) -> str:
    following = "expected-probation-office" if kind_of(draft) is Kind.UNALLOCATED else "form"
    return checked(request, draft.id, following)
