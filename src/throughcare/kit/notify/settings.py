"""What a service that sends mail can be told from outside."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field, SecretStr

from throughcare.kit.settings import ServiceSettings


class MailSettings(ServiceSettings):
    """Settings of a sending service; its own settings class inherits from this one.

    Unset, messages go to the system's own stand-in with a key that both sides derive. For the real GOV.UK
    Notify set ``notify_api_key``, the ids of its templates by key in ``notify_templates``, the token of its
    callbacks in ``notify_callback_token``, and ``THROUGHCARE_PEER_URLS`` to ``{"notify":
    "https://api.notifications.service.gov.uk"}``. ``mail_enabled=false`` records messages as suppressed.
    """

    mail_enabled: bool = True
    notify_api_key: SecretStr | None = None
    notify_templates: dict[str, UUID] = Field(default_factory=dict)
    notify_callback_token: SecretStr | None = None
