"""How a referral stands, for people in support."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from throughcare.ui.peers.support import Standing

ENDED = datetime(2024, 2, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("standing", "concluded", "said"),
    [("OPEN", None, "Open"), ("OPEN", ENDED, "Ended, its report is to be written"), ("CANCELLED", ENDED, "Cancelled"),
     ("COMPLETED", ENDED, "Completed")],
)  # fmt: skip
def test_a_referral_that_ended_after_a_session_waits_for_its_report(
    standing: str, concluded: datetime | None, said: str
) -> None:
    one = Standing(
        id=UUID(int=1), reference_number="AB1234CD", crn="X100001", intervention_title="ETE",
        contract_reference="DN535743", service_provider="Achieve", standing=standing, sent_at=ENDED,
        sent_by="BERNARD.BEAKS", concluded_at=concluded,
    )  # fmt: skip
    assert one.words[0] == said
