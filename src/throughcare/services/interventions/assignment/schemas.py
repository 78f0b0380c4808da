"""A request to assign a referral, on the wire."""

from __future__ import annotations

from throughcare.kit.web.schemas import Wire
from throughcare.services.interventions.actor.schemas import AuthUser


class AssignReferral(Wire):
    """Who is to work on the referral."""

    assigned_to: AuthUser
