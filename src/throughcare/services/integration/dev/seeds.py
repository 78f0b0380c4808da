"""Two outside bodies of the demonstration: one that may see a person on probation, and one that may not."""

from __future__ import annotations

from throughcare.kit.runtime import Runtime
from throughcare.services.integration.consumer.model import Configuration, Consumer, default_queue
from throughcare.services.integration.consumer.usecases import register_consumer

SEES = Configuration(roles=("ext-hmpps-public-protection",))
SEES_ONE_PRISON = Configuration(roles=("ext-prisons-private-prison",), filters={"prisons": ["ACI"]})
DEMONSTRATION = {"mapps-demo": SEES, "kiosk-demo": SEES_ONE_PRISON}


async def register_demonstration(runtime: Runtime) -> None:
    """Register the demonstration's consumers, where synthetic people live."""
    if runtime.topology.environment in {"dev", "test"}:
        for name, configuration in DEMONSTRATION.items():
            one = Consumer(name, configuration, default_queue(name), feed=True)
            await register_consumer(runtime.context().uow, runtime.bus, one)
