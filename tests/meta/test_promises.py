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
        "/oauth2/", "/oauth/", "/.well-known/", "/issuer/", "/login", "/logout", "/token/verify",
    },
    "interventions": {"/notify/callbacks/"},
    "notify": {"/v2/"},
    "ui": {"/sign-in", "/sign-out"},
}  # fmt: skip
OPERATIONAL = ("/ping", "/health", "/info", "/metrics", "/static/")


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.name)
def test_every_route_names_its_roles_or_is_known_to_be_open(service: Service) -> None:
    for row in route_table([service]):
        assert row.roles, f"{row.method} {row.path} says nothing"
        path = row.path.removeprefix(service.path.rstrip("/"))
        if row.roles == ("public",) and not path.startswith(OPERATIONAL):
            assert path.startswith(tuple(OPEN.get(service.name, ()))), f"{row.method} {row.path} is open"


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
