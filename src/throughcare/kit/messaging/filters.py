"""SNS filter policies on string attributes: which messages of a topic a queue is handed.

The rules are those of the SNS Developer Guide, "Amazon SNS subscription filter policies": every key of a
policy must be satisfied, by any one of its conditions. Conditions: a string (equal), ``{"prefix": …}``,
``{"suffix": …}``, ``{"anything-but": value | [values] | {"prefix": …}}`` and ``{"exists": true | false}``.
Attributes are strings here, so that SNS's numeric conditions are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Policy = Mapping[str, Sequence[object]]
Matches = Callable[[Mapping[str, str]], bool]
_Condition = Callable[[str | None], bool]

_OPERATORS = ("prefix", "suffix", "anything-but", "exists")


def compile_policy(policy: Policy) -> Matches:
    """A function that tells whether a message with the given attributes matches. An empty policy matches all.

    Raises ValueError, naming the key, for an unknown operator, an empty list or a value that is not text.
    """
    keys = [(key, _any_of(key, conditions)) for key, conditions in policy.items()]
    if len(keys) == 1:
        [(only, satisfied)] = keys
        return lambda attributes: satisfied(attributes.get(only))
    return lambda attributes: all(satisfied(attributes.get(key)) for key, satisfied in keys)


def validate_policy(policy: Policy) -> None:
    """Raise ValueError, naming the key, when ``policy`` is not a filter policy on string attributes."""
    compile_policy(policy)


def _any_of(key: str, conditions: object) -> _Condition:
    if not isinstance(conditions, list | tuple) or not conditions:
        raise ValueError(f"filter policy: {key} needs a list of one or more conditions")
    equal = frozenset(one for one in conditions if isinstance(one, str))
    others = tuple(_condition(key, one) for one in conditions if not isinstance(one, str))
    if not others:
        return lambda value: value in equal
    return lambda value: value in equal or any(holds(value) for holds in others)


def _condition(key: str, condition: object) -> _Condition:
    match condition:
        case {"prefix": str(prefix), **rest} if prefix and not rest:
            return lambda value: value is not None and value.startswith(prefix)
        case {"suffix": str(suffix), **rest} if suffix and not rest:
            return lambda value: value is not None and value.endswith(suffix)
        case {"exists": bool(wanted), **rest} if not rest:
            return lambda value: (value is not None) is wanted
        case {"anything-but": unwanted, **rest} if not rest:
            return _anything_but(key, unwanted)
        case {**operators} if operators and not set(operators) <= set(_OPERATORS):
            raise ValueError(f"filter policy: {key} has an unknown operator; known are {', '.join(_OPERATORS)}")
        case _:
            raise ValueError(
                f"filter policy: {key} has a condition that is neither text nor one operator with its value"
            )


def _anything_but(key: str, unwanted: object) -> _Condition:
    match unwanted:
        case str(text):
            return lambda value: value is not None and value != text
        case [*texts] if texts and all(isinstance(text, str) for text in texts):
            refused = frozenset(texts)
            return lambda value: value is not None and value not in refused
        case {"prefix": str(prefix), **rest} if prefix and not rest:
            return lambda value: value is not None and not value.startswith(prefix)
        case _:
            raise ValueError(f"filter policy: {key} has anything-but without a value, a list of values or a prefix")
