"""Prisoner search: the index of everybody known to the prisons, and the events that tell what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from throughcare.kit.inbox.reactions import subscription
from throughcare.kit.service import Service, Worker
from throughcare.services.prisoner_search.dev.seeds import seed
from throughcare.services.prisoner_search.index.events import (
    AlertsUpdated,
    ConvictedStatusChanged,
    PrisonerCreated,
    PrisonerReceived,
    PrisonerReleased,
    PrisonerRemoved,
    PrisonerUpdated,
)
from throughcare.services.prisoner_search.index.reactions import on_prisoner_changed
from throughcare.services.prisoner_search.refresh.jobs import refresh_page

if TYPE_CHECKING:
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.prisoner_search.detail import routes as detail
    from throughcare.services.prisoner_search.establishment import routes as establishment
    from throughcare.services.prisoner_search.lookup import routes as lookup
    from throughcare.services.prisoner_search.matching import routes as matching
    from throughcare.services.prisoner_search.refresh import routes as refresh
    from throughcare.services.prisoner_search.search import routes as search

    features = (lookup, search, detail, matching, establishment, refresh)
    return [feature.router for feature in features]


SERVICE = Service(
    name="prisoner_search",
    path="/prisoner-search",
    title="Prisoner search",
    routers=_routers,
    publishes=[
        PrisonerCreated,
        PrisonerUpdated,
        PrisonerRemoved,
        PrisonerReceived,
        PrisonerReleased,
        ConvictedStatusChanged,
        AlertsUpdated,
    ],
    subscriptions=[subscription("prisoner_search", [on_prisoner_changed])],
    workers=[Worker("refresh", refresh_page, poll=5.0)],
    client_roles=("ROLE_PRISONER_INDEX",),
    seed=seed,
)
