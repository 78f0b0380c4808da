"""Forms as people meet them: filled in, refused with reasons, never losing what was typed, never doing a thing twice.

A page with a form is one route function for both methods::

    @form_route(router, "/referrals/{draft_id}/enforceable-days", PRACTITIONER)
    async def enforceable_days(request: Request, ctx: Ctx, draft_id: UUID) -> Response:
        draft = await ctx.peer(Drafts, as_user=True).get_draft(draft_id)
        sheet = await open_form(request, ctx, DaysForm, {"days": draft.maximum_enforceable_days})
        if sheet.valid:
            with sheet.refusals():
                await ctx.peer(Drafts, as_user=True).change(draft_id, {...})
                return await sheet.done(next_page)
        return await sheet.show("draft/days.html", title="…", page_id="MR-31", draft=draft)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import ImmutableMultiDict
from starlette.responses import Response
from wtforms import Form

from throughcare.kit.context import Context
from throughcare.kit.http.peer import PeerRefused, PeerUnavailable
from throughcare.kit.ids import new_id
from throughcare.kit.telemetry.traces import current_trace_id
from throughcare.kit.web.router import Router
from throughcare.kit.web.wording import words
from throughcare.ui.fields import differences, fingerprint, told
from throughcare.ui.page import PRACTITIONER_ROLES, PROVIDER_ROLES, done, page
from throughcare.ui.peers.users import NOT_AVAILABLE, Users
from throughcare.ui.safe import forms_safe
from throughcare.ui.typed import usecases
from throughcare.ui.typed.model import Typed, Why, Words
from throughcare.ui.typed.store import TypedStore

F = TypeVar("F", bound="PageForm")
Handler = TypeVar("Handler", bound=Callable[..., Any])
PRACTITIONER, PROVIDER = PRACTITIONER_ROLES, PROVIDER_ROLES
MENDABLE = frozenset({400, 409, 410, 422})
FORM_PAGES: set[Callable[..., Any]] = set()
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
OVERTAKEN = (
    "{} changed this{}, after this page was opened. Send your answers again to put them in place of what is saved, "
    "or use what is saved"
)
AWAY = "Sorry, this could not be saved just now. What you typed is kept: try again in a minute"


def form_route(router: Router, path: str, roles: Sequence[str]) -> Callable[[Handler], Handler]:
    """A page that is shown by GET and whose form is sent to the same address."""

    def decorate(handler: Handler) -> Handler:
        FORM_PAGES.add(handler)
        router.get(path, roles=roles)(handler)
        return router.post(path, roles=roles, status=303)(handler)

    return decorate


class PageForm(Form):
    """A form whose fields have names with hyphens on the page.

    ``refusals`` says in words what a service's error codes mean: the text, or the name of a field and the text.
    """

    refusals: Mapping[str, str | tuple[str, str]] = {}

    class Meta:
        """How fields are named on the page."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """The field of one form."""
            options["name"] = options["name"].replace("_", "-")
            return unbound_field.bind(form=form, **options)


class LeftForLater(Exception):
    """Somebody keeps what they typed, or lets it go, and goes elsewhere."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path)


@dataclass
class Sheet(Generic[F]):
    """A form on its way between a person and a service. ``sent`` tells whether they pressed its button.

    ``basis`` stands for what was saved when it was filled in. ``meanwhile`` says who saved something else since then;
    once ``overtaken``, that stands beside each answer, as its ``instead``.
    """

    request: Request
    ctx: Context
    form: F
    sent: bool
    key: UUID
    kept: Typed | None = None
    saved: Mapping[str, Any] | None = None
    basis: str = ""
    meanwhile: str = ""
    overtaken: bool = False
    trouble: list[tuple[str, str]] = field(default_factory=list)
    status: int = 400
    _valid: bool | None = None

    @property
    def valid(self) -> bool:
        """Whether the form was sent, every answer is right, and it replaces nothing unseen; asked once."""
        if self._valid is None:
            self._valid = self.sent and self.form.validate() and not self._overtaken()
        return self._valid

    def _overtaken(self) -> bool:
        """Whether something else was saved since this form was filled in; sent again, it replaces that."""
        saved = self.saved or {}
        differing = differences(saved, self.form.data) if self.meanwhile else []
        if differing:
            self.overtaken, self.status, self.basis = True, 409, fingerprint(saved)
            for one in differing:
                shown: Any = self.form[one]
                shown.instead = told(shown, saved[one])
            self.refuse(self.meanwhile, differing[0])
        return self.overtaken

    @property
    def place(self) -> str:
        """The path of the page."""
        return self.request.url.path

    @property
    def address(self) -> str:
        """Where the form is sent: the page's own address without the fragment that a skip link left.

        With it the browser would go there again, and take the focus away from the summary of errors.
        """
        return address_of(self.request)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Everything that is wrong, in the order of the page: a text, and the id that it leads to."""
        fields = [(str(error), _link(one)) for one in self.form for error in list(one.errors)[:1] if error]
        return [*self.trouble, *fields]

    def text(self, name: str) -> str:
        """The answer called ``name`` as text; empty when there is none."""
        return str(self.form[name].data or "")

    def day(self, name: str) -> date | None:
        """The date called ``name``."""
        found = self.form[name].data
        return found if isinstance(found, date) else None

    def picked(self, name: str) -> list[str]:
        """The answers called ``name``, of which there may be several."""
        return list(self.form[name].data or ())

    def refuse(self, text: str, name: str = "") -> None:
        """Say what is wrong with the answer called ``name``, or with the whole."""
        if name:
            self.form[name].errors = [text]
        else:
            self.trouble.append((text, "main-content"))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turns what a service refuses into errors of the form; nothing typed is lost when it is not there."""
        try:
            yield
        except PeerUnavailable:
            self.status = 503
            self.refuse(AWAY)
        except PeerRefused as refused:
            if refused.peer_status not in MENDABLE:
                raise
            self._explain(refused)

    def _explain(self, refused: PeerRefused) -> None:
        self.status = 409 if refused.peer_status == 409 else 400
        found: Sequence[Mapping[str, Any]] = refused.body.get("validationErrors") or ()
        for one in found or [{"field": "", "error": refused.peer_code}]:
            code = str(one.get("error", ""))
            name = _CAPITAL.sub("_", str(one.get("field", ""))).lower()
            said = self.form.refusals.get(f"{one.get('field')}.{code}", self.form.refusals.get(code))
            if isinstance(said, tuple):
                self.refuse(said[1], said[0])
            elif said is not None:
                self.refuse(said, name if name in self.form else "")
            else:
                reason = refused.user_message or "Check this answer"
                self.refuse(f"{reason} (reference {current_trace_id()})", name if name in self.form else "")

    async def show(self, template: str, *, title: str, page_id: str, **values: Any) -> HTMLResponse:
        """The page with the form: as it was left, or with what is wrong (400, 409, or 503 when it cannot be saved)."""
        errors = self.errors if self.sent else []
        if errors:
            await keep(self.request, self.ctx, Why.REFUSED)
        shown = page(
            self.request, template, title=title, page_id=page_id, sheet=self, form=self.form, errors=errors, **values
        )
        shown.status_code = self.status if errors else 200
        return shown

    async def done(self, path: str, notice: str = "") -> Response:
        """Go on to ``path``, since what was typed is saved where it belongs."""
        await usecases.put_away(
            self.ctx.new_uow(), owner=owner_of(self.ctx), place=self.place, saved=self.saved is not None
        )
        return done(self.request, path, notice) if notice else RedirectResponse(path, 303)


async def open_form(
    request: Request, ctx: Context, kind: type[F], values: Mapping[str, Any] | None = None, *, later: str = "",
    prepare: Callable[[F], None] | None = None, suggested: Mapping[str, Any] | None = None,
) -> Sheet[F]:  # fmt: skip
    """The form of this page: what was sent; or what this person typed here and left; or ``values``, which are saved,
    and ``suggested`` ones, which are not.

    ``prepare`` sets the choices of fields. With ``later`` the form has a button by which one keeps what was typed
    and goes to that path. What was saved since the form was filled in is replaced only by somebody who was told of
    it. Raises LeftForLater.
    """
    sent = request.method == "POST"
    kept = None
    if sent:
        data = await request.form()
        await _elsewhere(request, ctx, str(data.get("then", "")), later)
    else:
        kept = await _kept(request, ctx)
        data = _as_sent(kept.words) if kept else None  # type: ignore[assignment]
    form = kind(data, data={**(suggested or {}), **(values or {})} if data is None else {})
    if prepare is not None:
        prepare(form)
    saved = None if values is None else {name: value for name, value in values.items() if name in form}
    now = "" if saved is None else fingerprint(saved)
    basis = str(data.get("basis") or now) if data is not None else now
    key = _key(data.get("request_id") if sent else None)
    sheet = Sheet(request, ctx, form, sent, key, kept, saved, basis)
    if sent and basis != now:
        sheet.meanwhile = await _meanwhile(request, ctx)
    return sheet


async def _elsewhere(request: Request, ctx: Context, then: str, later: str) -> None:
    if then == "later" and later:
        await keep(request, ctx, Why.SAVED)
        raise LeftForLater(later)
    if then == "saved":
        await usecases.put_away(ctx.new_uow(), owner=owner_of(ctx), place=request.url.path)
        raise LeftForLater(address_of(request))


async def _meanwhile(request: Request, ctx: Context) -> str:
    async with ctx.reading(TypedStore) as store:
        last = await store.last_saved(request.url.path)
    if last is None:
        return OVERTAKEN.format("Somebody", "")
    username = last.owner.partition(":")[2]
    who = "You" if last.owner == owner_of(ctx) else (await ctx.peer(Users, as_user=True).names([username]))[username]
    return OVERTAKEN.format("Somebody" if who == NOT_AVAILABLE else who, f" at {words(last.at)}")


async def keep(request: Request, ctx: Context, why: Why, *, place: str = "", owner: str = "") -> None:
    """Keep what was typed into the form of this page, or of the page at ``place``; the caller's, or ``owner``'s.

    What nobody signed in typed is not kept: there is nobody to give it back to.
    """
    owner = owner or owner_of(ctx)
    if not owner:
        return
    data = await request.form()
    typed = {name: [one for one in data.getlist(name) if isinstance(one, str)] for name in data}
    await usecases.keep(
        ctx.new_uow(), forms_safe(ctx), owner=owner, place=place or request.url.path, words=typed, why=why
    )


def address_of(request: Request) -> str:
    """The path and the query that were asked for."""
    return f"{request.url.path}?{request.url.query}".rstrip("?")


def owner_of(ctx: Context) -> str:
    """Whose form it is; empty when nobody is signed in."""
    return f"{ctx.user.auth_source}:{ctx.user.username}" if ctx.user.is_user else ""


async def _kept(request: Request, ctx: Context) -> Typed | None:
    if not ctx.user.is_user:
        return None
    async with ctx.reading(TypedStore) as store:
        return await store.find(owner_of(ctx), request.url.path, forms_safe(ctx))


def _as_sent(words: Words) -> ImmutableMultiDict[str, str]:
    return ImmutableMultiDict([(name, one) for name, several in words.items() for one in several])


async def form_key(request: Request) -> UUID:
    """The id that a form carries, the same however often it is sent; a new one for a form without."""
    return _key((await request.form()).get("request_id"))


def _key(said: object) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        return new_id()


def _link(one: Any) -> str:
    return str(getattr(one, "link", one.id))
