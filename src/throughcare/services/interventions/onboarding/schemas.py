"""What the files of an onboarding hold, and onboarding on the wire."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Literal, Self, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from throughcare.kit.web.schemas import Day, Wire
from throughcare.services.interventions.catalogue.model import (
    ComplexityLevel,
    ContractType,
    DesiredOutcome,
    Provider,
    ServiceCategory,
)
from throughcare.services.interventions.onboarding import model


def _instant(value: object) -> object:
    """A moment in UTC, from one with an offset, also where that is hours alone."""
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    raise ValueError("a moment is written like 2024-03-31T23:59:00+00:00")


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("there is a NUL character in it")
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it says nothing")
    return text


T = TypeVar("T")
Prose = Annotated[str, AfterValidator(_storable)]
Text = Annotated[Prose, AfterValidator(_said)]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9_]{1,30}$")]
Age = Annotated[int, Field(ge=0, le=150, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class _File(BaseModel):
    """What a file holds. A misspelt field would be taken for one that was left out: no other may be there."""

    model_config = ConfigDict(extra="forbid")


class _Provider(_File):
    code: Code
    name: Text


class _Level(_File):
    severity: Literal["LOW", "MEDIUM", "HIGH"]
    description: Text


class _Type(_File):
    contract_type: Text
    contract_code: Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,10}$")]
    service_category: Text
    desired_outcomes: Annotated[list[Text], Field(min_length=1)]
    complexity_levels: Annotated[list[_Level], Field(min_length=1)]

    @model_validator(mode="after")
    def _each_severity_once(self) -> Self:
        severities = [one.severity for one in self.complexity_levels]
        if len(set(severities)) < len(severities):
            raise ValueError("complexity_levels has a severity twice")
        return self

    def records(self) -> tuple[ContractType, ServiceCategory]:
        """The contract type and its category. Their ids follow from the code, so that a file read again is the same."""
        made = f"throughcare:contract-type:{self.contract_code}"
        order = ("LOW", "MEDIUM", "HIGH")
        levels = tuple(
            ComplexityLevel(
                uuid5(NAMESPACE_URL, f"{made}:{one.severity}"), one.severity,
                f"{one.severity.capitalize()} complexity", one.description,
            )
            for one in sorted(self.complexity_levels, key=lambda level: order.index(level.severity))
        )  # fmt: skip
        outcomes = tuple(
            DesiredOutcome(uuid5(NAMESPACE_URL, f"{made}:{text}"), text)
            for text in dict.fromkeys(self.desired_outcomes)
        )
        category_id = uuid5(NAMESPACE_URL, f"{made}:category")
        kind = ContractType(uuid5(NAMESPACE_URL, made), self.contract_code, self.contract_type, (category_id,))
        return kind, ServiceCategory(category_id, self.service_category, levels, outcomes)


class _Region(_File):
    nps_region_code: Text | None = None
    pcc_region_code: Text | None = None


class _Eligibility(_File):
    allows_female: Flag
    allows_male: Flag
    minimum_age: Age
    maximum_age: Age | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.maximum_age is not None and self.maximum_age < self.minimum_age:
            raise ValueError("maximum_age is less than minimum_age")
        return self


class _Scheduling(_File):
    hide_before: Day
    hide_after: Annotated[datetime, BeforeValidator(_instant)] | None = None


class _Providers(_File):
    prime_provider_code: Text
    subcontractor_codes: list[Text]


class _Activity(_File):
    need_area: Prose
    activity: Prose
    delivery_method: Prose
    delivery_location: Prose

    def row(self) -> tuple[str, str, str, str]:
        """Need, method, place and activity."""
        return self.need_area, self.delivery_method, self.delivery_location, self.activity


class _Contract(_File):
    internal_contract_id: UUID
    contract_reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,30}$")]
    contract_type_id: Text
    incoming_distribution_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    region: _Region
    eligibility: _Eligibility
    scheduling: _Scheduling
    providers: _Providers
    internal_intervention_id: UUID
    intervention_title: Text
    short_description: Prose | None = None
    activities: list[_Activity] | None = None

    def terms(self, file: str) -> model.Terms:
        """What the file says, with what holds where it says nothing."""
        eligibility, scheduling, providers = self.eligibility, self.scheduling, self.providers
        return model.Terms(
            file, self.internal_contract_id, self.contract_reference, self.contract_type_id,
            self.region.nps_region_code, self.region.pcc_region_code, eligibility.minimum_age,
            eligibility.maximum_age, eligibility.allows_female, eligibility.allows_male, scheduling.hide_before,
            scheduling.hide_after or model.NO_END, providers.prime_provider_code,
            tuple(sorted(set(providers.subcontractor_codes))), self.internal_intervention_id,
            self.intervention_title, model.describe(self.short_description, map(_Activity.row, self.activities or ())),
            self.incoming_distribution_email,
        )  # fmt: skip


def _each_once(names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise ValueError(f"{', '.join(twice)}: there more than once")


def _providers_once(providers: list[_Provider]) -> list[_Provider]:
    _each_once(one.code for one in providers)
    return providers


def _types_once(types: list[_Type]) -> list[_Type]:
    _each_once(one.contract_code for one in types)
    return types


PROVIDERS = TypeAdapter(Annotated[list[_Provider], AfterValidator(_providers_once)])
TYPES = TypeAdapter(Annotated[list[_Type], AfterValidator(_types_once)])
CONTRACT = TypeAdapter(_Contract)


class MalformedFile(ValueError):
    """A file is not what it must be; ``wrong`` says everything that is not right in it."""

    def __init__(self, file: str, wrong: Sequence[model.Wrong]) -> None:
        self.file, self.wrong = file, tuple(wrong)
        super().__init__(f"{file}: {'; '.join(f'{one.field}: {one.message}' for one in wrong)}")


def _read(kind: TypeAdapter[T], file: str, text: str) -> T:
    try:
        return kind.validate_json(text)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = [
            model.Wrong(".".join(map(str, one["loc"])) or "the file", one["msg"].removeprefix("Value error, "))
            for one in found
        ]
        raise MalformedFile(file, wrong) from None


class ContractFile(Wire):
    """The name and the text of a file that holds one contract."""

    name: Annotated[Text, Field(max_length=200)]
    text: str

    def terms(self) -> model.Terms | model.Unreadable:
        """What the file says, or what is wrong in it."""
        try:
            return _read(CONTRACT, self.name, self.text).terms(self.name)
        except MalformedFile as error:
            return model.Unreadable(self.name, error.wrong)


class OnboardContracts(Wire):
    """The texts of the files of an onboarding; only to look at while ``dryRun``, which holds unless said otherwise."""

    providers: Annotated[str, Field(description='providers.json: [{"code", "name"}]')] = "[]"
    contract_details: Annotated[str, Field(description="contractDetails.json: contract types that are new")] = "[]"
    contracts: Annotated[list[ContractFile], Field(max_length=2000)]
    dry_run: bool = True

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        _each_once(one.name for one in self.contracts)
        return self

    def files(self) -> model.Files:
        """What the files say. Raises MalformedFile for those that no contract is in."""
        texts = {model.PROVIDERS: self.providers, model.TYPES: self.contract_details}
        texts |= {one.name: one.text for one in self.contracts}
        return model.Files(
            tuple(Provider(one.code, one.name) for one in _read(PROVIDERS, model.PROVIDERS, self.providers)),
            tuple(one.records() for one in _read(TYPES, model.TYPES, self.contract_details)),
            tuple(one.terms() for one in self.contracts),
            {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()},
        )


Held = str | int | bool | list[str] | None


class CreatedRecord(Wire):
    """A record that was not there, and what it holds."""

    kind: str
    name: str
    file: str
    holds: dict[str, Held]


class ChangedField(Wire):
    """A field of a contract, as it was and as it is to be."""

    contract: str
    file: str
    field: str
    old: Held
    new: Held


class SkippedRecord(Wire):
    """Something that a file says and that is left as it was."""

    kind: str
    name: str
    file: str
    why: str


class WrongField(Wire):
    """One thing that is wrong in a file."""

    field: str
    message: str


class RefusedFile(Wire):
    """A file of which nothing is done."""

    file: str
    contract: str | None
    wrong: list[WrongField]


class ContractOnboarding(Wire):
    """What was, or would be, done. ``id`` names the entry in the record; None when nothing was changed."""

    id: UUID | None
    created: list[CreatedRecord]
    changed: list[ChangedField]
    skipped: list[SkippedRecord]
    refused: list[RefusedFile]
    unchanged: list[str]

    @classmethod
    def of(cls, plan: model.Plan, onboarding_id: UUID | None) -> Self:
        """The account of a plan."""
        return cls(
            id=onboarding_id, created=[CreatedRecord.model_validate(one) for one in plan.created],
            changed=[ChangedField.model_validate(one) for one in plan.changed],
            skipped=[SkippedRecord.model_validate(one) for one in plan.skipped],
            refused=[RefusedFile.model_validate(one) for one in plan.rejected], unchanged=list(plan.unchanged),
        )  # fmt: skip


class RecordedOnboarding(Wire):
    """An onboarding that was carried out; ``files`` are their SHA-256 by name."""

    id: UUID
    files: dict[str, str]
    created: list[CreatedRecord]
    changed: list[ChangedField]
    carried_out_at: datetime
    carried_out_by: str
