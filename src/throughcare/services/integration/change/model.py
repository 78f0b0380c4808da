"""A domain event, read tolerantly, and what is told because of it.

Which fields count, and in which order, is as in the public ``ministryofjustice/hmpps-integration-api``. Stricter than
there: a value that is missing or cannot stand in a path costs the one notification that needs it, not its neighbours,
and is never sent as a literal placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from throughcare.services.integration.event_type.model import EventType
from throughcare.services.integration.notification.model import Notification, Refusal
from throughcare.services.integration.person.model import Person, Question

NOMS_TYPES = frozenset({"NOMS", "nomsNumber"})
MAX_VALUE = 100

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_LEADING_CAPITALS = re.compile(r"([A-Z]+)(?=-|\Z)")
_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,9}")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_UNFIT = re.compile(r"[\x00-\x1f\x7f]|^\.{1,2}$")


class ChangeError(ValueError):
    """A domain event that can never be told; ``code`` is the reason in the vocabulary of the explanations."""

    code = "unparseable-message"


class Malformed(ChangeError):
    """The event breaks the rules of its fields; it can never be handled. The text names the field only."""


class NoAdditionalInformation(ChangeError):
    """A registration event that says nothing about the registration."""

    code = "missing-additional-information"


class NothingCanBeTold(ChangeError):
    """No notification that the event should lead to can be made; the text is the reason."""

    def __init__(self, reason: str) -> None:
        self.code = reason
        super().__init__(reason)


class Unfit(ValueError):
    """One notification cannot be made; the text is the reason."""

    def __init__(self, reason: str, *, fatal: bool = False) -> None:
        self.reason, self.fatal = reason, fatal
        super().__init__(reason)


@dataclass(frozen=True)
class Change:
    """What a domain event says, with the fields that conditions, identity and paths use."""

    source: UUID
    event_type: str
    occurred_at: datetime
    crn: str | None
    prison_number: str | None
    prison_id: str | None
    detail_url: str | None
    information: Mapping[str, object] | None

    @property
    def register_type_code(self) -> str | None:
        """The code of a registration. Raises NoAdditionalInformation."""
        if self.information is None:
            raise NoAdditionalInformation("the event says nothing about the registration")
        return self.text("registerTypeCode")

    @property
    def reason(self) -> str | None:
        """Why a prisoner was received or released."""
        return self.text("reason")

    @property
    def categories_changed(self) -> frozenset[str]:
        """Which parts of a prisoner's record changed."""
        categories = (self.information or {}).get("categoriesChanged")
        return frozenset(str(one) for one in categories) if isinstance(categories, list) else frozenset()

    @property
    def is_mappa_contact(self) -> bool:
        """Whether a contact event belongs to a MAPPA category, 1 to 4."""
        return _mappa_category(self.information or {}) in {1, 2, 3, 4}

    @property
    def is_completed_assessment(self) -> bool:
        """Whether the assessment that ``detailUrl`` leads to is complete."""
        return self.detail_url is not None and self.detail_url.rpartition("/")[2] == "COMPLETE"

    def text(self, name: str) -> str | None:
        """A field of the additional information."""
        return _text((self.information or {}).get(name), name)

    @property
    def question(self) -> Question:
        """What has to be found out about the person."""
        return Question(self.crn, self.prison_number, self.prison_id is None, self.occurred_at)

    def prison(self, person: Person) -> str | None:
        """Where it happened: named by the event, else the prisoner's prison, else the prison of the location."""
        if self.prison_id is not None:
            return self.prison_id
        if self.prison_number is not None:
            return person.prison_id
        found = _LEADING_CAPITALS.match(self.text("key") or "")
        return found[1] if found else None


_TEXTS = frozenset({
    "registerTypeCode", "registerTypeDescription", "nomsNumber", "prisonerId", "prisonerNumber", "prisonId", "reason",
    "contactPersonId", "reference", "key", "contactId", "removedNomsNumber", "alertCode",
})  # fmt: skip


def read_change(
    source: UUID, event_type: str, occurred_at: datetime, *, reference: object, information: object,
    prison_id: object, prisoner_id: object, detail_url: object,
) -> Change:  # fmt: skip
    """The change in a domain event. Raises Malformed."""
    known = _information(information)
    identifiers = _identifiers(reference)
    numbers = [value for kind, value in identifiers if kind in NOMS_TYPES]
    numbers += [value for name in ("nomsNumber", "prisonerId", "prisonerNumber") if (value := _of(known, name))]
    numbers += [value for value in [_text(prisoner_id, "prisonerId")] if value]
    return Change(
        source=source,
        event_type=event_type,
        occurred_at=occurred_at,
        crn=next((value for kind, value in identifiers if kind == "CRN"), None),
        prison_number=numbers[0] if numbers else None,
        prison_id=_text(prison_id, "prisonId") or _of(known, "prisonId"),
        detail_url=_text(detail_url, "detailUrl"),
        information=known,
    )


def _of(information: Mapping[str, object] | None, name: str) -> str | None:
    return _text((information or {}).get(name), name)


def _information(value: object) -> Mapping[str, object] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise Malformed("additionalInformation is not an object")
    for name, one in value.items():
        if name in _TEXTS:
            _text(one, name)
    categories = value.get("categoriesChanged")
    if categories is not None and not isinstance(categories, list):
        raise Malformed("categoriesChanged is not a list")
    for one in categories or []:
        _text(one, "categoriesChanged")
    _mappa_category(value)
    return value


def _identifiers(reference: object) -> list[tuple[str, str]]:
    if reference is None:
        return []
    identifiers = reference.get("identifiers") if isinstance(reference, Mapping) else None
    if not isinstance(identifiers, list):
        raise Malformed("personReference has no list of identifiers")
    found = []
    for one in identifiers:
        kind, value = (one.get("type"), one.get("value")) if isinstance(one, Mapping) else (None, None)
        texts = _text(kind, "identifiers.type"), _text(value, "identifiers.value")
        if texts[0] is None or texts[1] is None:
            raise Malformed("an identifier lacks its type or value")
        found.append((texts[0], texts[1]))
    return [(kind, value) for kind, value in found if value]


def _text(value: object, name: str) -> str | None:
    """Text as it is; numbers and truth values as JSON writes them."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Malformed(f"{name} is not text")


def _mappa_category(information: Mapping[str, object]) -> int | None:
    nested = information.get("mappa")
    if nested is not None and not isinstance(nested, Mapping):
        raise Malformed("mappa is not an object")
    value = nested.get("category") if isinstance(nested, Mapping) else information.get("mappa.category")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    raise Malformed("mappa.category is not a number")


@dataclass(frozen=True)
class Plan:
    """What is told because of a change, and what should be and cannot."""

    change: Change
    notifications: Sequence[Notification] = ()
    refusals: Sequence[Refusal] = ()


def plan(change: Change, types: Sequence[EventType], person: Person) -> Plan:
    """What is told because of a change. One type that cannot be told does not take the others with it.

    Raises NothingCanBeTold when nothing can be told for want of an identifier.
    """
    made: list[Notification] = []
    refused: list[Refusal] = []
    fatal: list[str] = []
    for one in types:
        try:
            made.append(_notification(change, one, person))
        except Unfit as error:
            refused.append(Refusal(change.source, change.event_type, one.name, error.reason))
            fatal += [error.reason] * error.fatal
    if fatal and not made:
        raise NothingCanBeTold(fatal[0])
    return Plan(change, made, refused)


def _notification(change: Change, kind: EventType, person: Person) -> Notification:
    hmpps_id, prison_id = person.hmpps_id, change.prison(person)
    if kind.name == "PRISONER_MERGED":
        hmpps_id = change.text("removedNomsNumber")
        if not hmpps_id:
            raise Unfit("removed-noms-number-missing", fatal=True)
    if not hmpps_id and "{hmppsId}" in kind.path:
        raise Unfit("identifier-not-found", fatal=True)
    values = {
        "hmppsId": hmpps_id,
        "prisonId": prison_id,
        "contactId": change.text("contactPersonId"),
        "visitReference": change.text("reference"),
        "locationKey": change.text("key"),
        "contactEventId": change.text("contactId"),
    }
    path = "/" + fill(kind.path, values)
    return Notification(hmpps_id, kind.name, path, prison_id, person.supervision_status, (change.source,))


def fill(template: str, values: Mapping[str, str | None]) -> str:
    """The path with every placeholder replaced, percent-encoded. Raises Unfit."""

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        value = values[name]
        if not value:
            raise Unfit(f"{name}-missing")
        if len(value) > MAX_VALUE or _UNFIT.search(value):
            raise Unfit(f"{name}-invalid")
        return value if _PLAIN.fullmatch(value) else quote(value, safe="")

    return _PLACEHOLDER.sub(value_of, template)
