"""Where the pages of a draft are, which comes next, and what kind of referral it is."""

from __future__ import annotations

from enum import Enum
from uuid import UUID

from fastapi import Request

from throughcare.ui.peers.drafts import Written


class Kind(Enum):
    """What decides which pages a referral has: where the person is, and whether they have a practitioner."""

    COMMUNITY = "in the community, with a practitioner"
    PRE_RELEASE = "in prison, with a practitioner in the community"
    UNALLOCATED = "in prison, to be released during the intervention, without a practitioner"
    CUSTODIAL = "in prison and staying there, without a practitioner"

    @property
    def in_prison(self) -> bool:
        """Whether the person is in prison."""
        return self is not Kind.COMMUNITY

    @property
    def has_practitioner(self) -> bool:
        """Whether somebody in the community is responsible for the person."""
        return self in {Kind.COMMUNITY, Kind.PRE_RELEASE}


def kind_of(written: Written) -> Kind | None:
    """The kind of a referral, sent or not; None while its first questions are not answered."""
    if written.person_current_location_type == "COMMUNITY":
        return Kind.COMMUNITY
    if written.person_current_location_type != "CUSTODY":
        return None
    if written.releasing_in_12_weeks is None:
        return Kind.PRE_RELEASE
    return Kind.UNALLOCATED if written.releasing_in_12_weeks else Kind.CUSTODIAL


def of_draft(draft_id: UUID, page: str = "form") -> str:
    """The path of a page of a draft; the task list when none is named."""
    return f"/referrals/{draft_id}/{page}"


def checked(request: Request, draft_id: UUID, following: str) -> str:
    """The page after this one: ``following``, or back to the check of all answers when one came from there."""
    back = request.query_params.get("return") == "check"
    return of_draft(draft_id, "check-all-referral-information" if back else following)
