"""The kinds of answers that forms ask for, beyond those of WTForms: each knows what is wrong with it, and where."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from enum import Enum
from hashlib import sha256
from typing import Any

from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from throughcare.kit.web.wording import counted, day

LONGEST_LINE, LONGEST_TEXT = 250, 4_000
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST_YEAR, LATEST_YEAR = 2000, 9999
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}")
_BETWEEN_DIGITS = re.compile(r"[\s()-]")

Validators = Sequence[Callable[[Any, Any], None]]


def trimmed(text: object) -> str:
    """The text without white space around it; a line break counts as one character, as the services count it."""
    return ("" if text is None else str(text)).replace("\r\n", "\n").strip()


def _checks(required: str, longest: int, what: str, more: Validators) -> list[Callable[[Any, Any], None]]:
    first = [DataRequired(required)] if required else []
    too_long = f"{what} must be {longest:,} characters or fewer"
    return [*first, *more, Length(max=longest, message=too_long)]


class Line(StringField):
    """One line of text. ``required`` is the error when it is empty, ``what`` its name at the start of a sentence."""

    def __init__(
        self, *, what: str, required: str = "", longest: int = LONGEST_LINE, checks: Validators = (), **o: Any
    ):
        super().__init__(validators=_checks(required, longest, what, checks), filters=[trimmed], **o)


class Text(TextAreaField):
    """Text of several lines, of at most ``longest`` characters as the service counts them."""

    def __init__(
        self, *, what: str, required: str = "", longest: int = LONGEST_TEXT, checks: Validators = (), **o: Any
    ):
        super().__init__(validators=_checks(required, longest, what, checks), filters=[trimmed], **o)
        self.longest = longest


class _Chosen:
    """What choices have in common: an answer that was not offered counts as none."""

    required: str
    choices: Any

    def offered(self) -> set[str]:
        """The values that can be chosen."""
        return {str(value) for value, *_ in self.choices or ()}


class Choice(_Chosen, RadioField):
    """One of several answers; set ``choices`` as pairs of value and text."""

    def __init__(self, *, required: str, checks: Validators = (), choices: Sequence[tuple[str, str]] = (), **o: Any):
        super().__init__(validators=list(checks), **o)
        self.required, self.choices = required, list(choices)

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation unless one was chosen."""
        if self.data not in self.offered():
            self.data = None
            if not any(isinstance(check, When) for check in self.validators):
                raise StopValidation(self.required)


class Pick(_Chosen, SelectField):
    """One of many answers, in a list that can be searched by typing where scripts run."""

    def __init__(self, *, required: str = "", choices: Sequence[tuple[str, str]] = (), wrong: str = "", **o: Any):
        super().__init__(**o)
        self.required, self.wrong, self.choices = required, wrong or required, list(choices)

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation unless one was chosen, or none need be."""
        depends = [check for check in self.validators if isinstance(check, When)]
        if self.data and self.data not in self.offered() and all(one.applies(form) for one in depends):
            raise StopValidation(self.wrong)
        if not self.data and self.required and not depends:
            raise StopValidation(self.required)


class Several(_Chosen, SelectMultipleField):
    """Any number of answers, at least one when ``required`` says so."""

    def __init__(self, *, required: str = "", choices: Sequence[tuple[str, str]] = (), **o: Any):
        super().__init__(**o)
        self.required, self.choices = required, list(choices)

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation when none was chosen that is offered."""
        offered = self.offered()
        self.data = [one for one in self.data or () if one in offered]
        if self.required and not self.data:
            raise StopValidation(self.required)


class Parts(Field):
    """An answer in several boxes, ``names`` at the end of the field's own name; ``data`` is what they say together."""

    names: tuple[str, ...] = ()

    def __init__(self, *, what: str, required: bool = True, checks: Validators = (), **o: Any):
        super().__init__(validators=list(checks), **o)
        self.what, self.required, self.faulty = what, required, self.names[0]
        self.typed: Mapping[str, str] = {}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was typed into the boxes, or else show ``data``."""
        data = None if data is unset_value else data
        self.process_errors, self.object_data, self.data = [], data, data
        named = {one: f"{self.name}-{one}" for one in self.names}
        sent = formdata is not None and any(name in formdata for name in named.values())
        if not sent:
            self.typed = self.taken_apart(data) if data is not None else {}
            return
        self.typed = {one: trimmed(formdata.get(name, "")) for one, name in named.items()}
        self.data = None

    def pre_validate(self, form: Any) -> None:
        """Put the boxes together. Raises StopValidation with the first thing that is wrong."""
        if not any(self.typed.values()) and not self.required:
            self.data = None
            raise StopValidation
        if not any(isinstance(one, When) and not one.applies(form) for one in self.validators):
            self.data = self.put_together()

    @property
    def link(self) -> str:
        """The id of the box that is at fault."""
        return f"{self.id}-{self.faulty}"

    def wrong(self, part: str, problem: str) -> StopValidation:
        """The error that ``part`` is to blame for."""
        self.faulty = part
        return StopValidation(f"{self.what} {problem}")

    def taken_apart(self, data: Any) -> Mapping[str, str]:
        """What stands in each box for ``data``."""
        raise NotImplementedError

    def put_together(self) -> Any:
        """What the boxes say. Raises StopValidation."""
        raise NotImplementedError


class Day(Parts):
    """A date in three boxes; a month may be a number or a name."""

    names = ("day", "month", "year")

    def taken_apart(self, data: Any) -> Mapping[str, str]:
        """Day, month and year of a date."""
        return {"day": str(data.day), "month": str(data.month), "year": str(data.year)}

    def put_together(self) -> date:
        """The date. Raises StopValidation."""
        for part in self.names:
            if not self.typed.get(part):
                raise self.wrong(part, f"must include a {part}")
        month = self.typed["month"].lower()[:3]
        number = str(MONTHS.index(month) + 1) if month in MONTHS else self.typed["month"]
        try:
            day, which, year = (
                int(one) if one.isascii() else 0 for one in (self.typed["day"], number, self.typed["year"])
            )
            found = date(year, which, day)
        except ValueError:
            raise self.wrong("day", "must be a real date") from None
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise self.wrong("year", "must be a real date")
        return found


class ClockTime(Parts):
    """A time of day on a clock of twelve hours."""

    names = ("hour", "minute", "part-of-day")

    def taken_apart(self, data: Any) -> Mapping[str, str]:
        """Hour, minute and half of the day."""
        half = "am" if data.hour < 12 else "pm"
        return {"hour": str(data.hour % 12 or 12), "minute": f"{data.minute:02}", "part-of-day": half}

    def put_together(self) -> time:
        """The time. Raises StopValidation."""
        for part in ("hour", "minute"):
            if not self.typed.get(part):
                raise self.wrong(part, f"must include {'an hour' if part == 'hour' else 'a minute'}")
        half = self.typed.get("part-of-day")
        if half not in {"am", "pm"}:
            self.faulty = "part-of-day"
            raise StopValidation("Select AM or PM")
        hour, minute = self.typed["hour"], self.typed["minute"]
        if not (hour.isascii() and hour.isdecimal() and 1 <= int(hour[:4]) <= 12):
            raise self.wrong("hour", "must be a real time")
        if not (minute.isascii() and minute.isdecimal() and int(minute[:4]) <= 59):
            raise self.wrong("minute", "must be a real time")
        return time(int(hour) % 12 + (12 if half == "pm" else 0), int(minute))


class Minutes(Parts):
    """A length of time in hours and minutes; ``data`` is in minutes."""

    names = ("hours", "minutes")

    def taken_apart(self, data: Any) -> Mapping[str, str]:
        """Hours and minutes."""
        return {"hours": str(data // 60 or ""), "minutes": str(data % 60 or "")}

    def put_together(self) -> int:
        """The minutes. Raises StopValidation."""
        if not any(self.typed.values()):
            raise StopValidation("Enter how long the session lasts")
        for part in self.names:
            said = self.typed.get(part) or "0"
            if not (said.isascii() and said.isdecimal() and len(said) <= 4):
                self.faulty = part
                raise StopValidation("Enter a real duration")
        total = int(self.typed.get("hours") or 0) * 60 + int(self.typed.get("minutes") or 0)
        if not total:
            raise StopValidation("Enter a real duration")
        return total


class When:
    """Asks for an answer only while another question (``other``, its name in the form) is answered with ``value``.

    Otherwise whatever was typed is let go. ``message`` is the error when the answer is missing.
    """

    def __init__(self, other: str, value: str, message: str) -> None:
        self.other, self.value, self.message = other, value, message

    def applies(self, form: Any) -> bool:
        """Whether the question is asked."""
        chosen = form[self.other].data
        return self.value in chosen if isinstance(chosen, list) else chosen == self.value

    def __call__(self, form: Any, field: Any) -> None:
        """Raises StopValidation."""
        if not self.applies(form):
            field.data = None if isinstance(field, Parts) else ""
            field.errors = []
            raise StopValidation
        if self.message and not field.data:
            raise StopValidation(self.message)


def whole_number(lowest: int, highest: int, *, wrong: str, too_many: str) -> Callable[[Any, Any], None]:
    """Checks that a line holds a whole number; decimals and words get ``wrong``, too large ones ``too_many``."""

    def check(_form: Any, field: Any) -> None:
        said = field.data
        if not (said.isascii() and said.isdecimal()) or int(said[:9]) < lowest:
            raise ValidationError(wrong)
        if int(said[:9]) > highest or len(said) > 9:
            raise ValidationError(too_many)

    return check


def phone_number(message: str = "Enter a phone number, like 0114 496 0000") -> Callable[[Any, Any], None]:
    """Checks a telephone number, which may have spaces, brackets and hyphens; an empty line is left alone."""

    def check(_form: Any, field: Any) -> None:
        if field.data and not _PHONE.fullmatch(_BETWEEN_DIGITS.sub("", field.data)):
            raise ValidationError(message)

    return check


def email_address(*, official: bool = False) -> Callable[[Any, Any], None]:
    """Checks an email address, with ``official`` one that ends gov.uk; an empty line is left alone."""

    def check(_form: Any, field: Any) -> None:
        if not field.data:
            return
        if not _EMAIL.fullmatch(field.data):
            raise ValidationError("Enter an email address in the correct format, like name@justice.gov.uk")
        if official and not field.data.lower().endswith((".gov.uk", "@gov.uk")):
            raise ValidationError("Enter an email address that ends gov.uk")

    return check


def postcode(message: str = "Enter a full UK postcode") -> Callable[[Any, Any], None]:
    """Checks a postcode, whose spaces and case do not matter."""

    def check(_form: Any, field: Any) -> None:
        if field.data and not _POSTCODE.fullmatch("".join(field.data.split()).upper()):
            raise ValidationError(message)

    return check


def plain(value: Any) -> str | list[str]:
    """An answer as text, the same whether it comes from a form or from a service; several answers in one order."""
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(plain(one)) for one in value) or ""
    return trimmed(value.value if isinstance(value, Enum) else value)


def fingerprint(answers: Mapping[str, Any]) -> str:
    """What stands for these answers: the same as long as they are, whether or not empty ones are named."""
    said = json.dumps({name: plain(value) for name, value in answers.items() if plain(value)}, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:32]


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names of the answers of ``one`` that are others in ``other``."""
    return [name for name, value in one.items() if plain(value) != plain(other[name])]


def told(field: Any, value: Any) -> str:
    """An answer of a field in words, as its page would offer it."""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, time):
        return f"{value.hour % 12 or 12}:{value.minute:02}{'am' if value.hour < 12 else 'pm'}"
    if isinstance(field, Minutes) and value:
        return counted(value, "minute")
    offered = {str(one): str(text) for one, text, *_ in getattr(field, "choices", None) or ()}
    said = plain(value)
    return "\n".join(offered.get(one, one) for one in ([said] if isinstance(said, str) else said)) or "Nothing"
