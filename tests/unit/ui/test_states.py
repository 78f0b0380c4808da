"""In what state an appointment and an action plan are: the first rule that applies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from throughcare.ui.peers.delivery import Attendance, Feedback, Plan
from throughcare.ui.peers.referrals import User
from throughcare.ui.progress.model import PlanState, State, plan_state, state_of
from throughcare.ui.referral.model import Side

NOW = datetime(2024, 3, 4, 12, 0, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "happened", "attended", "submitted", "superseded", "state"),
    [
        (None, None, None, False, False, State.NOT_SCHEDULED),
        (PAST, None, None, False, True, State.RESCHEDULED),
        (FUTURE, None, None, False, True, State.RESCHEDULED),
        (PAST, True, "yes", True, False, State.COMPLETED),
        (PAST, False, "no", True, False, State.DID_NOT_ATTEND),
        (PAST, False, "no", True, True, State.DID_NOT_ATTEND),
        (PAST, False, "yes", True, False, State.DID_NOT_HAPPEN),
        (PAST, None, "no", True, False, State.DID_NOT_ATTEND),
        (PAST, None, "late", True, False, State.COMPLETED),
        (PAST, True, "yes", False, False, State.NEEDS_FEEDBACK),
        (NOW, None, None, False, False, State.NEEDS_FEEDBACK),
        (FUTURE, None, None, False, False, State.SCHEDULED),
    ],
)
def test_an_appointment_is_in_the_first_state_that_applies(
    at: datetime | None, happened: bool | None, attended: str | None, submitted: bool, superseded: bool, state: State
) -> None:
    feedback = Feedback(
        attendance_feedback=Attendance(did_session_happen=happened, attended=attended), submitted=submitted
    )
    assert state_of(at, feedback, NOW, superseded=superseded) is state


def plan(submitted: datetime | None = None, approved: datetime | None = None) -> Plan:
    somebody = User(username="X", user_id="1", auth_source="auth")
    uuid = "01a22456-1774-7230-a36d-3d19aa0332a6"
    return Plan.model_validate(
        {"id": uuid, "referral_id": uuid, "created_by": somebody, "created_at": PAST, "submitted_at": submitted,
         "approved_at": approved}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "side", "state"),
    [
        (None, Side.PROVIDER, PlanState.NOT_SUBMITTED),
        (plan(), Side.PROVIDER, PlanState.IN_DRAFT),
        (plan(), Side.PRACTITIONER, PlanState.NOT_SUBMITTED),
        (plan(PAST), Side.PRACTITIONER, PlanState.AWAITING_APPROVAL),
        (plan(PAST, PAST), Side.PRACTITIONER, PlanState.APPROVED),
    ],
)
def test_a_plan_that_is_being_written_is_its_providers_own_business(
    one: Plan | None, side: Side, state: PlanState
) -> None:
    assert plan_state(one, side) is state
