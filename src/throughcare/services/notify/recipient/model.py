"""E-mail addresses and phone numbers that GOV.UK Notify accepts, and those that only pretend.

Source: docs.notifications.service.gov.uk, "testing", and the public ``notifications-utils`` for their form.
"""

from __future__ import annotations

import re

from throughcare.services.notify.refusal.model import Problem, Refused

_ODD_SPACE = str.maketrans("", "", "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00a0\u202f")
_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~\-]+@([^.@\s][^@\s]+)")
_LABEL = re.compile(r"(?:xn|[a-z0-9]+)(?:-?-[a-z0-9]+)*", re.IGNORECASE)
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--(?:[a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s().\-]")
_MOBILE = re.compile(r"7(?:[1-57-9]\d{8}|624\d{6})")
_LANDLINE = re.compile(r"[1-3]\d{8,9}")
_ABROAD = re.compile(r"\d{8,15}")

SIMULATED = frozenset(
    {
        "simulate-delivered@notifications.service.gov.uk",
        "simulate-delivered-2@notifications.service.gov.uk",
        "simulate-delivered-3@notifications.service.gov.uk",
        "447700900000",
        "447700900111",
        "447700900222",
    }
)
TEST_KEY_OUTCOMES = {
    "perm-fail@simulator.notify": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
    "447700900002": "permanent-failure",
    "447700900003": "temporary-failure",
}


def email_address(given: str) -> str | None:
    """The address in lower case without odd spaces, or None when it is not one.

    A host in another script is accepted when it has an IDNA form.
    """
    address = given.translate(_ODD_SPACE).strip()
    found = _ADDRESS.fullmatch(address)
    if found is None or len(address) > 320 or ".." in address:
        return None
    try:
        host = found.group(1).encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(len(one) <= 63 and _LABEL.fullmatch(one) for one in labels):
        return None
    return address.lower() if _TOP_LABEL.fullmatch(labels[-1]) else None


def phone_number(given: str) -> str:
    """The UK mobile number as digits with its country code, for example ``447700900001``.

    Raises Refused: not a number; a landline or a number abroad, for which no service here has permission.
    """
    digits, abroad = _digits(given)
    if abroad:
        raise Refused.bad_request("Cannot send to international mobile numbers")
    national = digits.removeprefix("44").removeprefix("0")
    if _MOBILE.fullmatch(national):
        return f"44{national}"
    if _LANDLINE.fullmatch(national):
        raise Refused.invalid([Problem("InvalidPhoneError", "phone_number is not a UK mobile number")])
    raise Refused.invalid([Problem("ValidationError", "phone_number Not a valid phone number")])


def is_phone_number(given: str) -> bool:
    """Whether ``given`` is a number that a phone could have, in the UK or abroad."""
    try:
        phone_number(given)
    except Refused as refused:
        return refused.problems[0].error != "ValidationError"
    return True


def normal_form(given: str) -> str:
    """An address or number as recipients are compared. Raises Refused for neither."""
    if "@" not in given:
        return phone_number(given)
    address = email_address(given)
    if address is None:
        raise Refused.invalid([Problem("ValidationError", "email_address Not a valid email address")])
    return address


def _digits(given: str) -> tuple[str, bool]:
    """The digits of a number, and whether it is abroad; no digits when it is not a number."""
    digits = _PUNCTUATION.sub("", given.translate(_ODD_SPACE))
    with_country = digits.startswith(("+", "00"))
    digits = digits.removeprefix("+").removeprefix("00")
    if not digits.isascii() or not digits.isdigit():
        return "", False
    abroad = with_country and not digits.startswith("44")
    return digits, abroad and _ABROAD.fullmatch(digits) is not None
