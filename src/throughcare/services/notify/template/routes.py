"""The Notify API's templates."""

from __future__ import annotations

from fastapi import Request

from throughcare.kit.web.router import Router
from throughcare.services.notify.account.model import Caller
from throughcare.services.notify.account.routes import Sender
from throughcare.services.notify.document.model import read_object, uuid_of
from throughcare.services.notify.refusal.model import Refused, invalid
from throughcare.services.notify.template.model import Template
from throughcare.services.notify.template.schemas import preview_body, template_body
from throughcare.services.notify.template.store import load_templates

router = Router(prefix="/v2", tag="Notify API: templates")


@router.get("/template/{template_id}", public=True)
async def get_template(template_id: str, sender: Sender) -> dict[str, object]:
    """The newest version of a template."""
    return template_body(_template(sender, template_id), sender.account.email_from)


@router.get("/template/{template_id}/version/{version}", public=True)
async def get_template_version(template_id: str, version: str, sender: Sender) -> dict[str, object]:
    """One version of a template; only the newest is known."""
    one = _template(sender, template_id)
    if not version.isdecimal() or int(version[:10]) != one.version:
        raise Refused.not_found()
    return template_body(one, sender.account.email_from)


@router.post("/template/{template_id}/preview", public=True)
async def preview_template(template_id: str, sender: Sender, request: Request) -> dict[str, object]:
    """A template filled with ``personalisation``."""
    body = read_object(await request.body())
    values = body.get("personalisation", {})
    if not isinstance(values, dict):
        raise Refused.invalid([invalid("personalisation is not of type object")])
    one = _template(sender, template_id)
    return preview_body(one, one.fill(values))


@router.get("/templates", public=True)
async def list_templates(sender: Sender, request: Request) -> dict[str, object]:
    """The service's templates, all or of one ``type``."""
    if unknown := [name for name in request.query_params if name != "type"]:
        raise Refused.invalid([invalid(f"Additional properties are not allowed ({unknown[0][:100]})")])
    wanted = request.query_params.get("type")
    if wanted not in {None, "email", "sms", "letter"}:
        raise Refused.invalid([invalid("type is not one of sms, email, letter")])
    found = load_templates().of(sender.account.templates)
    author = sender.account.email_from
    return {"templates": [template_body(one, author) for one in found if wanted in {None, one.type}]}


def _template(sender: Caller, template_id: str) -> Template:
    one = load_templates().find(sender.account.templates, uuid_of(template_id, "id"))
    if one is None:
        raise Refused.not_found()
    return one
