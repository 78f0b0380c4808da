"""What the Notify API is asked when a message is handed in, and what it answers.

Source: docs.notifications.service.gov.uk, "send an email" and "send a text message".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator

from throughcare.services.notify.document.schemas import problems_of
from throughcare.services.notify.notification.model import Notification
from throughcare.services.notify.notification.schemas import template_reference
from throughcare.services.notify.recipient.model import email_address, is_phone_number
from throughcare.services.notify.refusal.model import Problem, Refused, invalid

_Uuid = Annotated[UUID, Field(strict=False)]
_NULL_ALLOWED = frozenset({"scheduled_for", "sanitise_content_for"})
_LATEST_SCHEDULE = timedelta(hours=24)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    template_id: _Uuid
    personalisation: dict[str, JsonValue] = {}
    reference: str | None = Field(default=None, max_length=1000)
    scheduled_for: str | None = None


R = TypeVar("R", bound=_Request)


class EmailRequest(_Request):
    """POST /v2/notifications/email."""

    email_address: str
    email_reply_to_id: _Uuid | None = None
    one_click_unsubscribe_url: str | None = None
    sanitise_content_for: list[str] | None = None

    @field_validator("email_address")
    @classmethod
    def _address(cls, value: str) -> str:
        if email_address(value) is None:
            raise ValueError("Not a valid email address")
        return value

    @field_validator("one_click_unsubscribe_url")
    @classmethod
    def _https(cls, value: str | None) -> str | None:
        if value is not None and (not value.startswith("https://") or not urlsplit(value).netloc):
            raise ValueError("is not a valid https url")
        return value


class SmsRequest(_Request):
    """POST /v2/notifications/sms."""

    phone_number: str
    sms_sender_id: _Uuid | None = None

    @field_validator("phone_number")
    @classmethod
    def _number(cls, value: str) -> str:
        if not is_phone_number(value):
            raise ValueError("Not a valid phone number")
        return value


def read_email(body: Mapping[str, object]) -> EmailRequest:
    """The request in ``body``. Raises Refused with everything that is wrong with its form."""
    return _read(body, EmailRequest)


def read_sms(body: Mapping[str, object]) -> SmsRequest:
    """The request in ``body``. Raises Refused with everything that is wrong with its form."""
    return _read(body, SmsRequest)


def schedule_problems(scheduled_for: str | None, now: datetime) -> list[Problem]:
    """What is wrong with a time to send at: it must be an ISO time within the next 24 hours."""
    if scheduled_for is None:
        return []
    try:
        moment = datetime.fromisoformat(scheduled_for)
    except ValueError:
        return [invalid("scheduled_for is not a valid ISO 8601 date-time")]
    moment = moment.replace(tzinfo=now.tzinfo) if moment.tzinfo is None else moment
    if moment < now:
        return [invalid("scheduled_for can not be in the past")]
    if moment > now + _LATEST_SCHEDULE:
        return [invalid("scheduled_for can only be 24 hours in the future")]
    return []


def accepted(one: Notification, base: str, *, sender: str, sanitised: Mapping[str, object] | None) -> dict[str, object]:
    """The answer to an accepted message. ``base`` is the API's address; ``sanitised`` is for e-mails only."""
    content: dict[str, object] = {"body": one.body}
    if one.channel == "email":
        content |= {"subject": one.subject, "from_email": sender}
        content["one_click_unsubscribe_url"] = one.unsubscribe_url
    else:
        content["from_number"] = sender
    body: dict[str, object] = {
        "id": str(one.id),
        "reference": one.reference,
        "content": content,
        "uri": f"{base}/v2/notifications/{one.id}",
        "template": template_reference(one, base),
        "scheduled_for": None,
    }
    return body if sanitised is None else body | {"sanitised_content": sanitised}


def _read(body: Mapping[str, object], model: type[R]) -> R:
    """The real schemas know no null, except where it means "none" by documentation."""
    fields = model.model_fields.keys() - _NULL_ALLOWED
    nulls = [invalid(f"{name} is null") for name, value in body.items() if value is None and name in fields]
    try:
        request = model.model_validate(body)
    except ValidationError as error:
        raise Refused.invalid(nulls or problems_of(error)) from None
    if nulls:
        raise Refused.invalid(nulls)
    return request
