"""Templates as the Notify API answers them.

Source: docs.notifications.service.gov.uk, "get a template" and "generate a preview template".
"""

from __future__ import annotations

from throughcare.services.notify.rendering.model import to_html
from throughcare.services.notify.template.model import Content, Template

CREATED_AT = "2026-11-25T00:00:00.000000Z"


def template_body(one: Template, author: str) -> dict[str, object]:
    """A template; ``author`` is the address of the service that owns it."""
    return {
        "id": str(one.id),
        "type": one.type,
        "name": one.name,
        "version": one.version,
        "created_at": CREATED_AT,
        "updated_at": None,
        "created_by": author,
        "subject": one.subject,
        "body": one.body,
        "personalisation": {name: {"required": True} for name in one.placeholders},
        "postage": None,
        "letter_contact_block": None,
    }


def preview_body(one: Template, content: Content) -> dict[str, object]:
    """A template filled with personalisation."""
    return {
        "id": str(one.id),
        "type": one.type,
        "version": one.version,
        "body": content.body,
        "subject": content.subject,
        "html": to_html(content.body) if one.type == "email" else None,
        "postage": None,
    }
