"""``throughcare events types``: what outside bodies can be told, and what each type means, from the table itself."""

from __future__ import annotations

import json
from pathlib import Path

from throughcare.services.integration.event_type.model import DOMAIN_EVENTS, EVENT_TYPES, EventType

PAGE = Path("docs/integration-events.md")
HEAD = """# Integration events

Written by `throughcare events types --write` from the table in
`src/throughcare/services/integration/event_type/model.py`; do not edit it by hand.

An integration event tells that the data behind an endpoint of the integration API has changed. It holds the address,
never the data. A consumer hears only of endpoints that it may call, and, where it is limited to prisons or supervision
statuses, only of people whom it may see. How to receive them: [follow a prisoner](follow-a-prisoner.md).

## Types

In the order in which they are tried. A type with a flag can be switched off.
"""
BY_EVENT = """
## By domain event

What a domain event can lead to, conditions apart.

| domain event | integration events |
|---|---|
"""


def event_types(*, write: bool, as_json: bool) -> None:
    """Print the types, or write the public page of them."""
    if write:
        PAGE.write_text(page(), encoding="utf-8")
        print(f"{len(EVENT_TYPES)} types in {PAGE}")
    elif as_json:
        print(json.dumps([{"eventType": one.name, "endpoint": f"/{one.path}"} for one in EVENT_TYPES]))
    else:
        for one in EVENT_TYPES:
            print(f"{one.name:<46} /{one.path}")


def page() -> str:
    """The public page: title, endpoint, name, triggers and flag of every type, and the same by domain event."""
    rows = "".join(_row(number, one) for number, one in enumerate(EVENT_TYPES, start=1))
    head = "\n| # | event | endpoint | name | triggered by | flag |\n|---|---|---|---|---|---|\n"
    by_event = "".join(
        f"| `{name}` | {', '.join(f'`{one.name}`' for one in EVENT_TYPES if name in one.domain_events)} |\n"
        for name in DOMAIN_EVENTS
    )
    return HEAD + head + rows + BY_EVENT + by_event


def _row(number: int, one: EventType) -> str:
    flag = f"`{one.flag}`" if one.flag else ""
    return f"| {number} | {one.title} | `/{one.path}` | `{one.name}` | {_triggers(one)} | {flag} |\n"


def _triggers(one: EventType) -> str:
    told = []
    for trigger in one.triggers:
        names = ", ".join(f"`{name}`" for name in sorted(trigger.events))
        told.append(f"{names} when {trigger.condition.words}" if trigger.condition else names)
    return "; ".join(told)
