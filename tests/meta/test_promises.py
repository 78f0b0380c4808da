"""What must hold for every service, whatever it does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from throughcare import catalogue
from throughcare.cli.contracts import FOLDER, documents
from throughcare.kit.route_table import route_table
from throughcare.kit.service import Service

SERVICES = catalogue.services()
SOURCE = Path(catalogue.__file__).parent
FROM_OUTSIDE = ("prison-offender-events.", "adjudication.", "incentives.", "prison-visit.", "plp.", "san.")
OPEN = {
    "auth": {
        # what a client must know before it has a token
        "GET /issuer/.well-known/openid-configuration", "GET /issuer/.well-known/oauth-authorization-server",
        "GET /.well-known/oauth-authorization-server/issuer", "GET /.well-known/jwks.json",
        # signing in and out, under today's paths and those that older callers know
        "GET /sign-in", "POST /sign-in", "GET /login", "POST /login", "GET /sign-out", "GET /logout",
        "GET /oauth2/authorize", "GET /oauth/authorize",
        # asked by clients with their own id and secret
        "POST /oauth2/token", "POST /oauth/token", "POST /oauth2/introspect", "POST /oauth2/revoke",
    },
    # asked with the bearer token that was agreed with GOV.UK Notify
    "interventions": {"POST /notify/callbacks/delivery"},
    # asked with the tokens that clients of GOV.UK Notify make themselves
    "notify": {
        "POST /v2/notifications/email", "POST /v2/notifications/sms", "POST /v2/notifications/letter",
        "GET /v2/notifications", "GET /v2/notifications/{notification_id}",
        "GET /v2/notifications/{notification_id}/pdf", "GET /v2/received-text-messages", "GET /v2/templates",
        "GET /v2/template/{template_id}", "GET /v2/template/{template_id}/version/{version}",
        "POST /v2/template/{template_id}/preview",
    },
    "ui": {
        "GET /sign-in", "GET /sign-in/callback", "GET /sign-out", "POST /sign-out", "GET /sign-out/success",
        # what the service says of itself, and telling it of a problem, also for whoever cannot sign in
        "GET /accessibility-statement", "GET /cookies", "GET /privacy", "GET /report-a-problem",
        "POST /report-a-problem", "GET /report-a-problem/{reference}",
    },
}  # fmt: skip
OPERATIONAL = ("/ping", "/health", "/info", "/metrics", "/static/")


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.name)
def test_every_route_names_its_roles_or_is_known_to_be_open(service: Service) -> None:
    rows = route_table([service])
    assert [f"{row.method} {row.path}" for row in rows if not row.roles] == []
    root = service.path.rstrip("/")
    open_routes = {f"{row.method} {row.path.removeprefix(root)}" for row in rows if row.roles == ("public",)}
    beyond_operations = {one for one in open_routes if not one.partition(" ")[2].startswith(OPERATIONAL)}
    assert beyond_operations == OPEN.get(service.name, set())


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.name)
def test_every_queue_has_a_reader_and_hears_only_of_events_that_exist(service: Service) -> None:
    published = {event.event_type for one in SERVICES for event in one.publishes}
    for one in service.subscriptions:
        assert one.reactions
        types = {kind for each in one.reactions for kind in each.reads.types}
        assert types
        if service.name != "integration":
            assert {kind for kind in types - published if not kind.startswith(FROM_OUTSIDE)} == set()


def test_an_event_type_has_one_publisher_and_one_class() -> None:
    kinds = [event.event_type for one in SERVICES for event in one.publishes]
    assert len(kinds) == len(set(kinds))


def test_every_event_has_its_schema_and_the_contracts_are_up_to_date() -> None:
    for name, text in documents().items():
        path = FOLDER / name
        assert path.exists(), f"{name} is missing: run `make contracts`"
        assert path.read_text("utf-8") == text, f"{name} is out of date: run `make contracts`"


def test_no_service_imports_another() -> None:
    for path in (SOURCE / "services").rglob("*.py"):
        own = path.relative_to(SOURCE / "services").parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if name.startswith("throughcare.services."):
                    assert name.split(".")[2] == own, f"{path} imports {name}"
