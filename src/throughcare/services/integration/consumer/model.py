"""What a consumer may see, and therefore what it is told.

Merging of roles and filters is that of the public ``ministryofjustice/hmpps-integration-api``. Endpoints are compared
segment by segment, so that no spelling of a placeholder makes a permission silently worthless.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from throughcare.kit.errors import BadRequest, NotFound
from throughcare.services.integration.event_type.model import EVENT_TYPES

EVERYTHING = "/.*"
NOTHING = "default"
ANY = "*"
PRISONS, STATUSES = "prisons", "supervisionStatuses"
FILTERS = (PRISONS, STATUSES, "caseNotes", "mappaCategories", "alertCodes")

_VARIABLE = re.compile(r"\{[^/{}]*\}|\[a-zA-Z0-9_-\]\+|\[\^/\][*+]|\.\*")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,32}")

Filters = Mapping[str, Sequence[str]]


class BadConsumer(BadRequest):
    """The configuration of a consumer cannot be used (400)."""

    code = "CONSUMER_INVALID"


class NoConsumer(NotFound):
    """There is no consumer of that name (404)."""

    code = "CONSUMER_NOT_FOUND"


@dataclass(frozen=True)
class Role:
    """What a role grants: endpoints, and the filters that it brings."""

    endpoints: tuple[str, ...]
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class Configuration:
    """What a consumer was given: roles, further endpoints and filters."""

    roles: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class Consumer:
    """An outside body. Without ``queue_name`` it is told nothing; while suspended, what is for it is held."""

    name: str
    configuration: Configuration
    queue_name: str | None
    suspended: bool = False
    version: int = 1


@dataclass(frozen=True)
class Policy:
    """What reaches a consumer: event types, and the prisons and statuses that they are limited to (None: no limit)."""

    event_types: tuple[str, ...]
    prisons: tuple[str, ...] | None = None
    statuses: tuple[str, ...] | None = None

    def admits(self, event_type: str, prison_id: str | None, status: str | None) -> bool:
        """Whether a notification may reach the consumer."""
        return (
            event_type in self.event_types
            and (self.prisons is None or prison_id in self.prisons)
            and (self.statuses is None or status in self.statuses)
        )

    def document(self) -> dict[str, list[str]]:
        """The policy in the form of an SNS filter policy."""
        found = {"eventType": list(self.event_types)}
        if self.prisons is not None:
            found["prisonId"] = list(self.prisons)
        if self.statuses is not None:
            found["supervisionStatus"] = list(self.statuses)
        return found


@cache
def built_in_roles() -> Mapping[str, Role]:
    """The roles that consumers can hold."""
    data = tomllib.loads((files("throughcare.services.integration") / "data" / "roles.toml").read_text("utf-8"))
    every = tuple(data["endpoints"])
    return {
        name: Role(every if role["endpoints"] == [ANY] else tuple(role["endpoints"]), role.get("filters", {}))
        for name, role in data["roles"].items()
    }


def segments(pattern: str) -> tuple[str, ...]:
    """The parts of an endpoint, each variable piece as ``{}``; equal for all spellings of one endpoint."""
    bare = pattern.removeprefix("^").removesuffix("$")
    return tuple(_VARIABLE.sub("{}", part) for part in bare.removeprefix("/").split("/"))


_BY_ENDPOINT: dict[tuple[str, ...], list[str]] = {}
for _one in EVENT_TYPES:
    _BY_ENDPOINT.setdefault(segments(_one.path), []).append(_one.name)


def types_of(permissions: Iterable[str]) -> tuple[str, ...]:
    """The event types of the endpoints, each once, by permission and then in table order; ``default`` when none."""
    found: dict[str, None] = {}
    for permission in sorted(set(permissions)):
        if permission == EVERYTHING:
            found |= dict.fromkeys(one.name for one in EVENT_TYPES)
        found |= dict.fromkeys(_BY_ENDPOINT.get(segments(permission), ()))
    return tuple(found) or (NOTHING,)


def merge(kind: str, members: Iterable[Filters]) -> tuple[str, ...] | None:
    """One filter of several members: None when nobody sets it or somebody lifts it, else what any of them lets in."""
    lists = [member[kind] for member in members if member.get(kind) is not None]
    values = dict.fromkeys(value for one in lists for value in one)
    return tuple(values) if lists and ANY not in values else None


def compile_policy(configuration: Configuration, roles: Mapping[str, Role] | None = None) -> Policy:
    """What reaches a consumer with this configuration; unknown roles grant nothing."""
    known = built_in_roles() if roles is None else roles
    held = [known[name] for name in configuration.roles if name in known]
    permissions = [*configuration.include, *(endpoint for role in held for endpoint in role.endpoints)]
    members = [configuration.filters, *(role.filters for role in held)]
    return Policy(types_of(permissions), merge(PRISONS, members), merge(STATUSES, members))


@dataclass(frozen=True)
class Routing:
    """Which consumers hear of a notification, compiled once for all of them."""

    by_type: Mapping[str, Sequence[tuple[str, frozenset[str] | None, frozenset[str] | None]]]

    @classmethod
    def of(cls, consumers: Iterable[Consumer]) -> Routing:
        """The routing to every consumer that has a queue."""
        by_type: dict[str, list[tuple[str, frozenset[str] | None, frozenset[str] | None]]] = {}
        for one in consumers:
            if one.queue_name is not None:
                policy = compile_policy(one.configuration)
                limits = (_set(policy.prisons), _set(policy.statuses))
                for event_type in policy.event_types:
                    by_type.setdefault(event_type, []).append((one.name, *limits))
        return cls(by_type)

    def consumers(self, event_type: str, prison_id: str | None, status: str) -> list[str]:
        """Names of the consumers that may hear of it."""
        return [
            name
            for name, prisons, statuses in self.by_type.get(event_type, ())
            if (prisons is None or prison_id in prisons) and (statuses is None or status in statuses)
        ]


def _set(values: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def default_queue(name: str) -> str:
    """The queue of a consumer that was given none."""
    return f"consumer_{name.replace('-', '_')}"


def check(name: str, configuration: Configuration) -> None:
    """Refuse what could never work. Raises BadConsumer."""
    if not _NAME.fullmatch(name):
        raise BadConsumer("a consumer's name has 2 to 33 lower-case letters, digits and hyphens")
    if unknown := [role for role in configuration.roles if role not in built_in_roles()]:
        raise BadConsumer(f"there is no role {', '.join(unknown)}")
    if unknown := [kind for kind in configuration.filters if kind not in FILTERS]:
        raise BadConsumer(f"there is no filter {', '.join(unknown)}; the filters are {', '.join(FILTERS)}")
