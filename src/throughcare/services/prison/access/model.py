"""What a caller needs beside a role."""

from __future__ import annotations

from throughcare.kit.auth.principal import Principal
from throughcare.kit.errors import Forbidden

WRITE = "write"
READERS = ("ROLE_GLOBAL_SEARCH", "ROLE_VIEW_PRISONER_DATA")


class WriteScopeMissing(Forbidden):
    """The token may read only (403)."""

    code = "WRITE_SCOPE_MISSING"
    title = "The token lacks the scope write"


def require_write(caller: Principal) -> None:
    """Let writers pass. Raises WriteScopeMissing.

    Source: ministryofjustice/prison-api, whose writing endpoints ask for the authority ``SCOPE_write``.
    """
    if WRITE not in caller.scopes:
        raise WriteScopeMissing
