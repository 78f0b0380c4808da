"""The probation case record: who may see a case, who manages it, and what this service writes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote
from uuid import UUID

from throughcare.kit.http.peer import Peer
from throughcare.kit.http.together import together
from throughcare.kit.web.schemas import Wire

CRNS_PER_CALL = 500


class CaseLimits(Wire):
    """Whether one user is kept from one case, and what the record says to them about it."""

    crn: str
    user_excluded: bool = False
    user_restricted: bool = False
    exclusion_message: str | None = None
    restriction_message: str | None = None


class _Access(Wire):
    access: list[CaseLimits]


class _ManagedCase(Wire):
    crn: str


class _ManagedCases(Wire):
    managed_cases: list[_ManagedCase]


class Name(Wire):
    """A manager's name."""

    forename: str | None = None
    surname: str | None = None


class Manager(Wire):
    """A person's manager in the community or in prison."""

    name: Name | None = None
    username: str | None = None
    email: str | None = None
    responsible_officer: bool = False
    unallocated: bool = False


class ResponsibleOfficer(Wire):
    """Both managers of a person."""

    community_manager: Manager
    prison_manager: Manager | None = None

    @property
    def officer(self) -> Manager:
        """The manager who is responsible now; the one in the community when neither is marked."""
        inside, outside = self.prison_manager, self.community_manager
        held_inside = inside is not None and inside.responsible_officer and not outside.responsible_officer
        return inside if inside is not None and held_inside else outside


class _Identifiers(Wire):
    crn: str
    noms_id: str | None = None


class _Sentence(Wire):
    expected_end_date: date | None = None


class _Conviction(Wire):
    sentence: _Sentence | None = None


class _ConvictionAnswer(Wire):
    conviction: _Conviction


class _Booked(Wire):
    appointment_id: int


class ProbationPeer(Peer, service="probation"):
    """The probation integration service."""

    async def limits(self, username: str, crns: Sequence[str]) -> dict[str, CaseLimits]:
        """What keeps a user from these cases, by CRN; a case that is missing is one they may not see.

        A page asks several things about a case at the same time: for all of them this is asked once.
        """
        return await together(self._link.client, (username, *crns), lambda: self._limits(username, crns))

    async def _limits(self, username: str, crns: Sequence[str]) -> dict[str, CaseLimits]:
        found: dict[str, CaseLimits] = {}
        for start in range(0, len(crns), CRNS_PER_CALL):
            answer: _Access = await self.post(
                f"/users/{quote(username)}/access",
                _Access,
                json=list(crns[start : start + CRNS_PER_CALL]),
                safe=True,
            )
            found |= {one.crn: one for one in answer.access}
        return found

    async def managed_cases(self, username: str) -> list[str]:
        """The CRNs of the cases that a user manages."""
        answer = await self.get(f"/users/{quote(username)}/managed-cases", _ManagedCases, missing=None)
        return [] if answer is None else [one.crn for one in answer.managed_cases]

    async def responsible_officer(self, crn: str) -> ResponsibleOfficer | None:
        """The managers of a person; None when the case is not known."""
        return await self.get(f"/probation-case/{crn}/responsible-officer", ResponsibleOfficer, missing=None)

    async def noms_number(self, crn: str) -> str | None:
        """The person's prison number; None when they have none or the case is not known."""
        answer = await self.get(f"/probation-case/{crn}/identifiers", _Identifiers, missing=None)
        return None if answer is None else answer.noms_id

    async def sentence_end(self, crn: str, sentence_id: int) -> date | None:
        """When a sentence is expected to end; None when that is not known."""
        path = f"/probation-case/{crn}/convictions/{sentence_id}"
        answer = await self.get(path, _ConvictionAnswer, missing=None)
        return answer.conviction.sentence.expected_end_date if answer and answer.conviction.sentence else None

    async def start_referral(self, crn: str, referral: Mapping[str, object]) -> None:
        """Record that a referral began; the same referral may be sent again."""
        await self.put(f"/probation-case/{crn}/referrals", json=referral, idempotent=True)

    async def book(self, crn: str, referral_id: UUID, appointment: Mapping[str, object]) -> int:
        """Record an appointment, or move one; its number in the case record.

        The same id may be sent again.
        """
        path = f"/probation-case/{crn}/referrals/{referral_id}/appointments"
        booked: _Booked = await self.put(path, _Booked, json=appointment, idempotent=True)
        return booked.appointment_id
