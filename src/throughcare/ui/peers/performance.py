"""Performance reports that a provider's user asked for."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote
from uuid import UUID

from throughcare.kit.http.peer import Download, Peer
from throughcare.kit.web.schemas import Wire

PATH = "/reports/service-provider/performance"


class PerformanceReport(Wire):
    """A report: ``state`` is WAITING, RUNNING, READY or FAILED; ``file`` is its name once it can be fetched."""

    id: UUID
    from_date: date
    to_date: date
    requested_at: datetime
    state: str
    referrals_written: int
    referrals_in_all: int
    file: str | None = None
    size_in_bytes: int | None = None
    expires_at: datetime | None = None


class PerformanceReports(Peer, service="interventions"):
    """The part of the interventions service that writes performance reports. Every call may raise PeerRefused."""

    async def mine(self) -> list[PerformanceReport]:
        """The reports that the caller asked for, the newest first."""
        return await self.get(PATH, list[PerformanceReport])

    async def ask(self, first: date, last: date, key: str) -> None:
        """Ask for a report on the referrals sent between two days, both included, once for each ``key``."""
        body = {"fromDate": first.isoformat(), "toDate": last.isoformat()}
        await self.post(PATH, json=body, idempotency_key=key)

    async def file(self, name: str) -> Download:
        """A finished report of the caller's."""
        return await self.download(f"{PATH}/file/{quote(name, safe='')}")
