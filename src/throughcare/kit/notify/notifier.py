"""Asking for a message, in the transaction of whatever it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Self, cast
from uuid import UUID

from throughcare.kit.db.unit_of_work import UnitOfWork
from throughcare.kit.ids import new_id
from throughcare.kit.notify import table
from throughcare.kit.notify.cipher import MailCipher
from throughcare.kit.notify.manifest import Manifest, check
from throughcare.kit.notify.settings import MailSettings

if TYPE_CHECKING:
    from throughcare.kit.context import Context

UNREACHABLE_DAYS = 7


class Notifier:
    """Writes messages to be sent. A use case is given one; ``Notifier.of(ctx, MANIFEST)`` makes it."""

    def __init__(self, cipher: MailCipher, manifest: Manifest, *, enabled: bool = True) -> None:
        self._cipher, self._manifest, self._enabled = cipher, manifest, enabled

    @classmethod
    def of(cls, ctx: Context, manifest: Manifest) -> Self:
        """The notifier of the service that ``ctx`` belongs to; its settings must be MailSettings."""
        enabled = ctx.settings(MailSettings).mail_enabled
        return cls(MailCipher(ctx.secrets, ctx.runtime.name), manifest, enabled=enabled)

    async def request(
        self, uow: UnitOfWork, *, template: str, to: str, personalisation: Mapping[str, str], dedupe_key: str,
        window: timedelta, user_typed: Sequence[str] = (), verified: bool = True,
    ) -> UUID | None:  # fmt: skip
        """Have ``template`` sent to the address ``to`` once the transaction of ``uow`` commits; the request's id.

        ``dedupe_key`` names the event and the recipient's role, never a person: a second request with the
        same key does nothing and answers None. After ``window`` (of real time) the message is no longer useful and is
        abandoned. The fields in ``user_typed`` hold text that somebody typed; links and formatting in them
        lose their effect. With an address that is not ``verified``, or was found not to exist within 7
        days, the request is kept as suppressed.

        Raises UnknownTemplate when template or fields are not those of the manifest.
        """
        check(self._manifest, template, [*personalisation])
        if strange := [name for name in user_typed if name not in personalisation]:
            raise ValueError(f"{template}: {strange} are not among the personalisation")
        values = {
            "id": new_id(),
            "dedupe_key": dedupe_key,
            "template": template,
            "recipient": self._cipher.seal(to.strip()),
            "recipient_hash": self._cipher.hash(to),
            "personalisation": self._cipher.seal(
                json.dumps({"values": dict(personalisation), "sanitise": list(user_typed)})
            ),
            "now": uow.now,
            "window": window.total_seconds(),
            "send": self._enabled and verified,
            "unreachable_days": UNREACHABLE_DAYS,
        }
        return cast("UUID | None", await uow.connection.scalar(table.ADD, values))

    async def repeat(self, uow: UnitOfWork, request_id: UUID, *, to: str | None, window: timedelta) -> UUID | None:
        """Have a message sent once more, to the address ``to`` or else to the one that it had; the new request's id.

        An address that was found not to exist is tried again: whoever asks has reason to. None when what the message
        said was forgotten, or it was repeated before.
        """
        values = {
            "id": new_id(), "request_id": request_id, "recipient": to and self._cipher.seal(to.strip()),
            "recipient_hash": to and self._cipher.hash(to), "now": uow.now, "window": window.total_seconds(),
            "send": self._enabled,
        }  # fmt: skip
        return cast("UUID | None", await uow.connection.scalar(table.REPEAT, values))
