"""How many messages of a sending service are still open."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from throughcare.kit.db.database import Queries
from throughcare.kit.notify import table
from throughcare.kit.telemetry import metrics

if TYPE_CHECKING:
    from throughcare.kit.runtime import Runtime

_shown: dict[str, set[str]] = defaultdict(set)


async def measure_open(runtime: Runtime) -> None:
    """Set ``notify_open`` for each template of which messages are open, or were when it was last measured."""
    async with runtime.database.reading(Queries) as queries:
        found = {row["template_key"]: row["messages"] for row in await queries.all(table.OPEN_BY_TEMPLATE)}
    shown = _shown[runtime.name]
    shown |= found.keys()
    for template in shown:
        metrics.notify_open.labels(template).set(found.get(template, 0))
