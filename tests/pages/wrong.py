"""How each form is sent wrong, by the id of its page, where it is not enough to answer nothing."""

from __future__ import annotations

from collections.abc import Mapping

EMPTY: Mapping[str, str] = {}
TOO_LONG, NO_NUMBER = "word " * 1_000, "not a number"
OFFICER = "delius-probation-practitioner"

WRONG: Mapping[str, Mapping[str, str] | None] = {
    "AM-07": {"needs-interpreter": "yes"}, "AM-08": {"has-additional-responsibilities": "yes"},
    "AM-11": {"release-date": "yes"}, "AM-15": {"amend-probation-practitioner-email": "somebody@example.com"},
    "AM-16": {"amend-probation-practitioner-phone-number": NO_NUMBER},
    "AM-17": {"amend-probation-practitioner-team-phone-number": NO_NUMBER},
    "ER-02": {"further-information": TOO_LONG}, "MR-01": {"service-user-crn": "X12"},
    "MR-08": {f"{OFFICER}-email-address": "somebody@example.com"}, "MR-09": {f"{OFFICER}-phone-number": NO_NUMBER},
    "MR-11": {f"{OFFICER}-office": "Nowhere"}, "MR-12": {f"{OFFICER}-team-phone-number": NO_NUMBER},
    "MR-14": {"location": "establishment"}, "MR-15": {"referral-creation-reason-before-allocation": TOO_LONG},
    "MR-16": {"already-know-prison-name": "no"}, "MR-17": {"expected-release-date": "yes"},
    "MR-24": {"edit-risk-confirmation": "no"},
    "MR-26": {"needs-interpreter": "yes", "has-additional-responsibilities": "yes"},
}  # fmt: skip
"""Answers by the names of their fields; what is not named is left empty. None where no answer can be wrong."""
