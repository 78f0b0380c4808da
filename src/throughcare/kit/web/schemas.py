"""Models of what goes over the wire."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """camelCase outside, snake_case inside. Unknown fields of a request are ignored, as the originals do."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)
