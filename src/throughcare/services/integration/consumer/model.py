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
from throughcare.services.integration.notification.model import Audience, Held, audiences

EVERYTHING = "/.*"
NOTHING = "default"
ANY = "*"
PRISONS, STATUSES = "prisons", "supervisionStatuses"
FILTERS = (PRISONS, STATUSES, "caseNotes", "mappaCategories", "alertCodes")
SEGMENT = "[a-zA-Z0-9_-]+"
WHOLE = frozenset({EVERYTHING, "/swagger-ui/.*"})

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
    """What a role grants: endpoints, and the filters that it brings.

    ``needs`` names filters without which it would open the whole estate: whoever holds it must be given them.
    """

    endpoints: tuple[str, ...]
    filters: Filters = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """What a consumer was given: roles, further endpoints and filters."""

    roles: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class Consumer:
    """An outside body, told by its queue, by the feed, or by neither and then not at all.

    While it is suspended, what is for it is held.
    """

    name: str
    configuration: Configuration
    queue_name: str | None
    suspended: bool = False
    feed: bool = False
    version: int = 1

    @property
    def is_told(self) -> bool:
        """Whether the consumer has a door through which it hears."""
        return self.feed or self.queue_name is not None


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
        name: Role(
            every if role["endpoints"] == [ANY] else tuple(role["endpoints"]),
            role.get("filters", {}),
            tuple(role.get("needs", ())),
        )
        for name, role in data["roles"].items()
    }


def _bare(pattern: str) -> str:
    return "/" + pattern.removeprefix("^").removesuffix("$").removeprefix("/")


def segments(pattern: str) -> tuple[str, ...]:
    """The parts of an endpoint, each variable piece as ``{}``; equal for all spellings of one endpoint."""
    return tuple(_VARIABLE.sub("{}", _bare(pattern)).split("/"))


def request_pattern(pattern: str) -> re.Pattern[str]:
    """What the path of a request must match as a whole; a variable piece stands for letters, digits, ``_`` and ``-``.

    Raises BadConsumer when the pattern is not one.
    """
    expression = pattern if pattern in WHOLE else _VARIABLE.sub(lambda _: SEGMENT, _bare(pattern))
    try:
        return re.compile(expression, re.ASCII)
    except re.error:
        raise BadConsumer("an endpoint is not a pattern of a path") from None


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


Roles = Mapping[str, Role]


def permissions_of(configuration: Configuration, roles: Roles | None = None) -> list[str]:
    """Every endpoint that a consumer with this configuration may call; unknown roles grant nothing."""
    known = built_in_roles() if roles is None else roles
    granted = [known[name].endpoints for name in configuration.roles if name in known]
    return list(dict.fromkeys([*configuration.include, *(one for endpoints in granted for one in endpoints)]))


def compile_policy(configuration: Configuration, roles: Roles | None = None) -> Policy:
    """What reaches a consumer with this configuration."""
    known = built_in_roles() if roles is None else roles
    members = [configuration.filters, *(known[name].filters for name in configuration.roles if name in known)]
    return Policy(types_of(permissions_of(configuration, known)), merge(PRISONS, members), merge(STATUSES, members))


def may_call(configuration: Configuration, path: str, roles: Roles | None = None) -> bool:
    """Whether a consumer with this configuration may call ``path``, its query apart."""
    bare = path.partition("?")[0]
    return any(request_pattern(one).fullmatch(bare) for one in permissions_of(configuration, roles))


Limits = tuple[str, frozenset[str] | None, frozenset[str] | None]


@dataclass(frozen=True)
class Routing:
    """Which consumers hear of a notification, compiled once for all of them."""

    by_type: Mapping[str, Sequence[Limits]]
    by_consumer: Mapping[tuple[str, str], Limits] = field(default_factory=dict)

    @classmethod
    def of(cls, consumers: Iterable[Consumer]) -> Routing:
        """The routing to every consumer that has a door."""
        by_type: dict[str, list[Limits]] = {}
        for one in consumers:
            if one.is_told:
                policy = compile_policy(one.configuration)
                limits = (_set(policy.prisons), _set(policy.statuses))
                for event_type in policy.event_types:
                    by_type.setdefault(event_type, []).append((one.name, *limits))
        return cls(by_type, {(one[0], kind): one for kind, limits in by_type.items() for one in limits})

    def recipients(self, event_type: str, latest: Audience, concerned: Held) -> list[tuple[str, Audience]]:
        """Who may hear, and of whom: the latest change where the consumer may hear of that, else one that it may."""
        found = []
        others: list[Audience] | None = None
        for name, prisons, statuses in self.by_type.get(event_type, ()):
            if _admitted(latest, prisons, statuses):
                found.append((name, latest))
            elif len(concerned) > 1:
                others = list(audiences(concerned)) if others is None else others
                found += [(name, one) for one in others if _admitted(one, prisons, statuses)][:1]
        return found

    def admits(self, consumer: str, event_type: str, prison_id: str | None, status: str) -> bool:
        """Whether a consumer may hear of a notification."""
        limits = self.by_consumer.get((consumer, event_type))
        return limits is not None and _admitted(Audience(prison_id, status, None), limits[1], limits[2])


def _admitted(one: Audience, prisons: frozenset[str] | None, statuses: frozenset[str] | None) -> bool:
    return (prisons is None or one.prison_id in prisons) and (statuses is None or one.supervision_status in statuses)


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
    needed = {kind for role in configuration.roles for kind in built_in_roles()[role].needs}
    if missing := sorted(needed - set(configuration.filters)):
        raise BadConsumer(f"one of the roles opens the whole estate unless {', '.join(missing)} are given")
    for one in configuration.include:
        request_pattern(one)
