"""What the probation case record says of a person, for whoever works on a referral of theirs."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.peers.case_record import CaseOfficer, CasePerson, CaseSentence


class CaseRecord(Wire):
    """A person, who is responsible for them, and their sentences: every active one, or the one that matters.

    A part is null when the case record could not be asked; ``sentences`` is empty when there are none.
    """

    person: CasePerson | None
    officer: CaseOfficer | None
    sentences: list[CaseSentence] | None
