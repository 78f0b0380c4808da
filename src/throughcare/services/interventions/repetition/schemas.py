"""A message that was sent again, on the wire."""

from __future__ import annotations

from uuid import UUID

from throughcare.kit.web.schemas import Wire


class SentAgain(Wire):
    """The message that replaced one."""

    id: UUID
