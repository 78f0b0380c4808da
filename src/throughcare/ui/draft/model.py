"""Where the pages of a draft are, and which comes next."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request


def of_draft(draft_id: UUID, page: str = "form") -> str:
    """The path of a page of a draft; the task list when none is named."""
    return f"/referrals/{draft_id}/{page}"


def checked(request: Request, draft_id: UUID, following: str) -> str:
    """The page after this one: ``following``, or back to the check of all answers when one came from there."""
    back = request.query_params.get("return") == "check"
    return of_draft(draft_id, "check-all-referral-information" if back else following)
