"""Addresses of the pages that messages, events and case records point to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Pages:
    """Pages under the address of the user interface, without a trailing slash."""

    base: str

    def practitioner(self, referral_id: UUID, page: str = "details") -> str:
        """A page of a referral for its practitioner."""
        return f"{self.base}/probation-practitioner/referrals/{referral_id}/{page}"

    def provider(self, referral_id: UUID, page: str = "details") -> str:
        """A page of a referral for its provider."""
        return f"{self.base}/service-provider/referrals/{referral_id}/{page}"

    def assessment_feedback(self, referral_id: UUID) -> str:
        """The feedback on a supplier assessment."""
        return self.practitioner(referral_id, "supplier-assessment/post-assessment-feedback")

    def session_feedback(self, referral_id: UUID, number: int, appointment_id: UUID) -> str:
        """The feedback on an appointment of a delivery session."""
        return self.practitioner(referral_id, f"session/{number}/appointment/{appointment_id}/post-session-feedback")

    def case_note(self, note_id: UUID, *, for_provider: bool) -> str:
        """A case note for one of the two sides."""
        side = "service-provider" if for_provider else "probation-practitioner"
        return f"{self.base}/{side}/case-note/{note_id}"

    def report(self, report_id: UUID) -> str:
        """An end of service report for the practitioner."""
        return f"{self.base}/probation-practitioner/end-of-service-report/{report_id}"

    def performance_report(self, file: str) -> str:
        """Where a provider fetches a performance report."""
        return f"{self.base}/service-provider/performance-report/download?filename={file}"
