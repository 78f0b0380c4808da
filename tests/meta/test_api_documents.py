"""The OpenAPI document of every service: whole, valid where callers rely on it, and true about who may call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.conftest import SECRETS
from throughcare import catalogue
from throughcare.kit.messaging.pgmq import PgmqBus
from throughcare.kit.route_table import route_table
from throughcare.kit.runtime import make_runtime
from throughcare.kit.service import Service
from throughcare.kit.topology import Build, Topology
from throughcare.kit.web.app import create_app

SERVICES = catalogue.services()
METHODS = {"get", "post", "put", "patch", "delete"}


def application(service: Service) -> Any:
    topology = Topology(
        base_url="http://kit.test", database_dsn=lambda _: "postgresql://nowhere", make_bus=lambda: PgmqBus(""),
        secrets=SECRETS, build=Build("2026-11-25.41.0a1b2c3"), environment="test",
    )  # fmt: skip
    catalogue.describe(topology)
    return create_app(make_runtime(service, topology, PgmqBus("")))


@pytest.fixture(scope="module", params=SERVICES, ids=lambda one: one.name)
def service(request: pytest.FixtureRequest) -> Service:
    one: Service = request.param
    return one


@pytest.fixture(scope="module")
async def document(service: Service) -> dict[str, Any]:
    transport = httpx2.ASGITransport(application(service))
    async with httpx2.AsyncClient(transport=transport, base_url=f"http://kit.test{service.path}") as client:
        found: dict[str, Any] = (await client.get("/v3/api-docs")).json()
        return found


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield method, path, operation


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_the_document_is_openapi_3_1_and_of_the_version_that_runs(document: dict[str, Any], service: Service) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"] == {"title": service.title, "version": "2026-11-25.41.0a1b2c3"}


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        part: Any = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step.replace("~1", "/").replace("~0", "~")]


def test_operation_ids_are_unique_and_say_method_and_path(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(document):
        assert operation["operationId"].startswith(f"{method}_"), path


def test_who_may_call_is_in_the_document_as_in_the_route_table(document: dict[str, Any], service: Service) -> None:
    root = service.path.rstrip("/")
    known = {(row.method.lower(), row.path.removeprefix(root) or "/"): row.roles for row in route_table([service])}
    for method, path, operation in operations(document):
        roles = known[method, path]
        assert tuple(operation["x-roles"]) == roles
        assert operation.get("security", []) == ([] if roles == ("public",) else [{"bearer": []}]), path
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_closed_operation_tells_how_it_refuses(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        if operation["x-roles"] != ["public"]:
            assert {"400", "401", "403", "404", "503"} <= operation["responses"].keys(), f"{method} {path}"
            problem = operation["responses"]["401"]["content"]["application/json"]["schema"]["$ref"]
            assert problem == "#/components/schemas/Problem"
        if method in {"post", "patch"} and operation["x-roles"] != ["public"]:
            assert "Idempotency-Key" in [one["name"] for one in operation["parameters"]]
            reused = operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"]
            assert reused == "#/components/schemas/Problem"


def test_no_document_promises_the_error_of_the_framework_which_is_never_sent(document: dict[str, Any]) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()
    assert "#/components/schemas/HTTPValidationError" not in set(references(document))
