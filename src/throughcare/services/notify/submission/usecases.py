"""Handing in a message: everything that real Notify checks, in its order, and then its acceptance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from throughcare.kit.db import UnitOfWork
from throughcare.services.notify.account.model import Caller, Sender
from throughcare.services.notify.notification.model import Notification, Origin, Timing
from throughcare.services.notify.notification.usecases import Addressee, accept_notification
from throughcare.services.notify.personalisation.model import file_problems, is_file, sanitise_named, unknown
from throughcare.services.notify.recipient.model import normal_form, phone_number
from throughcare.services.notify.refusal.model import Refused, invalid
from throughcare.services.notify.submission.schemas import (
    EmailRequest,
    SmsRequest,
    read_email,
    read_sms,
    schedule_problems,
)
from throughcare.services.notify.template.model import Channel, Content, Template, check_length
from throughcare.services.notify.template.store import Catalogue


@dataclass(frozen=True)
class Rules:
    """How the stand-in behaves. ``strict`` refuses what real Notify lets pass to the sender's harm."""

    catalogue: Catalogue
    strict: bool
    timing: Timing


@dataclass(frozen=True)
class Submission:
    """An accepted message, who it comes from, and which values were sanitised (None for texts)."""

    notification: Notification
    sender: str
    sanitised: Mapping[str, object] | None = None


async def send_email(uow: UnitOfWork, caller: Caller, body: Mapping[str, object], rules: Rules) -> Submission:
    """Accept an e-mail. Raises Refused."""
    request = read_email(body)
    _check_common(request, rules, uow.now)
    address = normal_form(request.email_address)
    values = sanitise_named(request.personalisation, request.sanitise_content_for or [])
    template, content = _fill(caller, request, "email", values, rules)
    _check_files(values)
    reply_to = _sender_id(request.email_reply_to_id, caller.account.reply_to, "email_reply_to_id")
    _check_permitted(caller, address)
    check_length(template, content)
    origin = Origin(
        template, content, values, body, request.reference, reply_to or template.reply_to,
        request.one_click_unsubscribe_url,
    )  # fmt: skip
    to = Addressee(request.email_address, address)
    accepted = await accept_notification(uow, caller, to, origin, rules.timing)
    changed = {
        key: {"unsanitised": value, "sanitised": values[key]}
        for key, value in request.personalisation.items()
        if values[key] != value
    }
    return Submission(accepted, caller.account.email_from, changed)


async def send_sms(uow: UnitOfWork, caller: Caller, body: Mapping[str, object], rules: Rules) -> Submission:
    """Accept a text. Raises Refused."""
    request = read_sms(body)
    _check_common(request, rules, uow.now)
    number = phone_number(request.phone_number)
    template, content = _fill(caller, request, "sms", request.personalisation, rules)
    if any(is_file(value) for value in request.personalisation.values()):
        raise Refused.bad_request("Can only send a file by email")
    sender = _sender_id(request.sms_sender_id, caller.account.sms_senders, "sms_sender_id")
    _check_permitted(caller, number)
    check_length(template, content)
    origin = Origin(template, content, request.personalisation, body, request.reference)
    to = Addressee(request.phone_number, number)
    accepted = await accept_notification(uow, caller, to, origin, rules.timing)
    return Submission(accepted, sender or caller.account.sms_sender)


def refuse_letter(caller: Caller) -> Refused:
    """Why a letter is not sent: no service of the stand-in may, and some keys never can."""
    if caller.key.type == "team":
        return Refused.bad_request("Cannot send letters with a team api key", status=403)
    if caller.account.trial and caller.key.type != "test":
        return Refused.bad_request("Cannot send letters when service is in trial mode", status=403)
    return Refused.bad_request("Service is not allowed to send letters")


def _check_common(request: EmailRequest | SmsRequest, rules: Rules, now: datetime) -> None:
    problems = schedule_problems(request.scheduled_for, now)
    if rules.strict and request.scheduled_for is not None and not problems:
        problems.append(invalid("scheduled_for is not honoured by GOV.UK Notify: the message goes at once"))
    if rules.strict and request.reference is not None and not _is_uuid(request.reference):
        problems.append(invalid("reference is not a valid UUID, as strict mode asks for"))
    if problems:
        raise Refused.invalid(problems)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _fill(
    caller: Caller,
    request: EmailRequest | SmsRequest,
    channel: Channel,
    values: Mapping[str, object],
    rules: Rules,
) -> tuple[Template, Content]:
    template = rules.catalogue.find(caller.account.templates, request.template_id)
    if template is None:
        raise Refused.bad_request("Template not found")
    if template.type != channel:
        raise Refused.bad_request(f"{template.type} template is not suitable for {channel} notification")
    content = template.fill(values)
    if rules.strict and (strange := unknown(template.placeholders, values)):
        raise Refused.bad_request(f"Unknown personalisation: {', '.join(strange)[:200]}")
    return template, content


def _check_files(values: Mapping[str, object]) -> None:
    """Files are checked as real Notify checks them; no service here has set up sending them."""
    files = [value for value in values.values() if isinstance(value, dict) and is_file(value)]
    if problems := [problem for one in files for problem in file_problems(one)]:
        raise Refused.invalid(problems)
    if files:
        raise Refused.bad_request("Send files by email has not been set up")


def _sender_id(wanted: UUID | None, known: tuple[Sender, ...], name: str) -> str | None:
    if wanted is None:
        return None
    found = next((one.value for one in known if one.id == wanted), None)
    if found is None:
        raise Refused.bad_request(f"{name} does not exist for this service")
    return found


def _check_permitted(caller: Caller, recipient: str) -> None:
    if not caller.account.may_send_to(recipient, caller.key):
        reason = "using a team-only API key" if caller.key.type == "team" else "when service is in trial mode"
        raise Refused.bad_request(f"Cannot send to this recipient {reason}")
