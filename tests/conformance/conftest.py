"""Both brokers, a bus on each, and queues that no other test knows."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance.brokers import Broker, EmulatorBroker, PostgresBroker
from throughcare.kit.ids import new_id
from throughcare.kit.messaging.bus import Bus, QueueSpec

MakeQueue = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def credentials() -> Iterator[None]:
    """Credentials that mean nothing outside the emulator."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "emulated")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "emulated")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresBroker]:
    """A PostgreSQL server with the bus in it, for the run."""
    with tempfile.TemporaryDirectory(prefix="throughcare-bus-") as folder:
        broker = PostgresBroker(Path(folder))
        asyncio.run(broker.bring_up())
        yield broker
        broker.take_down()


@pytest.fixture(scope="session")
def emulator(credentials: None) -> Iterator[EmulatorBroker]:
    """SNS and SQS emulated, for the run."""
    broker = EmulatorBroker()
    asyncio.run(broker.bring_up())
    yield broker
    broker.take_down()


@pytest.fixture(scope="module", params=["postgres", "emulator"])
def broker(request: pytest.FixtureRequest) -> Broker:
    """The server behind one of the adapters."""
    made: Broker = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="module")
async def bus(broker: Broker) -> AsyncIterator[Bus]:
    """A started bus."""
    started = broker.bus()
    await started.start()
    yield started
    await started.close()


@pytest.fixture(scope="module")
async def other_bus(broker: Broker) -> AsyncIterator[Bus]:
    """Another one on the same broker, as in another process."""
    started = broker.bus()
    await started.start()
    yield started
    await started.close()


@pytest.fixture
def make_queue(bus: Bus) -> MakeQueue:
    """Makes a queue of a name that nobody had, with the given limits; returns the name."""

    async def make(max_receives: int = 5, visibility: float = 30.0) -> str:
        spec = QueueSpec(f"queue_{new_id().hex[-12:]}", max_receives, visibility)
        await bus.create_queue(spec)
        return spec.name

    return make


@pytest.fixture
async def queue(make_queue: MakeQueue) -> str:
    """A queue with the usual limits."""
    return await make_queue()


@pytest.fixture
async def topic(bus: Bus) -> str:
    """A topic of a name that nobody had."""
    name = f"topic_{new_id().hex[-12:]}"
    await bus.create_topic(name)
    return name
