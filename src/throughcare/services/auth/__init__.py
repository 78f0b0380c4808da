"""The authorisation server: who somebody is, what they may do, and the tokens that say so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from throughcare.kit.jobs.schedule import Job, daily, every
from throughcare.kit.service import Service
from throughcare.services.auth.client.usecases import register_clients
from throughcare.services.auth.dev.seeds import seed
from throughcare.services.auth.external_user.events import UserDisabled, UserEnabled
from throughcare.services.auth.key.jobs import rotate
from throughcare.services.auth.key.model import BITS, BITS_IN_TESTS, PURPOSE
from throughcare.services.auth.key.usecases import ensure_keys
from throughcare.services.auth.retention.jobs import clean_up
from throughcare.services.auth.session.events import SessionRevoked
from throughcare.services.auth.session.jobs import count_sign_ins
from throughcare.services.auth.settings import AuthSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from throughcare.kit.runtime import Runtime
    from throughcare.kit.web.router import Router


def _routers() -> Sequence[Router]:
    from throughcare.services.auth.account import routes as account
    from throughcare.services.auth.authorization import routes as authorization
    from throughcare.services.auth.discovery import routes as discovery
    from throughcare.services.auth.external_user import routes as external_user
    from throughcare.services.auth.group import routes as group
    from throughcare.services.auth.introspection import routes as introspection
    from throughcare.services.auth.key import routes as key
    from throughcare.services.auth.registration import routes as registration
    from throughcare.services.auth.revocation import routes as revocation
    from throughcare.services.auth.sign_in import routes as sign_in
    from throughcare.services.auth.token import routes as token

    public = [discovery.router, key.router, authorization.router, sign_in.router, token.router]
    return [
        *public,
        introspection.router,
        revocation.router,
        group.router,
        account.router,
        external_user.router,
        registration.router,
    ]


def _customise(app: FastAPI, runtime: Runtime) -> None:
    from throughcare.services.auth.pages import offer_pages
    from throughcare.services.auth.refusals import in_oauths_words

    in_oauths_words(app)
    offer_pages(app, runtime)


@asynccontextmanager
async def _ready(runtime: Runtime) -> AsyncIterator[None]:
    """Clients and keys are there before the first request."""
    topology = runtime.topology
    await register_clients(runtime.context().uow, topology.clients.values())
    bits = BITS_IN_TESTS if topology.environment == "test" else BITS
    await ensure_keys(runtime.context().uow, topology.secrets.derive(PURPOSE), bits=bits)
    yield


SERVICE = Service(
    name="auth",
    path="/auth",
    title="Authorisation server",
    routers=_routers,
    settings=AuthSettings,
    lifespan=_ready,
    customise=_customise,
    publishes=[SessionRevoked, UserDisabled, UserEnabled],
    seed=seed,
    jobs=[
        Job("rotate-keys", daily("02:00"), rotate),
        Job("drop-what-is-over", every(hours=1), clean_up),
        Job("count-sign-ins", every(minutes=1), count_sign_ins),
    ],
)
