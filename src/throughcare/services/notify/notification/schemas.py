"""What the Notify API is asked and answers about messages that it has.

Source: docs.notifications.service.gov.uk, "get the status of multiple messages" and "delivery receipts".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from throughcare.services.notify.document.schemas import problems_of
from throughcare.services.notify.notification.model import FILTERS, Notification, wanted_statuses, wire_time
from throughcare.services.notify.refusal.model import Refused


class ListQuery(BaseModel):
    """GET /v2/notifications."""

    model_config = ConfigDict(extra="forbid")

    template_type: list[Literal["email", "sms", "letter"]] = []
    status: list[str] = []
    reference: list[str] = []
    older_than: list[UUID] = []
    include_jobs: list[Literal["true", "True"]] = []

    @field_validator("status")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        if any(one not in FILTERS for one in value):
            raise ValueError(f"must be one of {', '.join(sorted(FILTERS))}")
        return value

    @property
    def statuses(self) -> frozenset[str]:
        """The statuses that are asked for; empty for all."""
        return wanted_statuses(self.status)


def read_list_query(parameters: Sequence[tuple[str, str]]) -> ListQuery:
    """The filters of a list. Raises Refused for an unknown parameter or value."""
    collected: dict[str, list[str]] = {}
    for name, value in parameters:
        collected.setdefault(name, []).append(value)
    try:
        return ListQuery.model_validate(collected)
    except ValidationError as error:
        raise Refused.invalid(problems_of(error)) from None


def template_reference(one: Notification, base: str) -> dict[str, object]:
    """The template of a message, as answers name it."""
    uri = f"{base}/services/{one.service_id}/templates/{one.template_id}"
    return {"id": str(one.template_id), "version": one.template_version, "uri": uri}


def stored(one: Notification, base: str) -> dict[str, object]:
    """A message as GET answers it."""
    nothing = dict.fromkeys((f"line_{number}" for number in range(1, 7)), None)
    return {
        "id": str(one.id),
        "reference": one.reference,
        "email_address": one.recipient if one.channel == "email" else None,
        "phone_number": one.recipient if one.channel == "sms" else None,
        **nothing,
        "postcode": None,
        "postage": None,
        "type": one.channel,
        "status": one.status,
        "template": template_reference(one, base),
        "body": one.body,
        "subject": one.subject,
        "created_at": wire_time(one.created_at),
        "created_by_name": None,
        "sent_at": wire_time(one.sent_at) if one.sent_at else None,
        "completed_at": wire_time(one.completed_at) if one.completed_at else None,
        "scheduled_for": None,
        "one_click_unsubscribe_url": one.unsubscribe_url,
        "is_cost_data_ready": True,
        "cost_in_pounds": 0.0,
        "cost_details": {},
    }


def receipt(one: Notification) -> dict[str, object]:
    """The delivery receipt of a message."""
    return {
        "id": str(one.id),
        "reference": one.reference,
        "to": one.recipient,
        "status": one.status,
        "created_at": wire_time(one.created_at),
        "completed_at": wire_time(one.completed_at) if one.completed_at else None,
        "sent_at": wire_time(one.sent_at) if one.sent_at else None,
        "notification_type": one.channel,
        "template_id": str(one.template_id),
        "template_version": one.template_version,
    }
