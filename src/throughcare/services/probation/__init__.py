"""The probation case record: people on probation, their managers, sentences, referrals and contacts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from throughcare.kit.inbox.reactions import subscription
from throughcare.kit.service import Service
from throughcare.services.probation.access.events import ExclusionUpdated, RestrictionUpdated
from throughcare.services.probation.action_plan.reactions import on_action_plan_changed
from throughcare.services.probation.appointment.reactions import on_feedback_submitted
from throughcare.services.probation.conviction.events import SentenceCreated
from throughcare.services.probation.custody.reactions import on_prisoner_received, on_prisoner_released
from throughcare.services.probation.dev.seeds import seed
from throughcare.services.probation.engagement.events import EngagementCreated
from throughcare.services.probation.manager.events import CommunityManagerAllocated
from throughcare.services.probation.nsi.reactions import on_referral_ended
from throughcare.services.probation.person.events import PrisonIdentifierAdded
from throughcare.services.probation.registration.events import (
    RegistrationAdded,
    RegistrationDeleted,
    RegistrationDeregistered,
    RegistrationUpdated,
)
from throughcare.services.probation.settings import ProbationSettings

if TYPE_CHECKING:
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.probation.access import routes as access
    from throughcare.services.probation.appointment import routes as appointment
    from throughcare.services.probation.contact import routes as contact
    from throughcare.services.probation.conviction import routes as conviction
    from throughcare.services.probation.custody import routes as custody
    from throughcare.services.probation.engagement import routes as engagement
    from throughcare.services.probation.lookup import routes as lookup
    from throughcare.services.probation.manager import routes as manager
    from throughcare.services.probation.nsi import routes as nsi
    from throughcare.services.probation.person import routes as person
    from throughcare.services.probation.reference import routes as reference
    from throughcare.services.probation.registration import routes as registration
    from throughcare.services.probation.staff import routes as staff

    features = (
        person, engagement, lookup, manager, custody, access, conviction, registration, nsi, appointment, contact,
        staff, reference,
    )  # fmt: skip
    return [feature.router for feature in features]


SERVICE = Service(
    name="probation",
    path="/probation-integration-api",
    title="Probation case record",
    routers=_routers,
    settings=ProbationSettings,
    publishes=[
        EngagementCreated,
        PrisonIdentifierAdded,
        SentenceCreated,
        CommunityManagerAllocated,
        ExclusionUpdated,
        RestrictionUpdated,
        RegistrationAdded,
        RegistrationUpdated,
        RegistrationDeregistered,
        RegistrationDeleted,
    ],
    subscriptions=[
        subscription(
            "probation",
            [
                on_prisoner_released,
                on_prisoner_received,
                on_referral_ended,
                on_feedback_submitted,
                on_action_plan_changed,
            ],
        )
    ],
    client_roles=("ROLE_INTERVENTIONS_API_READ_ALL",),
    seed=seed,
)
