"""What a service that sends mail announces."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from throughcare.kit.messaging.envelope import DomainEvent


class NotificationDeliveryFailed(
    DomainEvent,
    type="notification.delivery.failed",
    key="request_id",
    description="A message could not be delivered, and trying again as it was will not help",
):
    """Names the request and its template; the recipient is known to the publishing service alone."""

    request_id: UUID
    template: str
    outcome: Literal["failed-permanent", "failed-technical"]
