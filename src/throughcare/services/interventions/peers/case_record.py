"""The parts of the probation case record that people read with a referral."""

from __future__ import annotations

from throughcare.kit.http.peer import Peer
from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.case_record.schemas import CaseOfficer, CasePerson, CaseSentence


class _Manager(CaseOfficer):
    responsible_officer: bool = False


class _Managers(Wire):
    community_manager: _Manager
    prison_manager: _Manager | None = None


class _Sentences(Wire):
    convictions: list[CaseSentence]


class _Sentence(Wire):
    conviction: CaseSentence


class CaseRecordPeer(Peer, service="probation"):
    """The probation integration service, as a reader of cases."""

    async def person(self, crn: str) -> CasePerson | None:
        """Who a CRN stands for; None when the case is not known."""
        return await self.get(f"/probation-case/{crn}/details", CasePerson, missing=None)

    async def officer(self, crn: str) -> CaseOfficer | None:
        """The manager who is responsible now, the one in the community when neither is marked."""
        both = await self.get(f"/probation-case/{crn}/responsible-officer", _Managers, missing=None)
        if both is None:
            return None
        inside, outside = both.prison_manager, both.community_manager
        return inside if inside and inside.responsible_officer and not outside.responsible_officer else outside

    async def sentences(self, crn: str) -> list[CaseSentence]:
        """A person's active sentences."""
        found = await self.get(f"/probation-case/{crn}/convictions", _Sentences, missing=None)
        return found.convictions if found else []

    async def sentence(self, crn: str, sentence_id: int) -> list[CaseSentence]:
        """One sentence of a person's; none when it is not known."""
        found = await self.get(f"/probation-case/{crn}/convictions/{sentence_id}", _Sentence, missing=None)
        return [found.conviction] if found else []
