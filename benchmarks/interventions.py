"""How long dashboards, searches, referrals and the finder take among a hundred thousand referrals, and a report."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter
from typing import TypeAlias
from urllib.parse import quote

import asyncpg
import httpx2
from tests.sign_in import sign_in

from benchmarks.frame import Benchmark, Beside, Budget, Figure, in_turn
from benchmarks.ground import ROOT, clean_environment, hosted, postgres, topology
from benchmarks.reporting import peak_memory
from benchmarks.requests import request, server
from throughcare import catalogue
from throughcare.cli.free_port import free_port
from throughcare.kit.host import Host
from throughcare.seeding.accounts import CASEWORKERS, DEMO_CONTRACT, MANAGERS, PASSWORD, PRACTITIONERS
from throughcare.seeding.people import synthetic_people
from throughcare.services.auth.account.store import AccountStore
from throughcare.services.auth.group.store import GroupStore
from throughcare.services.interventions.catalogue.views import current_catalogue
from throughcare.services.interventions.dev.load import seed_referrals

REFERRALS, PEOPLE, SAMPLE = 100_000, 300, 40
ROUNDS, CLIENTS, RATE, PACED_SECONDS, FULL_SECONDS = 2, 16, 25, 6, 1.5
SERVICES = ("auth", "probation", "interventions")
BASE, REPORTS = "/interventions-service", "/interventions-service/reports/service-provider/performance"
PRACTITIONER, CASEWORKER, MANAGER = PRACTITIONERS[0].username, CASEWORKERS[0].username, CASEWORKERS[1].username
OPEN, BY_NAME = "completed=false&cancelled=false", "sort=serviceUserData.lastName,ASC&sort=sentAt,ASC"
WHAT = f"""
{REFERRALS:,} referrals with their histories, in every state; half of them under one contract. One uvicorn process
serves `interventions` alone and another what it asks on every request: the groups of a provider's user, the cases and
limits of a practitioner. {CLIENTS} clients with real tokens pause between requests, for times as chance has them, and
together ask {RATE} times a second, the peak that the original is on record with; then they ask without a pause, which
says how many requests one worker answers. Beside them stands a read of a short list by the same clients. A dashboard is
all its tabs in turn, 50 lines a page, sorted as the pages sort them; a practitioner's cases are asked for at every
look. The details of a referral are the referral, and each other call that its pages make. The report is that of
somebody who holds every contract: written by the service's worker in a process of its own, then fetched.

What profiles showed, and what was done. The finder without a filter was slowest: it made two megabytes of JSON anew for
every look; each intervention is written once for a version of the reference data now, a twelfth of the processor time.
A referral came next: it read its plans twice and its sessions in two steps; it takes 9 statements now. A list spent a
quarter of its time on making its SQL, which is made once for each shape now, and found the top of a long list by
sorting all of it, which an index for each usual order does now; more than 1,000 lines are counted once a minute. The
report looked at every appointment in Python; PostgreSQL works its figures out now, which are the same, in an eighth of
the worker's processor time.
"""
ASKING = """By profile, little of the time is the list or the referral itself: most is asking the other services, which
happens at every look since their answers decide who may see what, and the HTTP around it.""".replace("\n", " ")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Headers = Mapping[str, str]
Answer = dict[str, float]


@dataclass(frozen=True)
class Asked:
    """What is asked: requests of one or several people, under a name."""

    name: str
    requests: Sequence[bytes]


def measure(folder: Path) -> list[Figure]:
    """Percentiles of each kind of question, and what a report of everything takes."""
    with postgres(folder) as dsn:
        started = monotonic()
        asyncio.run(_prepare(dsn))
        prepared = monotonic() - started
        own, peers = free_port(), free_port()
        with server("peers", peers, dsn, folder), server("interventions", own, dsn, folder, str(peers)) as pid:
            figures = asyncio.run(_measure(dsn, own, peers, pid))
    return [Figure(f"making {REFERRALS:,} referrals", "s", [prepared]), *figures]


async def _prepare(dsn: str) -> None:
    async with hosted(dsn, catalogue.services(SERVICES)) as host:
        people = list(synthetic_people(PEOPLE, today=host.topology.clock.today(), managers=MANAGERS))
        for name in ("auth", "probation"):
            runtime = host.runtimes[name]
            assert runtime.service.seed is not None
            await runtime.service.seed(runtime.context(), people, lambda _: None)
        await seed_referrals(host.runtimes["interventions"].context(), REFERRALS, people, lambda _: None)
        await _give_every_contract(host)
    connection = await asyncpg.connect(dsn)
    await connection.execute("vacuum analyze")
    await connection.close()


async def _give_every_contract(host: Host) -> None:
    """One provider's user holds every contract, so that their report is about every referral."""
    held = (await current_catalogue(host.runtimes["interventions"].context())).by_contract
    groups = {f"INT_CR_{one}" for one in held} | {f"INT_SP_{one.contract.prime.id}" for one in held.values()}
    async with host.runtimes["auth"].context().uow as uow:
        account = await uow.store(AccountStore).find_named(MANAGER, "auth")
        assert account is not None
        for group in sorted(groups):
            await uow.store(GroupStore).put(group, group)
            await uow.store(GroupStore).join(account.user_id, group, by="BENCHMARK", at=uow.now)


async def _measure(dsn: str, own: int, peers: int, pid: int) -> list[Figure]:
    headers = await _sign_in(dsn, peers)
    connection = await asyncpg.connect(dsn)
    try:
        asked = await _questions(connection, headers)
    finally:
        await connection.close()
    for one in asked:
        await _load(own, one, FULL_SECONDS, 0)
    contenders: dict[str, Callable[[], Awaitable[Answer]]] = {}
    for one in asked:
        contenders[f"{one.name}, paced"] = partial(_load, own, one, PACED_SECONDS, RATE)
        contenders[one.name] = partial(_load, own, one, FULL_SECONDS, 0)
    answers = await in_turn(ROUNDS, contenders)
    figures = [figure for one in asked[1:] for figure in _figures(one.name, asked[0].name, answers)]
    return figures + await _report(dsn, own, pid, headers[MANAGER])


def _figures(name: str, floor: str, answers: Mapping[str, Sequence[Answer]]) -> list[Figure]:
    def figure(of: str, unit: str, how: str, budget: Budget | None = None) -> Figure:
        beside = Beside("short list", [one[of] for one in answers[f"{floor}{how}"]])
        because = "" if name.startswith("finder") else ASKING
        return Figure(f"{name}, {of}", unit, [one[of] for one in answers[f"{name}{how}"]], beside, budget, because)

    return [
        figure("p50", "ms", ", paced"), figure("p95", "ms", ", paced"),
        figure("p99", "ms", ", paced", Budget(50, at_most=True)), figure("rate", "requests/s", ""),
    ]  # fmt: skip


async def _sign_in(dsn: str, peers: int) -> dict[str, dict[str, str]]:
    base = f"http://127.0.0.1:{peers}"
    whereabouts = topology(dsn, base, catalogue.services(SERVICES))
    found = {}
    for username in (PRACTITIONER, CASEWORKER, MANAGER):
        async with httpx2.AsyncClient(base_url=f"{base}/auth", trust_env=False) as auth:
            token = await sign_in(auth, whereabouts, username, PASSWORD)
        found[username] = {"Authorization": f"Bearer {token}"}
    return found


async def _questions(connection: Connection, headers: Mapping[str, dict[str, str]]) -> list[Asked]:
    """Everything that is asked; the floor comes first."""
    theirs, mine = await _sample(connection, CASEWORKER), await _sample(connection, PRACTITIONER)
    me = CASEWORKERS[0].user_id
    tabs = (f"{OPEN}&assignedTo={me}", OPEN, f"{OPEN}&unassigned=true", "completed=true", "cancelled=true")
    own_tabs = (OPEN, f"{OPEN}&unassigned=true", "completed=true", "cancelled=true")
    lists = f"{BASE}/sent-referrals/summaries"
    searches = [word for one in theirs for word in (one["reference_number"], quote(one["full_name"]))]
    regions = ("greater-manchester", "cleveland", "merseyside", "kent")

    def asked(name: str, who: str, *paths: str) -> Asked:
        return Asked(name, [request("GET", path, headers[who]) for path in paths])

    return [
        asked("short list", CASEWORKER, f"{BASE}/referral-withdrawal-reasons"),
        asked("dashboard of a provider", CASEWORKER, *(f"{lists}?{tab}&sort=sentAt,DESC" for tab in tabs)),
        asked("dashboard of a practitioner", PRACTITIONER, *(f"{lists}?{tab}&{BY_NAME}" for tab in own_tabs)),
        asked("search by number and name", CASEWORKER, *(f"{lists}?search={word}" for word in searches)),
        asked("referral, for a provider", CASEWORKER, *(_referral(one) for one in theirs)),
        asked("referral, for a practitioner", PRACTITIONER, *(_referral(one) for one in mine)),
        asked("other calls of its pages", CASEWORKER, *(path for one in theirs for path in _details(one))),
        asked("finder, everything", PRACTITIONER, f"{BASE}/interventions"),
        asked("finder, a region", PRACTITIONER, *(f"{BASE}/interventions?pccRegionIds={one}" for one in regions)),
    ]


async def _sample(connection: Connection, username: str) -> Sequence[asyncpg.Record]:
    """Referrals on which somebody works: under the contract of the demonstration, or by the practitioner."""
    return await connection.fetch(
        """
        select s.referral_id, s.reference_number, s.full_name, p.id as plan_id
          from interventions.referral_summary s
          join interventions.action_plan p using (referral_id)
          join interventions.intervention i on i.id = s.intervention_id
          join interventions.dynamic_framework_contract c on c.id = i.dynamic_framework_contract_id
          join interventions.actor a on a.id = s.created_by
         where s.has_report and p.approved_at is not null and (a.user_name = $1 or c.contract_reference = $2)
         order by md5(s.referral_id::text) limit $3
        """,
        username, DEMO_CONTRACT if username == CASEWORKER else "", SAMPLE,
    )  # fmt: skip


def _referral(one: asyncpg.Record) -> str:
    return f"{BASE}/sent-referral/{one['referral_id']}"


def _details(one: asyncpg.Record) -> list[str]:
    about, plan = _referral(one), f"{BASE}/action-plan/{one['plan_id']}"
    return [
        f"{about}/supplier-assessment", plan, f"{plan}/appointments", f"{about}/approved-action-plans",
        f"{about}/case-notes", f"{about}/change-log",
        f"{BASE}/end-of-service-report?referralId={one['referral_id']}",
    ]  # fmt: skip


async def _load(port: int, asked: Asked, seconds: float, rate: float) -> Answer:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", str(port), str(CLIENTS), str(seconds), str(rate), cwd=ROOT,
        env=clean_environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await process.communicate(b"\n".join(base64.b64encode(one) for one in asked.requests))
    answer = json.loads(said)
    if set(answer["statuses"]) != {"200"}:
        raise RuntimeError(f"{asked.name}: expected nothing but 200, got {answer['statuses']}")
    return {name: answer[name] for name in ("rate", "p50", "p95", "p99")}


async def _report(dsn: str, own: int, pid: int, headers: Headers) -> list[Figure]:
    async with httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{own}", headers=dict(headers), trust_env=False, timeout=60
    ) as client:
        reply = await client.post(REPORTS, json={"fromDate": "1970-01-01", "toDate": "2999-12-31"})
        where = f"{BASE}{reply.raise_for_status().headers['Location']}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.reporting", dsn, cwd=ROOT, env=clean_environment(),
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, _ = await process.communicate()
        written = json.loads(said)
        progress = (await client.get(where)).raise_for_status().json()
        started, lines = perf_counter(), 0
        async with client.stream("GET", f"{REPORTS}/file/{progress['file']}") as file:
            async for chunk in file.aiter_bytes():
                lines += chunk.count(b"\n")
        fetched = perf_counter() - started
    if lines != REFERRALS + 1:
        raise RuntimeError(f"the report has {lines} lines")
    name = f"report of {REFERRALS:,} referrals"
    return [
        Figure(f"{name}, written", "s", [written["seconds"]], budget=Budget(20, at_most=True)),
        Figure(f"{name}, processor time of the worker", "s", [written["processor"]]),
        Figure(f"{name}, most memory of the worker", "MB", [written["memory"]], budget=Budget(150, at_most=True)),
        Figure(f"{name}, fetched", "s", [fetched], budget=Budget(20, at_most=True)),
        Figure(f"{name}, most memory of the server", "MB", [peak_memory(pid)], budget=Budget(150, at_most=True)),
    ]


BENCHMARK = Benchmark("interventions", WHAT, measure)
