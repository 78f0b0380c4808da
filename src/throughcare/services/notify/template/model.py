"""Templates: files with a front matter, filled with personalisation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from throughcare.services.notify.personalisation.model import fill, missing, placeholders
from throughcare.services.notify.refusal.model import Refused

Channel = Literal["email", "sms"]
SMS_LIMIT = 918
EMAIL_LIMIT_BYTES = 2_000_000

_FRONT_MATTER = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_SPACE_BEFORE_PUNCTUATION = re.compile(r"[ \t]+([,.])")


class InvalidTemplate(ValueError):
    """A template file that cannot be read, or does not agree with the manifest."""


@dataclass(frozen=True)
class Content:
    """A filled template. ``subject`` is None for texts."""

    subject: str | None
    body: str


@dataclass(frozen=True)
class Template:
    """One version of a template. ``key`` is the name that code uses; the id is what goes over the wire."""

    id: UUID
    key: str
    service: str
    type: Channel
    version: int
    body: str
    subject: str | None = None
    reply_to: str | None = None

    @property
    def name(self) -> str:
        """The name that people see."""
        return self.key.replace("-", " ").capitalize()

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The personalisation that the template asks for, subject first."""
        return placeholders(self.subject or "", self.body)

    def fill(self, values: Mapping[str, object]) -> Content:
        """The message for ``values``. Raises Refused: personalisation is missing, or the message is empty."""
        if gaps := missing(self.placeholders, values):
            raise Refused.bad_request(f"Missing personalisation: {', '.join(gaps)}")
        body = fill(self.body, values, bullets=self.type == "email")
        if self.type == "sms":
            body = _tidy(body)
        if not body.strip():
            raise Refused.bad_request("Your message is empty.")
        subject = None if self.subject is None else " ".join(fill(self.subject, values).split())
        return Content(subject, body)


def check_length(template: Template, content: Content) -> None:
    """Raises Refused when a filled message is longer than Notify sends."""
    if template.type == "sms" and len(content.body) > SMS_LIMIT:
        raise Refused.bad_request(f"Your message is too long. The limit is {SMS_LIMIT} characters.")
    if template.type == "email" and len(content.body.encode()) > EMAIL_LIMIT_BYTES:
        raise Refused.bad_request(f"Your message is too long. The limit is {EMAIL_LIMIT_BYTES} bytes.")


def parse_template(text: str, *, service: str, key: str) -> Template:
    """The template in a file: front matter of ``id, type, subject, version, reply_to``, then the body.

    Raises InvalidTemplate.
    """
    found = _FRONT_MATTER.fullmatch(text)
    if found is None:
        raise InvalidTemplate(f"{service}/{key}: there is no front matter between two lines of ---")
    head = dict(line.partition(": ")[::2] for line in found["head"].splitlines())
    if unknown := head.keys() - {"id", "type", "subject", "version", "reply_to"}:
        raise InvalidTemplate(f"{service}/{key}: unknown {sorted(unknown)} in the front matter")
    kind = head.get("type")
    if kind not in {"email", "sms"} or (kind == "email") != ("subject" in head):
        raise InvalidTemplate(f"{service}/{key}: type is email, with a subject, or sms, without one")
    try:
        template_id, version = UUID(head["id"]), int(head["version"])
    except (KeyError, ValueError):
        raise InvalidTemplate(f"{service}/{key}: id must be a UUID and version a number") from None
    return Template(
        id=template_id, key=key, service=service, type="email" if kind == "email" else "sms", version=version,
        body=found["body"].strip("\n"), subject=head.get("subject"), reply_to=head.get("reply_to"),
    )  # fmt: skip


def _tidy(body: str) -> str:
    """A text without needless space: none before commas and stops, one between words, one empty line."""
    lines = [" ".join(line.split()) for line in _SPACE_BEFORE_PUNCTUATION.sub(r"\1", body).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
