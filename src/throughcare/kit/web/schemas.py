"""Models of what goes over the wire."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic.alias_generators import to_camel

_DAY, _MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?")


class Wire(BaseModel):
    """camelCase outside, snake_case inside. Unknown fields of a request are ignored, as the originals do."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


def _day(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("a date is written like 2024-03-04")


def _moment(value: object) -> object:
    if isinstance(value, date) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return value
    raise ValueError("a date and time are written like 2024-03-04T09:30:00")


# For requests: a number is no date. Left alone, pydantic would count seconds from 1970.
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]

# For answers in the manner of the originals: London's time without a zone, which the format date-time would demand.
LocalDateTime = Annotated[
    datetime,
    WithJsonSchema(
        {"type": "string", "description": "London's time, without a zone", "examples": ["2024-03-04T09:30:00"]}
    ),
]
LocalClock = Annotated[
    time, WithJsonSchema({"type": "string", "description": "London's time of day", "examples": ["09:30:00"]})
]
