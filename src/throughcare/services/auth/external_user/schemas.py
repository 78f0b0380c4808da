"""What shutting an account takes."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from throughcare.kit.web.schemas import Wire


class DisableUser(Wire):
    """Why the account is shut; shown with it."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=100)]
