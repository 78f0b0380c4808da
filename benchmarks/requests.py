"""Authenticated requests beside a bare FastAPI route with the same SQL."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2

from benchmarks.frame import Benchmark, Beside, Budget, Figure, in_turn
from benchmarks.ground import CLIENT, ROOT, SAMPLE, SECRETS, clean_environment, grant, postgres
from throughcare import catalogue
from throughcare.cli.free_port import free_port, listening
from throughcare.kit.db.install import install

ROUNDS, CONNECTIONS, SECONDS, THINGS = 5, 16, 3.0, 64
WHAT = f"""
One uvicorn process with one worker, and a load process with {CONNECTIONS} keep-alive connections that send the next
request as soon as the last is answered. A read finds a row by its key; a write makes a row and an outbox entry in one
transaction. Ours checks a real token and the role, and has its metrics, spans, access log and headers; beside it
stands a bare FastAPI route on the same uvicorn, SQLAlchemy and asyncpg, with the same SQL and no authentication.
"""
BECAUSE = """By profile, what ours does beyond the bare route is spread thin: about a quarter is the line in the access
log, a third correlation id, span, metrics and headers, another third the check of token, role and body with the context
of the request; a write adds the event's envelope. None of it can be left out.""".replace("\n", " ")

Answer = dict[str, float]


def measure(folder: Path) -> list[Figure]:
    """Requests per second of reading and writing, and how long the slowest took."""
    with postgres(folder) as dsn:
        asyncio.run(install(dsn, [catalogue.service("auth"), SAMPLE], SECRETS))
        ports = {name: free_port() for name in ("ours", "bare")}
        with server("ours", ports["ours"], dsn, folder) as ours, server("bare", ports["bare"], dsn, folder) as bare:
            pids = {"ours": ours, "bare": bare}
            headers = _authorised(ports["ours"])
            reads = [request("GET", f"/sample/things/{one}", headers) for one in _things(ports["ours"], headers)]
            writes = [request("POST", "/sample/things", headers, b'{"name": "a thing"}')]
            contenders: dict[str, Callable[[], Awaitable[Answer]]] = {}
            for kind, requests, status in (("read", reads, "200"), ("write", writes, "201")):
                for name, port in ports.items():
                    contenders[f"{kind} {name}"] = _load(port, pids[name], requests, status)
            answers = asyncio.run(in_turn(ROUNDS, contenders))
    return [*_figures("read", answers), *_figures("write", answers)]


def _figures(kind: str, answers: dict[str, list[Answer]]) -> list[Figure]:
    named = {"read": "authenticated read", "write": "authenticated write with outbox"}[kind]
    ours, bare = answers[f"{kind} ours"], answers[f"{kind} bare"]

    def figure(name: str, unit: str, of: str, budget: Budget | None = None) -> Figure:
        beside = Beside("bare FastAPI route", [one[of] for one in bare])
        return Figure(name, unit, [one[of] for one in ours], beside, budget, BECAUSE if budget else "")

    return [
        figure(named, "requests/s", "rate", Budget(0.75, of_ratio=True)),
        figure(f"{named}, p99", "ms", "p99"),
        figure(f"{named}, processor time of the server", "µs a request", "cpu"),
    ]


@contextmanager
def server(kind: str, port: int, dsn: str, folder: Path, *more: str) -> Iterator[int]:
    """The process id of a server that listens for as long as the block lasts. Raises RuntimeError."""
    command = [sys.executable, "-m", "benchmarks.serving", kind, str(port), dsn, *more]
    with (folder / f"{kind}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=log, stderr=log)
    try:
        deadline = monotonic() + 60
        while not listening(port):
            if process.poll() is not None or monotonic() > deadline:
                raise RuntimeError(f"the {kind} server did not start:\n{(folder / f'{kind}.log').read_text('utf-8')}")
            sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def _authorised(port: int) -> dict[str, str]:
    reply = httpx2.post(
        f"http://127.0.0.1:{port}/auth/oauth2/token", auth=(CLIENT, SECRETS.derive(CLIENT)), trust_env=False,
        data=grant("sample"),
    )  # fmt: skip
    return {"Authorization": f"Bearer {reply.raise_for_status().json()['access_token']}"}


def _things(port: int, headers: dict[str, str]) -> list[str]:
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, trust_env=False) as client:
        made = [client.post("/sample/things", json={"name": f"thing {number}"}) for number in range(THINGS)]
    return [str(one.raise_for_status().json()["id"]) for one in made]


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = {"Host": "127.0.0.1", **headers}
    if body:
        lines |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def _load(port: int, pid: int, requests: Sequence[bytes], status: str) -> Callable[[], Awaitable[Answer]]:
    given = b"\n".join(base64.b64encode(one) for one in requests)

    async def run() -> Answer:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.load", str(port), str(CONNECTIONS), str(SECONDS), cwd=ROOT,
            env=clean_environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        before = _processor_seconds(pid)
        said, _ = await process.communicate(given)
        answer = json.loads(said)
        answer["cpu"] = (_processor_seconds(pid) - before) / sum(answer["statuses"].values()) * 1e6
        if set(answer["statuses"]) != {status}:
            raise RuntimeError(f"expected nothing but {status}, got {answer['statuses']}")
        return {name: answer[name] for name in ("rate", "p99", "cpu")}

    return run


def _processor_seconds(pid: int) -> float:
    """The time that the process has had of any core."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


BENCHMARK = Benchmark("requests", WHAT, measure)
