"""What can be wrong with a referral that is sent."""

from __future__ import annotations

from throughcare.ui.form import PageForm

NOT_TAKEN = "nDelius did not accept the referral. Check the relevant sentence, then submit it again"


class SendForm(PageForm):
    """Nothing is asked: the referral is sent as it stands."""

    refusals = {
        "RISK_NOT_RECORDED": "The risk information was not accepted. Check it, then submit the referral again",
        "REFERRAL_NOT_RECORDED": NOT_TAKEN,
        "INTERVENTION_CLOSED": "This service takes no more referrals. Find another intervention",
    }
