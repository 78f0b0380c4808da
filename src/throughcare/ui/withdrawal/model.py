"""Why a referral ends before its time, in words."""

from __future__ import annotations

ENDED_BECAUSE = {
    "INE": "the referral was ineligible",
    "MIS": "the referral was a mistake or a duplicate",
    "NOT": "the person did not engage",
    "NEE": "the person's needs were met through another route",
    "MOV": "the person moved out of the service area",
    "WOR": "of work, caring commitments or sickness",
    "USE": "the person died",
    "ACQ": "the person was acquitted on appeal",
    "RET": "the person returned to custody",
    "SER": "the sentence was revoked",
    "SEE": "the sentence expired",
    "EAR": "the intervention was completed early",
    "ANO": "of another change of circumstance",
}
"""What follows "because" in a sentence, by the code of the reason."""
