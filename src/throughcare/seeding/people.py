"""Synthetic people: one seed number, the same person with the same history in every service.

Nobody here exists. Names are drawn from short lists, NOMS numbers and CRNs from ranges set aside for synthetic people
(NOMS numbers that end in ``ZZ`` never occur here, so that the demonstration can make its own).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from throughcare.seeding.names import FIRST_NAMES_FEMALE, FIRST_NAMES_MALE, LAST_NAMES

ETHNICITIES = (("W1", "White: Eng./Welsh/Scot./N.Irish/British"), ("A1", "Asian/Asian British: Indian"),
               ("B1", "Black/Black British: Caribbean"), ("B2", "Black/Black British: African"),
               ("M1", "Mixed: White and Black Caribbean"), ("W9", "White: Any other background"))  # fmt: skip
RELIGIONS = (("NIL", "No Religion"), ("CHRST", "Christian"), ("MOS", "Muslim"), ("SIKH", "Sikh"), ("HIND", "Hindu"))
PRISONS_MALE = ("LEI", "MDI", "WWI", "PVI", "BXI", "LPI", "DMI", "HLI", "BMI", "NSI")
PRISONS_FEMALE = ("NHI", "SDI", "PFI", "BZI", "LNI")
ALERTS = ("HA", "XA", "XEL", "XHT", "RSS", "PEEP", "XVL", "RCON")
REGISTRATIONS = ("RHRH", "RMRH", "RLRH", "WEAP", "RCCO", "RVAD", "MAPP", "WRSM")
RISK_LEVELS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")
PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
SUFFIX_LETTERS = "ACDEFGHJKLMNPQRTVWXY"
SENTENCES = ("ORA Community Order", "ORA Suspended Sentence Order", "CJA - Std Determinate Custody")
OFFENCES = (("Theft", "Shoplifting"), ("Violence", "Common assault and battery"), ("Drugs", "Possession"),
            ("Burglary", "Burglary in a dwelling"), ("Public order", "Affray"))  # fmt: skip


@dataclass(frozen=True)
class SyntheticBooking:
    """A period in custody; ``released_on`` is None while it lasts."""

    prison_id: str
    admitted_on: date
    released_on: date | None
    imprisonment_status: str
    cell: str
    conditional_release_date: date


@dataclass(frozen=True)
class SyntheticSentence:
    """An event (conviction) in the probation record."""

    description: str
    offence_category: str
    offence_sub_category: str
    convicted_on: date
    expected_end: date
    has_rar: bool


@dataclass(frozen=True)
class SyntheticAlias:
    """Another name that somebody has used, with the date of birth that they gave."""

    first_name: str
    last_name: str
    date_of_birth: date


@dataclass(frozen=True)
class SyntheticPerson:
    """A person as all services know them; ``noms`` or ``crn`` is None where prison or probation does not.

    ``manager`` is the user name of the responsible officer, one of the practitioners in ``accounts``.
    """

    number: int
    noms: str | None
    crn: str | None
    pnc: str
    first_name: str
    middle_names: str | None
    last_name: str
    date_of_birth: date
    sex: str
    ethnicity_code: str
    ethnicity: str
    religion_code: str
    religion: str
    bookings: tuple[SyntheticBooking, ...]
    sentence: SyntheticSentence | None
    manager: str | None
    alerts: tuple[str, ...]
    registrations: tuple[str, ...]
    risk_level: str
    limited_access: bool
    aliases: tuple[SyntheticAlias, ...]

    @property
    def in_custody(self) -> bool:
        """Whether the newest booking is still open."""
        return bool(self.bookings) and self.bookings[-1].released_on is None


def synthetic_people(count: int, *, seed: int = 1, today: date, managers: tuple[str, ...]) -> Iterator[SyntheticPerson]:
    """``count`` people, person n being the same whatever the count. ``today`` anchors their histories."""
    for number in range(count):
        person = _person(number, random.Random(f"{seed}:{number}"), today, managers)
        yield replace(person, aliases=_aliases(person, random.Random(f"{seed}:{number}:aliases")))


def noms_number(number: int) -> str:
    """The NOMS number of synthetic person ``number`` (0 ≤ number < 3,999,600)."""
    suffix, digits = divmod(number, 9999)
    first, second = divmod(suffix, len(SUFFIX_LETTERS))
    return f"A{digits + 1:04}{SUFFIX_LETTERS[first]}{SUFFIX_LETTERS[second]}"


def pnc_number(year: int, serial: int) -> str:
    """A PNC identifier with its check letter: two-digit year and serial of seven digits, modulo 23."""
    return f"{year}/{serial:07}{PNC_LETTERS[int(f'{year % 100:02}{serial:07}') % 23]}"


def _person(number: int, chance: random.Random, today: date, managers: tuple[str, ...]) -> SyntheticPerson:
    female = chance.random() < 0.15
    ethnicity, religion = chance.choice(ETHNICITIES), chance.choice(RELIGIONS)
    known_to_prison = number % 10 < 8
    bookings = _bookings(chance, today, female) if known_to_prison else ()
    in_custody = bool(bookings) and bookings[-1].released_on is None
    on_probation = not known_to_prison or not in_custody or chance.random() < 0.5
    return SyntheticPerson(
        number=number,
        noms=noms_number(number) if known_to_prison else None,
        crn=f"X{100_000 + number:06}" if on_probation else None,
        pnc=pnc_number(chance.randint(1995, 2022), chance.randint(1, 9_999_999)),
        first_name=chance.choice(FIRST_NAMES_FEMALE if female else FIRST_NAMES_MALE),
        middle_names=chance.choice(FIRST_NAMES_FEMALE if female else FIRST_NAMES_MALE) if number % 3 == 0 else None,
        last_name=chance.choice(LAST_NAMES),
        date_of_birth=today - timedelta(days=chance.randint(18 * 366, 65 * 365)),
        sex="F" if female else "M",
        ethnicity_code=ethnicity[0], ethnicity=ethnicity[1],
        religion_code=religion[0], religion=religion[1],
        bookings=bookings,
        sentence=_sentence(chance, today) if on_probation else None,
        manager=chance.choice(managers) if on_probation else None,
        alerts=tuple(chance.sample(ALERTS, chance.choice((0, 0, 0, 1, 2)))) if known_to_prison else (),
        registrations=tuple(chance.sample(REGISTRATIONS, chance.choice((0, 0, 1, 2)))) if on_probation else (),
        risk_level=chance.choice(RISK_LEVELS),
        limited_access=on_probation and number % 50 == 49,
        aliases=(),
    )  # fmt: skip


def _aliases(person: SyntheticPerson, chance: random.Random) -> tuple[SyntheticAlias, ...]:
    """One person in five whom the prisons know has used other names, now and then with another date of birth."""
    names = FIRST_NAMES_FEMALE if person.sex == "F" else FIRST_NAMES_MALE
    return tuple(
        SyntheticAlias(
            chance.choice((person.first_name, chance.choice(names))), chance.choice(LAST_NAMES),
            person.date_of_birth + timedelta(days=chance.choice((0, 0, 0, 31, -365))),
        )
        for _ in range(chance.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)) if person.noms else 0)
    )  # fmt: skip


def _bookings(chance: random.Random, today: date, female: bool) -> tuple[SyntheticBooking, ...]:
    prisons = PRISONS_FEMALE if female else PRISONS_MALE
    made = []
    cursor = today - timedelta(days=chance.randint(400, 4000))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        served = timedelta(days=chance.randint(40, 700))
        released = cursor + served
        cell = f"{chance.randint(1, 4)}-{chance.randint(1, 4)}-{chance.randint(1, 30):03}"
        open_now = released >= today
        made.append(
            SyntheticBooking(
                chance.choice(prisons),
                cursor,
                None if open_now else released,
                "ADIMP_ORA",
                cell,
                max(released, today + timedelta(days=30)) if open_now else released,
            )
        )
        cursor = released + timedelta(days=chance.randint(60, 500))
        if open_now or cursor >= today:
            break
    return tuple(made)


def _sentence(chance: random.Random, today: date) -> SyntheticSentence:
    category, sub_category = chance.choice(OFFENCES)
    convicted = today - timedelta(days=chance.randint(30, 600))
    return SyntheticSentence(
        chance.choice(SENTENCES), category, sub_category, convicted,
        today + timedelta(days=chance.randint(180, 900)), chance.random() < 0.8,
    )  # fmt: skip
