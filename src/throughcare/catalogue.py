"""Every service of the system, and the machine clients that they are to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module

from throughcare.kit.service import ClientSpec, Service
from throughcare.kit.topology import Topology

PACKAGES = {
    "auth": "throughcare.services.auth",
    "notify": "throughcare.services.notify",
    "prison": "throughcare.services.prison",
    "prisoner_search": "throughcare.services.prisoner_search",
    "probation": "throughcare.services.probation",
    "risks_and_needs": "throughcare.services.risks_and_needs",
    "interventions": "throughcare.services.interventions",
    "integration": "throughcare.services.integration",
    "ui": "throughcare.ui",
}


class UnknownService(LookupError):
    """There is no service of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no service {name!r}; the services are {', '.join(PACKAGES)}")


@cache
def service(name: str) -> Service:
    """The service called ``name``. Raises UnknownService."""
    if name not in PACKAGES:
        raise UnknownService(name)
    found = import_module(PACKAGES[name]).SERVICE
    assert isinstance(found, Service)
    return found


def services(names: Iterable[str] | None = None) -> list[Service]:
    """The named services, or all, in the order in which they start. Raises UnknownService."""
    wanted = list(names) if names is not None else list(PACKAGES)
    return [service(name) for name in wanted]


def describe(topology: Topology) -> None:
    """Tell ``topology`` every service's path and every machine client, whichever services it hosts."""
    topology.paths = {one.name: one.path for one in services()}
    topology.clients = clients(topology)


def clients(topology: Topology) -> Mapping[str, ClientSpec]:
    """One client for each service, the code client of the pages, and the client of the command line."""
    audiences = tuple(PACKAGES)
    specs = [
        ClientSpec(
            one.name,
            topology.client_secret(one.name),
            ("client_credentials",),
            tuple(one.client_roles),
            audiences,
            permissions=tuple(one.client_permissions),
        )
        for one in services()
    ]
    site = topology.public_url("ui")
    pages = ClientSpec(
        "throughcare-ui", topology.client_secret("throughcare-ui"), ("authorization_code", "refresh_token"),
        audiences=audiences,
        redirect_uris=(f"{site}/sign-in/callback", f"{site}/sign-out/success"),
    )  # fmt: skip
    command_line = ClientSpec(
        "throughcare-cli", topology.client_secret("throughcare-cli"), ("client_credentials",), OPERATOR_ROLES, audiences
    )
    return {spec.client_id: spec for spec in (*specs, pages, command_line, *_demonstration(topology))}


def _demonstration(topology: Topology) -> list[ClientSpec]:
    """Clients that exist only where synthetic people live: who performs the demonstration, and two outside bodies."""
    if topology.environment not in {"dev", "test"}:
        return []
    secret, grants = topology.client_secret, ("client_credentials",)
    performer = ClientSpec("throughcare-demo", secret("throughcare-demo"), grants, DEMONSTRATION_ROLES, tuple(PACKAGES))
    consumers = [
        ClientSpec(name, secret(name), grants, ("ROLE_INTEGRATION__CONSUMER",), ("integration",))
        for name in DEMONSTRATION_CONSUMERS
    ]
    return [performer, *consumers]


DEMONSTRATION_CONSUMERS = ("mapps-demo", "kiosk-demo")
DEMONSTRATION_ROLES = (
    "ROLE_BOOKING_CREATE", "ROLE_RELEASE_PRISONER", "ROLE_TRANSFER_PRISONER", "ROLE_PRISONER_ALERTS__RW",
    "ROLE_VIEW_PRISONER_DATA", "ROLE_PRISONER_SEARCH",
    "ROLE_PROBATION_API__CASES__RW", "ROLE_ARNS__ASSESSMENTS__RW", "ROLE_ARNS__RISKS__RO", "ROLE_NOTIFY__INBOX",
    "ROLE_CONSOLE__RO", "ROLE_CONSOLE__CLOCK",
)  # fmt: skip
OPERATOR_ROLES = (
    "ROLE_QUEUE_ADMIN", "ROLE_QUEUE_ADMIN__BODY", "ROLE_CONSOLE__RO", "ROLE_CONSOLE__CLOCK", "ROLE_NOTIFY__INBOX",
    "ROLE_INTEGRATION__CONSUMERS__RW", "ROLE_AUTH__CLIENTS__RW", "ROLE_INTERVENTIONS__CONTRACTS__RW",
    "ROLE_INTERVENTIONS__APPOINTMENTS__RW",
)  # fmt: skip
