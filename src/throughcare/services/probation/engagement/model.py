"""What it takes to open a case."""

from __future__ import annotations

from dataclasses import dataclass

from throughcare.services.probation.conviction.model import Sentence
from throughcare.services.probation.person.model import Address, Details, Disability


@dataclass(frozen=True)
class NewCase:
    """A person who comes under probation; the CRN is the next free one unless given."""

    crn: str | None
    noms_number: str | None
    details: Details
    address: Address | None
    disabilities: tuple[Disability, ...]
    sentence: Sentence | None
    has_rar: bool
    manager_username: str | None
