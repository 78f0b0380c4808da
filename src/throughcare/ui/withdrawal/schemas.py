"""What is asked of whoever withdraws a referral."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.ui.fields import Choice, Text, When
from throughcare.ui.form import PageForm
from throughcare.ui.peers.catalogue import Reason
from throughcare.ui.withdrawal.model import LONGEST

CHOICE = "withdrawal_reason"


class ReasonForm(PageForm):
    """Why a referral is withdrawn. For each reason there is a field for details (``comments_field``)."""

    withdrawal_reason = Choice(required="Select a reason for withdrawing the referral")


class ConfirmForm(PageForm):
    """Nothing is asked any more; what the service refuses is said on the page."""

    refusals = {
        "REFERRAL_CONCLUDED": "This referral has ended meanwhile",
        "WITHDRAWAL_CODE_UNKNOWN": "This reason cannot be given any more. Choose another one",
        "STALE_VERSION": "This referral was changed at the same time. Check and send again",
    }


def comments_field(code: str) -> str:
    """The name of the field for details about a reason."""
    return f"withdrawal_comments_{code}"


def reason_form(reasons: Sequence[Reason]) -> type[ReasonForm]:
    """The form for these reasons: details are asked about the one that is chosen, and no other."""
    missing = "Enter details about why you chose this reason"
    fields = {
        comments_field(one.code): Text(what="Details", longest=LONGEST, checks=[When(CHOICE, one.code, missing)])
        for one in reasons
    }
    return type("ReasonsForm", (ReasonForm,), fields)
