"""What was searched for, marked in what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from throughcare.ui.peers.referrals import Found

LONGEST = 100
ALIKE = 0.6
NOTHING = "Enter a name, a CRN or a referral number"
TOO_SHORT = "Enter at least 2 letters of a name, or 3 characters of a CRN or referral number"
STANDINGS = {"OPEN": ("Open", "blue"), "COMPLETED": ("Completed", "green"), "CANCELLED": ("Cancelled", "grey")}
_GAPS = re.compile(r"([\s-]+)")


def standing_of(one: Found) -> tuple[str, str]:
    """The word of state of a referral and its colour."""
    if one.standing == "OPEN" and one.assigned_to is None:
        return "Unassigned", "yellow"
    return STANDINGS.get(one.standing, (one.standing.capitalize(), "grey"))


def marked_name(name: str, text: str) -> list[tuple[str, bool]]:
    """A name in pieces, each with whether it is what was searched for, or like it."""
    words = [one.lower() for one in text.split()]
    return _joined(one for part in _GAPS.split(name) for one in _marked_part(part, words))


def marked_number(number: str, text: str) -> list[tuple[str, bool]]:
    """A CRN or reference number in pieces, each with whether it was searched for."""
    sought = [text.replace(" ", ""), *text.split()]
    coded = [one.lower() for one in sought if any(each.isdigit() for each in one)]
    return list(_found_in(number, coded) or [(number, False)])


def exact_hit(found: Sequence[Found], text: str) -> Found | None:
    """The referral whose whole reference number or CRN was searched for, when it is the only one."""
    sought = text.replace(" ", "").upper()
    hits = [one for one in found if sought in {one.reference_number, one.service_user.crn}]
    return hits[0] if len(hits) == 1 else None


def _marked_part(part: str, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
    pieces = _found_in(part, words)
    if pieces:
        yield from pieces
    else:
        yield part, any(SequenceMatcher(None, part.lower(), word).ratio() >= ALIKE for word in words if len(part) > 1)


def _found_in(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """The pieces of a text around the first of the words that it holds; none when it holds none."""
    for word in sorted(words, key=len, reverse=True):
        at = text.lower().find(word)
        if word and at >= 0:
            end = at + len(word)
            return [one for one in ((text[:at], False), (text[at:end], True), (text[end:], False)) if one[0]]
    return []


def _joined(pieces: Iterator[tuple[str, bool]]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for text, marked in pieces:
        if found and found[-1][1] == marked:
            found[-1] = (found[-1][0] + text, marked)
        elif text:
            found.append((text, marked))
    return found
