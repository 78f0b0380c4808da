"""What is wrong with the form of a request, as the Notify API tells it."""

from __future__ import annotations

from pydantic import ValidationError

from throughcare.services.notify.refusal.model import Problem, invalid


def problems_of(error: ValidationError) -> list[Problem]:
    """One problem for each finding of pydantic, naming the field and never its value."""
    found = []
    for one in error.errors(include_url=False, include_input=False):
        name = str(one["loc"][0])[:100]
        kind = one["type"]
        if kind == "missing":
            message = f"{name} is a required property"
        elif kind == "extra_forbidden":
            message = f"Additional properties are not allowed ({name} was unexpected)"
        elif kind.startswith("uuid"):
            message = f"{name} is not a valid UUID"
        else:
            message = f"{name} {one['msg'].removeprefix('Value error, ')}"
        found.append(invalid(message))
    return list(dict.fromkeys(found))
