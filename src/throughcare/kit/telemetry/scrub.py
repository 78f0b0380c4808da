"""Masks secrets and personal identifiers in text: the safety net under the rule that none is ever logged.

Identifiers have the shapes that HM Prison and Probation Service uses: NOMS number ``A1234BC``, CRN
``X123456``, PNC ``2012/0123456X``; a National Insurance number is ``QQ 12 34 56 C``. Letters match in either
case, and an underscore counts as an edge. A UUID or a run of hexadecimal digits is never taken for one.
"""

from __future__ import annotations

import re

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_WORD = r"[^\s@<>\"(),;\[\]\\]"
_SECRET_NAME = r"(?:api[_-]?key|secret|password|passwd|passphrase|token|authorization)"


def _rule(hints: tuple[str, ...], pattern: str, mask: str) -> tuple[tuple[str, ...], re.Pattern[str], str]:
    return hints, re.compile(pattern, re.ASCII | re.IGNORECASE), mask


# Each rule is tried only where one of its hints stands in the text in lower case.
_WORDED = (
    _rule(("eyj",), r"eyJ[a-z0-9_-]{6,}(?:\.[a-z0-9_-]*){0,4}", "[token]"),
    _rule(("bearer",), r"\b(bearer)\s+(?:(?=\S*\d)[^\s\[]\S{5,}|[^\s\[]\S{15,})", r"\1 [token]"),
    _rule(("basic",), r"\b(basic)\s+(?=[a-z0-9+/]*[\d=])[a-z0-9+/]{8,}={0,2}", r"\1 [token]"),
    _rule(
        ("key", "secret", "pass", "token", "authorization"),
        rf"({_SECRET_NAME}[\"']?\s?[:=]\s?[\"']?)(?!\[|bearer\b|basic\b)[^\s\"',;&\[\]]+",
        r"\1[secret]",
    ),
    _rule(("akia", "asia"), r"(?<![a-z0-9])(?:akia|asia)[a-z0-9]{16}(?![a-z0-9])", "[secret]"),
    _rule(("gh", "sk_"), r"(?<![a-z0-9])(?:gh[pousr]_[a-z0-9]{36,}|sk_[a-z]+_[a-z0-9]{16,})", "[secret]"),
    _rule(("@", "%40"), rf"(?<!{_WORD}){_WORD}+(?:@|%40){_WORD}+", "[email]"),
)
_DIGIT = re.compile(r"[0-9]")
_NUMBERED = re.compile(
    rf"""(?<![a-z0-9])(?:
        (?P<secret>{_UUID}-{_UUID})
      | (?P<noms_number>[a-z][0-9]{{4}}[a-z]{{2}})
      | (?P<crn>[a-z][0-9]{{6}})
      | (?P<pnc>[0-9]{{2}}(?:[0-9]{{2}})?(?:/|%2f)[0-9]{{1,7}}[a-z])
      | (?P<ni_number>[a-z]{{2}}(?:[\ -]?[0-9]{{2}}){{3}}[\ -]?[a-d])
    )(?![a-z0-9])""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def _mask_of(found: re.Match[str]) -> str:
    return f"[{(found.lastgroup or 'masked').replace('_', '-')}]"


def scrub_counted(text: str) -> tuple[str, int]:
    """``text`` with every secret and identifier masked, and how many were."""
    total = 0
    lowered = text.lower()
    for hints, pattern, mask in _WORDED:
        for hint in hints:
            if hint in lowered:
                text, count = pattern.subn(mask, text)
                total += count
                break
    if _DIGIT.search(text):
        text, count = _NUMBERED.subn(_mask_of, text)
        total += count
    return text, total


def scrub(text: str) -> str:
    """``text`` with every bearer token, JWT, key, e-mail address and personal identifier masked."""
    return scrub_counted(text)[0]
