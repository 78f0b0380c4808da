"""A request to withdraw a referral, on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.overview.schemas import Withdrawal


class WithdrawReferral(Wire):
    """Why the referral ends. ``withdrawalState`` is accepted from older callers; the server decides it."""

    code: str
    comments: Annotated[str, Field(max_length=2500)] | None = None
    withdrawal_state: Withdrawal | None = None
