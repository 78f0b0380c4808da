"""What people give the command line by mistake: one line says what is wrong and what to do, and nothing is made."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests.cli.conftest import Ended, Run
from tests.conftest import SECRETS, clone, drop
from throughcare import catalogue
from throughcare.kit.db.embedded import EmbeddedPostgres
from throughcare.kit.db.migrate import service_dsn

NOBODY_THERE = "postgresql://me:hush@127.0.0.1:9/db"


def refused(ended: Ended, *words: str) -> None:
    assert ended.code == 1, ended
    assert ended.out == ""
    assert ended.err.startswith("throughcare: ")
    assert ended.err.count("\n") == 1, ended.err
    for word in words:
        assert word in ended.err
    assert "hush" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "env", "words"),
    [
        (["up"], {"DATABASE_URL": "mysql://me:hush@host/db"}, ["DATABASE_URL", "postgresql://"]),
        (["up"], {"DATABASE_URL": "postgresql://me:hush@host:port/db"}, ["DATABASE_URL", "postgresql://"]),
        (["up"], {"DATABASE_URL": NOBODY_THERE}, ["127.0.0.1:9/db", "nobody listens there", "DATABASE_URL"]),
        (["migrate"], {"DATABASE_URL": NOBODY_THERE}, ["nobody listens there"]),
        (["seed"], {"DATABASE_URL": NOBODY_THERE}, ["nobody listens there"]),
        (["up"], {"THROUGHCARE_BUS": "kafka", "THROUGHCARE_LOG_LEVEL": "loud"}, ["_BUS", "_LOG_LEVEL"]),
        (["up"], {"THROUGHCARE_PEER_URLS": "{"}, ["THROUGHCARE_PEER_URLS", "JSON"]),
        (["up"], {"THROUGHCARE_ENVIRONMENT": "prod"}, ["serve", "work"]),
        (["up", "--clock", "yesterday"], {}, ["--clock", "2024-03-04T12:00:00Z"]),
        (["up", "--people", "0"], {}, ["--people", "100000"]),
        (["up", "--port", "99999"], {}, ["99999", "--port"]),
        (["up", "--host", "192.0.2.1"], {}, ["192.0.2.1", "--port"]),
        (["up", "--data", "/proc/nothing"], {}, ["/proc/nothing", "--data"]),
        (["seed", "--people", "100001"], {}, ["--people", "100000"]),
        (["seed", "--referrals", "500001"], {}, ["--referrals", "500000"]),
        (["serve", "prisons"], {}, ["'prisons'", "prisoner_search"]),
        (["work", "prison", "prisons"], {}, ["'prisons'"]),
        (["migrate", "prisons"], {}, ["'prisons'"]),
        (["routes", "--service", "prisons"], {}, ["'prisons'"]),
        (["serve", "prison"], {}, ["DATABASE_URL", "THROUGHCARE_SECRET"]),
        (["queues"], {}, ["throughcare up", "--url"]),
        (["queues", "--url", "http://127.0.0.1:9"], {}, ["secret", "--data"]),
        (["queues", "--url", "http://127.0.0.1:9"], {"THROUGHCARE_SECRET": "hush"}, ["127.0.0.1:9", "is it running?"]),
        (["queues", "--url", "http://[::"], {"THROUGHCARE_SECRET": "hush"}, ["http://localhost:8080"]),
        (["clock", "advance", "soon"], {}, ["throughcare up"]),
    ],
)  # fmt: skip
def test_one_line_says_what_is_wrong_and_nothing_is_made(
    run: Run, tmp_path: Path, arguments: list[str], env: dict[str, str], words: list[str]
) -> None:
    if arguments[0] == "up" and "--port" not in arguments:
        arguments = [*arguments, "--port", "0"]
    refused(run(*arguments, **env), *words)
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_told_before_anything_starts(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused(run("up", "--port", str(port)), str(port), "--port")
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_of_another_kind_is_left_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    refused(run("up", "--data", str(file), "--port", "0"), str(file), "--data")
    assert file.read_text() == "mine"


def test_a_data_folder_of_another_major_version_of_postgresql_is_refused_whole(run: Run, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / ".data" / "postgres", fast_for_tests=True, die_with_parent=True) as server:
        server.start()
    version = server.cluster / "PG_VERSION"
    version.write_text("14\n")
    refused(run("up", "--port", "0"), "14")
    assert version.read_text() == "14\n"


async def test_databases_that_cannot_serve_are_told_apart(run: Run, server: str, template: str) -> None:
    import asyncio

    def at(path: str, user: str | None = None) -> str:
        parts = urlsplit(server)
        moved = urlunsplit((parts.scheme, parts.netloc, f"/{path}", parts.query, ""))
        return service_dsn(moved, user, SECRETS) if user else moved

    def tried(*arguments: str, url: str) -> Ended:
        return run(*arguments, DATABASE_URL=url, THROUGHCARE_SECRET="the secret of the tests")

    refused(await asyncio.to_thread(tried, "migrate", url=at("nothing_here")), "no such database", "DATABASE_URL")
    refused(await asyncio.to_thread(tried, "migrate", url=at(template, "prison")), "may not make schemas", "owner")


async def test_an_older_schema_is_refused_by_serve_and_a_newer_one_by_everything(
    run: Run, server: str, template: str
) -> None:
    import asyncio

    url = await clone(server, template)
    secret = "the secret of the tests"
    try:
        connection = await asyncpg.connect(url)
        for revision, command, words in (
            ("0000", ["serve", "prison", "--port", "0"], ["schema prison is at 0000", "throughcare migrate"]),
            ("9999", ["migrate"], ["9999", "newer version", "--data"]),
            ("9999", ["up", "--port", "0"], ["9999", "newer version", "--data"]),
        ):
            await connection.execute("update prison.alembic_version set version_num = $1", revision)
            ended = await asyncio.to_thread(run, *command, DATABASE_URL=url, THROUGHCARE_SECRET=secret)
            refused(ended, *words)
            assert await connection.fetchval("select version_num from prison.alembic_version") == revision
        await connection.close()
    finally:
        await drop(server, url)


def test_a_command_without_its_arguments_shows_how_it_is_used(run: Run) -> None:
    for arguments in (["serve"], ["dlq", "drop", "queue"], ["nothing"], ["up", "--port", "many"]):
        ended = run(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "Usage: throughcare" in ended.err
        assert "Traceback" not in ended.err


def test_a_system_that_died_is_not_taken_for_one_that_runs(run: Run, tmp_path: Path) -> None:
    data = tmp_path / ".data"
    data.mkdir()
    (data / "running.json").write_text(json.dumps({"pid": os.getpid(), "baseUrl": "http://127.0.0.1:9"}))
    refused(run("queues"), "no system is running")


def test_every_service_can_be_named(run: Run) -> None:
    for name in catalogue.PACKAGES:
        refused(run("serve", name), "DATABASE_URL")
