"""What the documents promise to be whole: settings, tables, commands, and the way from page to page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import typer

from tests.conftest import database_url
from throughcare import catalogue
from throughcare.cli.main import app
from throughcare.kit.settings import PlatformSettings, ServiceSettings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "throughcare"
EVERYWHERE = "In every service"


def variables() -> Iterator[str]:
    yield "DATABASE_URL"
    yield "THROUGHCARE_<SERVICE>__DATABASE_URL"
    yield from (f"THROUGHCARE_{name.upper()}" for name in PlatformSettings.model_fields)
    for service in catalogue.services():
        own = service.settings.model_fields.keys() - ServiceSettings.model_fields.keys()
        yield from (f"THROUGHCARE_{service.name.upper()}__{name.upper()}" for name in own)


def test_every_setting_is_documented_and_nothing_else() -> None:
    documented = set(
        re.findall(r"`((?:THROUGHCARE_|DATABASE_URL|OTEL_)[A-Z_<>]*)`", (DOCS / "settings.md").read_text())
    )
    code = " ".join(path.read_text("utf-8") for path in [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
    assert set(variables()) - documented == set()
    named_in_code = {one for one in documented - set(variables()) if one in code}
    assert documented - set(variables()) - named_in_code == set()


def test_every_variable_that_a_document_names_is_a_setting() -> None:
    known = (DOCS / "settings.md").read_text()
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for name in re.findall(r"THROUGHCARE_[A-Z]+(?:_[A-Z]+)*(?:__[A-Z]+(?:_[A-Z]+)*)?", path.read_text("utf-8")):
            example = name.startswith("THROUGHCARE_WHEREABOUTS")  # the service that docs/add-a-service.md makes up
            assert example or name in known, f"{path.name} names {name}"


def retention() -> dict[str, set[str]]:
    """The tables of docs/retention.md by the heading that they stand under."""
    found: dict[str, set[str]] = {}
    for part in re.split(r"^## ", (DOCS / "retention.md").read_text(), flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        rows = [line for line in body.splitlines() if line.startswith("| `")]
        assert all(len(row.split("|")[2].strip()) > 3 for row in rows), heading
        found[heading.split(" (")[0]] = {name for row in rows for name in re.findall(r"`([\w.]+)`", row.split("|")[1])}
    return found


async def test_every_table_has_its_rule_of_retention_and_every_rule_its_table(server: str, template: str) -> None:
    rules = retention()
    connection = await asyncpg.connect(database_url(server, template))
    rows = await connection.fetch(
        "select schemaname as schema, tablename as name from pg_tables"
        " where schemaname not in ('pg_catalog', 'information_schema', 'pgmq')"
    )
    await connection.close()
    services = {one.name for one in catalogue.services()}
    tables = {(row["schema"], row["name"]) for row in rows}
    ruled = {(service, name) for service in services for name in rules.get(service, set()) | rules[EVERYWHERE]}
    ruled |= {(name.partition(".")[0], name.partition(".")[2]) for name in rules["Shared"]}
    assert tables - ruled == set()
    assert ruled - tables == set()


def commands(group: typer.Typer, before: str = "throughcare") -> Iterator[str]:
    for one in group.registered_commands:
        assert one.callback is not None
        yield f"{before} {one.name or one.callback.__name__}"
    for each in group.registered_groups:
        assert each.typer_instance is not None
        yield from commands(each.typer_instance, f"{before} {each.name}")


def test_every_command_is_documented() -> None:
    text = " ".join(path.read_text("utf-8") for path in [ROOT / "README.md", *DOCS.rglob("*.md")])
    assert [one for one in commands(app) if f"`{one}" not in text] == []


def test_every_link_from_page_to_page_leads_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = [one for several in project["project"]["optional-dependencies"].values() for one in several]
    every = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=~ ]", one)[0] for one in every}
    reasons = (DOCS / "decisions" / "0004-dependencies.md").read_text("utf-8")
    assert {one for one in names if f"`{one}`" not in reasons} == set()
