"""Placeholders and the values that fill them.

The rules are those of GOV.UK Notify (docs.notifications.service.gov.uk, "personalisation", and its public
``notifications-utils``): ``((name))`` is replaced, ``((name??text))`` is kept or dropped, names are compared
without regard to case, spaces, hyphens and underscores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from throughcare.services.notify.refusal.model import Problem

_PLACEHOLDER = re.compile(r"\(\(([^()]+)\)\)")
_IGNORED_IN_NAMES = str.maketrans("", "", " _-")
_YES = frozenset({"yes", "y", "true", "t", "1", "include", "show"})
_INVISIBLE = str.maketrans("", "", "\u180e\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\u00a0\u202f")
_LINK = re.compile(r"\b(?<![@.])(?:https?://)?(?:[\w-]+\.)+[a-z]{2,63}(?!@)\b(?:[/?#][^<\s]*)?", re.IGNORECASE)
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+", re.IGNORECASE)
_MARKDOWN = re.compile(r"([`*_()\\{}\[\]<>#+\-.!|])")
_FILE_FIELDS = frozenset({"file", "is_csv", "filename", "confirm_email_before_download", "retention_period"})
_WEEKS = re.compile(r"(\d{1,3}) weeks?")


def same_name(name: str) -> str:
    """The form in which names are compared: ``First name``, ``first_name`` and ``FIRST-NAME`` agree."""
    return name.translate(_IGNORED_IN_NAMES).lower()


def placeholders(*texts: str) -> tuple[str, ...]:
    """The names that ``texts`` ask for, as first written and in the order of appearance."""
    names: dict[str, str] = {}
    for text in texts:
        for body in _PLACEHOLDER.findall(text):
            name = body.split("??", 1)[0]
            names.setdefault(same_name(name), name)
    return tuple(names.values())


def missing(names: Iterable[str], values: Mapping[str, object]) -> list[str]:
    """Those of ``names`` that have no value; None is no value."""
    given = _by_name(values)
    return [name for name in names if given.get(same_name(name)) is None]


def unknown(names: Iterable[str], values: Mapping[str, object]) -> list[str]:
    """The keys of ``values`` that no placeholder asks for."""
    asked = {same_name(name) for name in names}
    return [key for key in values if same_name(key) not in asked]


def fill(text: str, values: Mapping[str, object], *, bullets: bool = False) -> str:
    """``text`` with every placeholder that has a value replaced; the others stay as they are.

    ``bullets`` sets lists as Markdown bullets; otherwise they read "a, b and c".
    """
    given = _by_name(values)

    def replaced(match: re.Match[str]) -> str:
        name, conditional, kept = match.group(1).partition("??")
        value = given.get(same_name(name))
        if value is None:
            return match.group(0)
        words = as_text(value, bullets=bullets)
        if conditional:
            return kept if words.lower() in _YES else ""
        return words

    return _PLACEHOLDER.sub(replaced, text)


def as_text(value: object, *, bullets: bool = False) -> str:
    """A value as it appears in a message. Empty items of a list are left out; an empty list is empty text."""
    if not isinstance(value, list):
        return str(value)
    items = [shown for one in value if one is not None and (shown := str(one).translate(_INVISIBLE).strip())]
    if not items:
        return ""
    if bullets:
        return "\n\n" + "\n".join(f"* {item}" for item in items)
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def sanitise(value: str) -> str:
    """``value`` made harmless in Markdown: formatting is escaped, links are removed.

    A bare host such as ``gov.uk`` is probably meant as words, so it is only broken up. Nothing of the result
    is rendered as a link.
    """
    without_links = _LINK.sub(lambda match: _break_up(match.group()), value).replace("://", ": //")
    return _MARKDOWN.sub(r"\\\1", without_links)


def sanitise_named(values: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """``values`` with the text under ``names`` sanitised. Names are compared as placeholders are."""
    wanted = {same_name(name) for name in names}
    return {
        key: sanitise(value) if same_name(key) in wanted and isinstance(value, str) else value
        for key, value in values.items()
    }


def is_file(value: object) -> bool:
    """Whether ``value`` asks for a file to be sent."""
    return isinstance(value, dict) and "file" in value


def file_problems(value: Mapping[str, object]) -> list[Problem]:
    """What is wrong with a file value: its fields, their types and what they exclude."""
    wrong = [f"Additional properties are not allowed ({name})" for name in value if name not in _FILE_FIELDS]
    if not isinstance(value.get("file"), str):
        wrong.append("file is not of type string")
    if "is_csv" in value and "filename" in value:
        wrong.append("set either is_csv or filename, not both")
    flags = ("is_csv", "confirm_email_before_download")
    wrong += [f"{flag} must be true or false" for flag in flags if not isinstance(value.get(flag), bool | None)]
    filename = value.get("filename")
    if filename is not None and not (isinstance(filename, str) and "." in filename):
        wrong.append("filename must end with a file extension, for example report.csv")
    if not _is_retention_period(value.get("retention_period")):
        wrong.append("retention_period must be from 1 week to 78 weeks")
    return [Problem("ValidationError", message) for message in wrong]


def _is_retention_period(value: object) -> bool:
    if value is None:
        return True
    found = _WEEKS.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    return found is not None and 1 <= int(found.group(1)) <= 78


def _by_name(values: Mapping[str, object]) -> dict[str, object]:
    return {same_name(key): value for key, value in values.items()}


def _break_up(link: str) -> str:
    return link.replace(".", ". ") if _PLAIN_HOST.fullmatch(link) else ""
