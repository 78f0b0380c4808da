"""How the texts about risk are named on their page, and what was changed in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from throughcare.ui.details.model import CONCERNS
from throughcare.ui.peers.case import CasePerson
from throughcare.ui.peers.drafts import DraftRisk, ServiceUser

ALONE = "Entered without OASys, which was not answering.\n"
"""How a text begins that was written without seeing an assessment."""
ALONE_LONGEST = 4_000 - len(ALONE)
FIELDS: Sequence[tuple[str, str, str]] = tuple(
    (name.removeprefix("risk_summary_"), name, label) for name, label in CONCERNS
)
"""The name of each text on the page and in a referral, and what it is called."""
_WORDS = re.compile(r"\s+|\S+")


def risk_written(values: Mapping[str, str]) -> Mapping[str, object]:
    """The texts, by their names in a referral, as the interventions service takes them."""
    return DraftRisk(**values).model_dump(by_alias=True)


def written_alone(risk: DraftRisk | None) -> str:
    """What a practitioner wrote without OASys; empty when they did not."""
    said = (risk.additional_information if risk else None) or ""
    return said.removeprefix(ALONE) if said.startswith(ALONE) else ""


def kept_texts(risk: DraftRisk) -> dict[str, str]:
    """The texts of a draft, empty where there is none."""
    return {name: getattr(risk, name) or "" for _, name, _ in FIELDS}


def differences(old: str, new: str) -> Iterator[tuple[str, str]]:
    """What makes ``new`` of ``old``, in order: ``kept``, ``removed`` or ``added`` with words."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for what, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if what == "equal":
            yield "kept", "".join(before[a:b])
            continue
        if b > a:
            yield "removed", "".join(before[a:b])
        if d > c:
            yield "added", "".join(after[c:d])


def is_current(user: ServiceUser, person: CasePerson) -> bool:
    """Whether a referral describes the person as the case record does now."""
    now, then = person.described, user.model_dump(by_alias=True, mode="json")
    return all((then.get(name) or "") == (now[name] or "") for name in now)
