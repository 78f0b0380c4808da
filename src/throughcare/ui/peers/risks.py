"""What OASys says of the risk that a person is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from throughcare.kit.http.peer import Peer, PeerRefused
from throughcare.kit.web.schemas import Wire


class Concern(Wire):
    """The answers about one risk to the person: ``YES``, ``NO``, ``DK`` or ``NA``."""

    risk: str | None = None
    previous: str | None = None
    previous_concerns_text: str | None = None
    current: str | None = None
    current_concerns_text: str | None = None


class RiskToSelf(Wire):
    """The risks to the person."""

    suicide: Concern | None = None
    self_harm: Concern | None = None
    hostel_setting: Concern | None = None
    vulnerability: Concern | None = None


class RiskSummary(Wire):
    """What was written about serious harm, and for each level the groups that are at that risk."""

    who_is_at_risk: str | None = None
    nature_of_risk: str | None = None
    risk_imminence: str | None = None
    risk_in_community: Mapping[str, Sequence[str]] = {}
    risk_in_custody: Mapping[str, Sequence[str]] = {}
    overall_risk_level: str | None = None


class Risk(Wire):
    """The newest assessment; without ``assessed_on`` there is none of the last 55 weeks."""

    risk_to_self: RiskToSelf = RiskToSelf()
    summary: RiskSummary = RiskSummary()
    assessed_on: datetime | None = None


class Risks(Peer, service="risks_and_needs", timeout=5.0):
    """The service that knows of risks and needs."""

    async def risk(self, crn: str) -> Risk:
        """The newest assessment of a person; an empty one when there is none, or none that the caller may see.

        Raises PeerUnavailable.
        """
        try:
            return await self.get(f"/risks/crn/{crn}", Risk)
        except PeerRefused as refused:
            if refused.peer_status not in {403, 404}:
                raise
            return Risk()
