"""Writes the performance reports that are asked for: ``python -m benchmarks.reporting DSN``.

The service's own worker writes part after part in a process of its own, as ``throughcare work`` has it. Prints JSON:
seconds of the clock, seconds of the processor, and the most memory that the process ever held, in MB.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

import uvloop

from benchmarks.ground import BASE_URL, topology
from throughcare import catalogue
from throughcare.kit.host import Host


async def write(dsn: str) -> dict[str, float]:
    """Write every report that is open; what it took."""
    services = [catalogue.service("interventions")]
    async with Host(services, topology(dsn, BASE_URL, services), work=False) as host:
        runtime = host.runtimes["interventions"]
        worker = next(one for one in runtime.service.workers if one.name == "write-reports")
        started, before = perf_counter(), process_time()
        while await worker.step(runtime.context()):
            pass
        seconds, processor = perf_counter() - started, process_time() - before
    return {"seconds": seconds, "processor": processor, "memory": peak_memory("self")}


def peak_memory(pid: int | str) -> float:
    """The most memory that a process ever held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    print(json.dumps(uvloop.run(write(sys.argv[1]))))
