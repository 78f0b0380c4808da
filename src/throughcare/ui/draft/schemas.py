"""What is asked when a referral is begun."""

from __future__ import annotations

import re
from typing import Any

from wtforms.validators import ValidationError

from throughcare.ui.fields import Choice, Line
from throughcare.ui.form import PageForm

YES, NO = "yes", "no"
YES_OR_NO = [(YES, "Yes"), (NO, "No")]
CUSTODY, COMMUNITY = "CUSTODY", "COMMUNITY"
NOT_OFFERED = "This service does not take referrals any more. Choose another one"
BEGUN = "You began to submit this referral, and other systems may know of it. Go to the task list and submit it again"
_CRN = re.compile(r"[A-Z][0-9]{6}")


def case_number(_form: Any, field: Any) -> None:
    """Checks a case identifier, whose case does not matter."""
    if not _CRN.fullmatch(field.data.upper()):
        raise ValidationError("Enter a CRN in the correct format, like X123456")


class CaseForm(PageForm):
    """Who is to be referred."""

    service_user_crn = Line(what="CRN", required="Enter a CRN", checks=[case_number])


class PersonForm(PageForm):
    """Whether the right person was found: only a button."""

    refusals = {"INTERVENTION_CLOSED": NOT_OFFERED}


class AllocatedForm(PageForm):
    """Whether somebody in the community is responsible for the person."""

    community_allocated = Choice(required="", choices=YES_OR_NO)


class PlaceForm(PageForm):
    """Where the person is."""

    current_location = Choice(
        required="", choices=[(CUSTODY, "In prison (pre-release)"), (COMMUNITY, "In the community")]
    )


class ReleaseForm(PageForm):
    """Whether the person leaves prison during the intervention."""

    prison_release = Choice(required="", choices=YES_OR_NO)


class DeletionForm(PageForm):
    """Whether a draft is to go: only a button."""

    refusals = {"SENDING_BEGUN": BEGUN}
