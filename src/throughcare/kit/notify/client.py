"""The four calls to the GOV.UK Notify API that a sender needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import BaseModel

from throughcare.kit.clock import real_now
from throughcare.kit.http.gateway import Gateway, Link
from throughcare.kit.http.peer import Peer
from throughcare.kit.notify.keys import ApiKey, derived_key
from throughcare.kit.notify.settings import MailSettings

if TYPE_CHECKING:
    from throughcare.kit.context import Context


class TemplateRef(BaseModel):
    """The template that a message was made from."""

    id: UUID
    version: int


class NotificationSeen(BaseModel):
    """A message as Notify knows it."""

    id: UUID
    template: TemplateRef
    status: str = "created"
    completed_at: datetime | None = None


class NotificationsSeen(BaseModel):
    """A page of messages, newest first."""

    notifications: list[NotificationSeen]


class TemplateSeen(BaseModel):
    """A template as Notify knows it."""

    id: UUID
    version: int
    personalisation: dict[str, object] = {}


class TemplatesSeen(BaseModel):
    """All templates of the service."""

    templates: list[TemplateSeen]


class NotifyPeer(Peer, service="notify", timeout=15.0):
    """GOV.UK Notify or its stand-in. Every call carries a token of its own."""

    async def send_email(
        self, *, to: str, template_id: UUID, personalisation: Mapping[str, str], reference: UUID,
        sanitise: Sequence[str] = (),
    ) -> NotificationSeen:  # fmt: skip
        """Hand over a message; not retried here, since Notify cannot tell a repetition.

        Raises PeerUnavailable (it may have been accepted all the same), PeerRefused.
        """
        body: dict[str, object] = {
            "email_address": to,
            "template_id": str(template_id),
            "personalisation": dict(personalisation),
            "reference": str(reference),
        }
        if sanitise:
            body["sanitise_content_for"] = list(sanitise)
        accepted: NotificationSeen = await self.post("/v2/notifications/email", NotificationSeen, json=body)
        return accepted

    async def find_by_reference(self, reference: UUID) -> NotificationSeen | None:
        """The newest message with ``reference``, or None. Raises PeerUnavailable, PeerRefused."""
        page = await self.get("/v2/notifications", NotificationsSeen, params={"reference": str(reference)})
        return page.notifications[0] if page.notifications else None

    async def find(self, notification_id: UUID) -> NotificationSeen | None:
        """One message, or None when Notify does not know it any more. Raises PeerUnavailable, PeerRefused."""
        return await self.get(f"/v2/notifications/{notification_id}", NotificationSeen, missing=None)

    async def templates(self) -> list[TemplateSeen]:
        """The service's templates. Raises PeerUnavailable, PeerRefused."""
        return (await self.get("/v2/templates", TemplatesSeen)).templates


class _KeyedLink(Link):
    """A way to Notify with tokens made from an API key."""

    def __init__(self, gateway: Gateway, key: ApiKey) -> None:
        super().__init__(gateway, "notify", None)
        self._key = key

    async def authorization(self) -> str:
        return f"Bearer {self._key.token(real_now())}"

    def forget_token(self) -> bool:
        """Nothing is held that another could replace."""
        return False


def notify_peer(ctx: Context) -> NotifyPeer:
    """Notify, with the key of the settings or, when there is none, the one derived for the stand-in."""
    configured = ctx.settings(MailSettings).notify_api_key
    runtime = ctx.runtime
    key = ApiKey.parse(configured.get_secret_value()) if configured else derived_key(ctx.secrets, runtime.name)
    return NotifyPeer(_KeyedLink(runtime.gateway, key))
