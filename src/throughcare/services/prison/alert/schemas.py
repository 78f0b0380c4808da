"""Alerts as they go over the wire, in the shape of hmpps-alerts-api."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from throughcare.kit.clock import london
from throughcare.kit.web.schemas import Day, LocalDateTime, Wire
from throughcare.services.prison.alert.model import Alert
from throughcare.services.prison.reference.model import AlertCode, AlertType, alert_codes, alert_types


class CreateAlert(Wire):
    """An alert to be created; it begins today unless another day is given."""

    alert_code: str = Field(min_length=1, max_length=12)
    description: str | None = Field(None, max_length=4000)
    authorised_by: str | None = Field(None, max_length=40)
    active_from: Day | None = None
    active_to: Day | None = None


class UpdateAlert(Wire):
    """What an alert shall say from now on; it keeps its beginning when none is given."""

    description: str | None = Field(None, max_length=4000)
    authorised_by: str | None = Field(None, max_length=40)
    active_from: Day | None = None
    active_to: Day | None = None


class AlertQuery(Wire):
    """Which of a prisoner's alerts are asked for; types and codes are separated by commas."""

    is_active: bool | None = None
    alert_type: str | None = Field(None, max_length=500)
    alert_code: str | None = Field(None, max_length=500)
    active_from_start: Day | None = None
    active_from_end: Day | None = None
    search: str | None = Field(None, max_length=200)

    @property
    def codes(self) -> frozenset[str] | None:
        """The alert codes that pass both filters; None when neither is given."""
        if self.alert_type is None and self.alert_code is None:
            return None
        passing = list(alert_codes().values())
        if self.alert_type is not None:
            passing = [one for one in passing if one.alert_type in self.alert_type.split(",")]
        if self.alert_code is not None:
            passing = [one for one in passing if one.code in self.alert_code.split(",")]
        return frozenset(one.code for one in passing)


class AlertCodeSummary(Wire):
    """The code of an alert with its type."""

    alert_type_code: str
    alert_type_description: str
    code: str
    description: str
    can_be_administered: bool

    @classmethod
    def of(cls, code: str) -> AlertCodeSummary:
        """The summary of a code on the list."""
        known = alert_codes()[code]
        return cls(
            alert_type_code=known.alert_type,
            alert_type_description=alert_types()[known.alert_type].description, code=known.code,
            description=known.description, can_be_administered=known.active,
        )  # fmt: skip


class AlertOut(Wire):
    """An alert of a prisoner; times are London's, without a zone."""

    alert_uuid: UUID
    prison_number: str
    alert_code: AlertCodeSummary
    description: str | None
    authorised_by: str | None
    active_from: date
    active_to: date | None
    is_active: bool
    created_at: LocalDateTime
    created_by: str
    created_by_display_name: str
    last_modified_at: LocalDateTime | None
    last_modified_by: str | None
    last_modified_by_display_name: str | None
    active_to_last_set_at: LocalDateTime | None
    active_to_last_set_by: str | None
    active_to_last_set_by_display_name: str | None
    made_inactive_at: LocalDateTime | None
    made_inactive_by: str | None
    made_inactive_by_display_name: str | None
    prison_code_when_created: str | None

    @classmethod
    def of(cls, one: Alert, today: date) -> AlertOut:
        """The alert as it goes out, as it stands ``today``."""
        modified, ended, inactive = one.modified, one.active_to_set, one.made_inactive
        return cls(
            alert_uuid=one.id, prison_number=one.prisoner_number, alert_code=AlertCodeSummary.of(one.code),
            description=one.description, authorised_by=one.authorised_by, active_from=one.active_from,
            active_to=one.active_to, is_active=one.active_on(today), prison_code_when_created=one.prison_id,
            created_at=_local(one.created.at), created_by=one.created.by,
            created_by_display_name=one.created.name,
            last_modified_at=modified and _local(modified.at), last_modified_by=modified and modified.by,
            last_modified_by_display_name=modified and modified.name,
            active_to_last_set_at=ended and _local(ended.at), active_to_last_set_by=ended and ended.by,
            active_to_last_set_by_display_name=ended and ended.name,
            made_inactive_at=inactive and _local(inactive.at), made_inactive_by=inactive and inactive.by,
            made_inactive_by_display_name=inactive and inactive.name,
        )  # fmt: skip


class AlertsOut(Wire):
    """The alerts of many prisoners."""

    content: list[AlertOut]


class AlertCodeOut(Wire):
    """An alert code on its list."""

    alert_type_code: str
    code: str
    description: str
    list_sequence: int
    is_active: bool

    @classmethod
    def of(cls, one: AlertCode) -> AlertCodeOut:
        """The code as it goes out."""
        return cls(
            alert_type_code=one.alert_type, code=one.code, description=one.description,
            list_sequence=one.sequence, is_active=one.active,
        )  # fmt: skip


class AlertTypeOut(Wire):
    """An alert type with its codes."""

    code: str
    description: str
    list_sequence: int
    is_active: bool
    alert_codes: list[AlertCodeOut]

    @classmethod
    def of(cls, one: AlertType, *, include_inactive: bool) -> AlertTypeOut:
        """The type as it goes out, with its codes that are in use or with all."""
        own = [code for code in alert_codes().values() if code.alert_type == one.code]
        return cls(
            code=one.code, description=one.description, list_sequence=one.sequence, is_active=one.active,
            alert_codes=[AlertCodeOut.of(code) for code in own if code.active or include_inactive],
        )  # fmt: skip


def _local(moment: datetime) -> datetime:
    return london(moment).replace(tzinfo=None)
