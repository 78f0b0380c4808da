"""Composes services into one process or apart: starts them, dispatches to them, and stops them without losing work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

import asyncpg
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from throughcare.kit.db.listener import CLOCK, OUTBOX, Listener
from throughcare.kit.db.shared_clock import load
from throughcare.kit.errors import CannotStart
from throughcare.kit.messaging.bus import Bus, BusUnavailable
from throughcare.kit.runtime import Runtime, make_runtime
from throughcare.kit.service import Service, Worker
from throughcare.kit.settings import BadSettings
from throughcare.kit.telemetry.correlation import bound_correlation
from throughcare.kit.telemetry.logs import bind_service, get_logger
from throughcare.kit.topology import Topology
from throughcare.kit.web.app import create_app
from throughcare.kit.web.problems import not_found

log = get_logger(__name__)

DRAIN_SECONDS = 25.0
RELAY_POLL = 1.0
JOB_POLL = 1.0
LONG_POLL = 20.0
MAX_DRAIN_ROUNDS = 2000


class NotDrained(AssertionError):
    """Work kept coming, or something is stuck."""


class Host:
    """Services in this process. ``async with Host(…) as host`` starts what they need; ``host.app`` serves them all.

    ``web`` makes the applications, ``work`` runs relays, consumers, workers and jobs in the background, ``held`` until
    ``begin_work`` is called; tests leave ``work`` off and call ``drain``.
    """

    def __init__(
        self, services: Sequence[Service], topology: Topology, *, web: bool = True, work: bool = False,
        held: bool = False,
    ) -> None:  # fmt: skip
        self.services, self.topology = services, topology
        self._web, self._work = web, work
        self._begun = asyncio.Event()
        if not held:
            self._begun.set()
        self.runtimes: dict[str, Runtime] = {}
        self.bus: Bus = topology.make_bus()
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._wakes: dict[str, asyncio.Event] = {}
        self._prefixes: list[tuple[str, ASGIApp]] = []

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        await self._stack.aclose()

    async def _start(self) -> None:
        topology = self.topology
        named = {"services": [one.name for one in self.services], "work": self._work, "bus": type(self.bus).__name__}
        build = {"version": topology.version, "commit": topology.build.commit, "environment": topology.environment}
        log.info("services start", labels={**named, **build})
        self._make_runtimes()
        self._stack.push_async_callback(self.bus.close)
        if self._web:
            self.topology.apps |= {name: create_app(runtime) for name, runtime in self.runtimes.items()}
        try:
            await self.bus.start()
            await self._declare_queues()
        except BusUnavailable as error:
            raise CannotStart(f"the message bus cannot be reached ({error}): check THROUGHCARE_BUS") from None
        for service in self.services:
            if service.lifespan is not None:
                await self._stack.enter_async_context(service.lifespan(self.runtimes[service.name]))
        self._prefixes = sorted(
            ((one.path.rstrip("/"), self.topology.apps[one.name]) for one in self.services if self._web),
            key=lambda pair: -len(pair[0]),
        )
        listener = Listener.to(self.topology.database_dsn(self.services[0].name), "throughcare-listener")
        self._stack.push_async_callback(listener.close)
        if self.topology.shared_clock:
            await self._load_clock()
            listener.on(CLOCK, lambda _: self._keep(asyncio.create_task(self._load_clock())))
        if self._work:
            self._start_work(listener)
        if self._work or self.topology.shared_clock:
            await listener.start()
        for runtime in self.runtimes.values():
            runtime.ready = True

    def _make_runtimes(self) -> None:
        """Raises BadSettings with what is wrong with the settings of all services."""
        problems: list[str] = []
        for service in self.services:
            try:
                runtime = make_runtime(service, self.topology, self.bus)
            except BadSettings as error:
                problems += error.problems
                continue
            self._stack.push_async_callback(runtime.close)
            self.runtimes[service.name] = runtime
        if problems:
            raise BadSettings(problems)

    async def _declare_queues(self) -> None:
        for runtime in self.runtimes.values():
            for topic in {event.topic for event in runtime.service.publishes}:
                await self.bus.create_topic(topic)
            for one in runtime.service.subscriptions:
                await self.bus.create_queue(one.queue)
                await self.bus.create_topic(one.topic)
                await self.bus.subscribe(one.topic, one.queue.name, one.policy)

    async def _load_clock(self) -> None:
        connection = await asyncpg.connect(self.topology.database_dsn(self.services[0].name), timeout=10)
        try:
            await load(connection, self.topology.clock)
        finally:
            await connection.close()

    def _start_work(self, listener: Listener) -> None:
        for runtime in self.runtimes.values():
            self._spawn(runtime, "relay", runtime.relay.step, wake=self._wake_for(runtime.name))
            for consumer in runtime.consumers:
                self._spawn_consumer(runtime, consumer.step)
            for worker in runtime.service.workers:
                wake = self._wake_for(worker.channel) if worker.channel else asyncio.Event()
                self._spawn(runtime, worker.name, _bound(worker, runtime), poll=worker.poll, wake=wake)
                if worker.channel:
                    listener.on(worker.channel, lambda _, wake=wake: wake.set())  # type: ignore[misc]
            self._spawn(runtime, "jobs", _jobs(runtime), poll=JOB_POLL)
        listener.on(OUTBOX, self._wake)

    def _wake_for(self, name: str) -> asyncio.Event:
        return self._wakes.setdefault(name, asyncio.Event())

    def _wake(self, name: str) -> None:
        for known, event in self._wakes.items():
            if name in {known, ""}:
                event.set()

    def _spawn(
        self, runtime: Runtime, name: str, step: Callable[[], Awaitable[int]], *, poll: float = RELAY_POLL,
        wake: asyncio.Event | None = None,
    ) -> None:  # fmt: skip
        event = wake or asyncio.Event()

        async def loop() -> None:
            bind_service(runtime.name)
            await self._begun.wait()
            while not self._stopping.is_set():
                event.clear()
                if not await self._guarded(name, step):
                    await self._pause(event, poll)

        self._keep(asyncio.create_task(loop(), name=f"{runtime.name}.{name}"))

    def _spawn_consumer(self, runtime: Runtime, step: Callable[[float], Awaitable[int]]) -> None:
        async def loop() -> None:
            bind_service(runtime.name)
            await self._begun.wait()
            while not self._stopping.is_set():
                if await self._guarded("consumer", lambda: step(LONG_POLL)) is None:
                    await self._pause(asyncio.Event(), 1.0)

        self._keep(asyncio.create_task(loop(), name=f"{runtime.name}.consumer"))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, name: str, step: Callable[[], Awaitable[int]]) -> int | None:
        """The step's answer; None when it failed, so that the loop waits before it tries again."""
        with bound_correlation(None):
            try:
                return await step()
            except asyncio.CancelledError:
                raise
            except (BusUnavailable, OSError) as error:
                log.warning("work waits for its connection", labels={"work": name, "error": type(error).__name__})
            except Exception:  # the loop must outlive a defect in one step
                log.exception("work failed", labels={"work": name})
        return None

    async def _pause(self, wake: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.ensure_future(wake.wait()), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def stop(self, seconds: float = DRAIN_SECONDS) -> None:
        """Take no new work; let what is under way finish within ``seconds``, then cancel it (its leases run out)."""
        for runtime in self.runtimes.values():
            runtime.draining = True
        self._stopping.set()
        self._begun.set()
        for runtime in self.runtimes.values():
            for consumer in runtime.consumers:
                consumer.interrupt()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def begin_work(self) -> None:
        """Let the background work begin that was held."""
        self._begun.set()

    async def drain(self) -> int:
        """Run relays, consumers and workers until all is quiet; how much they did. Raises NotDrained."""
        total = 0
        for _ in range(MAX_DRAIN_ROUNDS):
            done = 0
            for runtime in self.runtimes.values():
                done += await runtime.relay.step()
                for consumer in runtime.consumers:
                    done += await consumer.step()
                for worker in runtime.service.workers:
                    done += await worker.step(runtime.context())
            total += done
            if not done:
                return total
        raise NotDrained(f"still busy after {MAX_DRAIN_ROUNDS} rounds")

    @property
    def operations_app(self) -> ASGIApp:
        """Health, readiness, info and metrics of a process that only works: everything else is 404."""

        async def only_operations(scope: Scope, receive: Receive, send: Send) -> None:
            allowed = ("/ping", "/health", "/info", "/metrics")
            path = scope.get("path", "")
            if scope["type"] == "http" and not path.endswith(allowed) and "/health/" not in path:
                answer = await not_found(Request(scope))
                await answer(scope, receive, send)
                return
            await self.app(scope, receive, send)

        return only_operations

    @property
    def app(self) -> ASGIApp:
        """All services behind one door, each under its path."""

        async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan":
                await _lifespan(receive, send)
                return
            path = scope.get("path", "")
            for prefix, app in self._prefixes:
                if path == prefix or path.startswith(f"{prefix}/"):
                    await app(scope, receive, send)
                    return
            await self._prefixes[-1][1](scope, receive, send)

        return dispatch


def _bound(worker: Worker, runtime: Runtime) -> Callable[[], Awaitable[int]]:
    async def step() -> int:
        return await worker.step(runtime.context())

    return step


def _jobs(runtime: Runtime) -> Callable[[], Awaitable[int]]:
    async def step() -> int:
        await runtime.jobs.step(runtime.clock.now())
        return 0

    return step


async def _lifespan(receive: Receive, send: Send) -> None:
    """A host enters its services itself, since mounted applications never see these messages."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


@asynccontextmanager
async def running(services: Sequence[Service], topology: Topology, **options: Any) -> AsyncIterator[Host]:
    """A host for as long as the block lasts."""
    async with Host(services, topology, **options) as host:
        yield host
