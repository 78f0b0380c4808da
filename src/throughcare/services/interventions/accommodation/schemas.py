"""Referrals for accommodation as the accommodation service reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser
from throughcare.services.interventions.catalogue.schemas import ServiceProvider


class AccommodationProviders(Wire):
    """When a referral was begun, and who delivers it: the prime provider first."""

    created_at: datetime
    service_providers: list[ServiceProvider]


class SasReferral(Wire):
    """A sent referral: LIVE until it is WITHDRAWN, or COMPLETED with an end of service report."""

    status: Literal["LIVE", "COMPLETED", "WITHDRAWN"]
    sent_at: datetime
    sent_by: AuthUser
    referral: AccommodationProviders
