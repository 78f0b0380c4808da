"""Alerts: what staff must know about a prisoner. Source of the rules: ministryofjustice/hmpps-alerts-api."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from throughcare.kit.errors import BadRequest, Conflict, NotFound
from throughcare.services.prison.reference.model import AlertCode, alert_codes


class AlertNotFound(NotFound):
    """There is no such alert, or it was deleted (404)."""

    code = "ALERT_NOT_FOUND"
    title = "There is no alert with this id"


class AlertExists(Conflict):
    """The prisoner has an active alert with this code (409)."""

    code = "ALERT_EXISTS"
    title = "The prisoner has an active alert with this code already"


class AlertCodeNotUsable(BadRequest):
    """The alert code is not known, or no longer used (400)."""

    code = "ALERT_CODE_NOT_USABLE"
    title = "The alert code is not known or no longer used"


class AlertDatesNotValid(BadRequest):
    """The alert would end before it begins (400)."""

    code = "ALERT_DATES_NOT_VALID"
    title = "An alert cannot end before it begins"


@dataclass(frozen=True)
class Stamp:
    """When something was done, and by whom."""

    at: datetime
    by: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert of a prisoner. It is active from ``active_from`` until the day before ``active_to``.

    ``made_active_at`` and ``made_inactive_at`` say when that was announced.
    """

    id: UUID
    prisoner_number: str
    code: str
    description: str | None
    authorised_by: str | None
    active_from: date
    active_to: date | None
    prison_id: str | None
    created: Stamp
    modified: Stamp | None = None
    active_to_set: Stamp | None = None
    made_active_at: datetime | None = None
    made_inactive: Stamp | None = None
    deleted: Stamp | None = None
    version: int = 1

    def active_on(self, day: date) -> bool:
        """Whether it is in force on ``day``."""
        return self.active_from <= day and not self.ended_on(day)

    def ended_on(self, day: date) -> bool:
        """Whether its end has come by ``day``."""
        return self.active_to is not None and self.active_to <= day

    def revised(
        self, *, description: str | None, authorised_by: str | None, active_from: date | None,
        active_to: date | None, by: Stamp, today: date,
    ) -> Self:  # fmt: skip
        """The alert with what a request says of it. Raises AlertDatesNotValid."""
        begins = active_from or self.active_from
        check_dates(begins, active_to)
        changed = replace(
            self, description=description, authorised_by=authorised_by, active_from=begins,
            active_to=active_to, modified=by,
            active_to_set=by if active_to != self.active_to else self.active_to_set,
        )  # fmt: skip
        return changed.announced(by, today)

    def announced(self, by: Stamp, today: date) -> Self:
        """The alert with its beginning and end marked as made known if they have come by ``today``."""
        ended = self.ended_on(today)
        return replace(
            self,
            made_active_at=(self.made_active_at or by.at) if self.active_from <= today else None,
            made_inactive=(self.made_inactive or by) if ended else None,
        )

    def same_content(self, other: Alert) -> bool:
        """Whether nothing that people read differs."""
        mine = (self.description, self.authorised_by, self.active_from, self.active_to)
        return mine == (other.description, other.authorised_by, other.active_from, other.active_to)


def check_dates(active_from: date, active_to: date | None) -> None:
    """Let dates pass that are in order. Raises AlertDatesNotValid."""
    if active_to is not None and active_to < active_from:
        raise AlertDatesNotValid


def usable_code(code: str, *, allow_inactive: bool) -> AlertCode:
    """The alert code. Raises AlertCodeNotUsable when it is unknown, or inactive and that is not allowed."""
    known = alert_codes().get(code)
    if known is None or not (known.active or allow_inactive):
        raise AlertCodeNotUsable
    return known
